import assert from "node:assert/strict";
import { Manifest } from "../../lib/config/manifest.ts";
import { checkMetadata, checkRecommendedFiles } from "../../lib/project/check_files.ts";
import { writeProject } from "../helpers/project_fixture.ts";

Deno.test("warns of an empty description and of no maintainers", () => {
  const messages = (fields: Record<string, unknown>) =>
    checkMetadata(Manifest.parse({ name: "demo", ...fields })).map(({ message }) =>
      /"(.*?)"/.exec(message)?.[1]
    );
  assert.deepEqual(messages({}), ["description", "maintainers"]);
  assert.deepEqual(messages({ description: "  ", maintainers: [" ", "  "] }), ["description", "maintainers"]);
  assert.deepEqual(messages({ description: "x", maintainers: ["ada"] }), []);
});

Deno.test("warns of recommended files that are missing, empty or the template's", async () => {
  await using project = await writeProject({
    "README.md": "# x\n<!-- packflow-template: ... -->",
    "LICENSE": " \n",
  });
  const found = await checkRecommendedFiles(project.folder);
  assert.deepEqual(found.map(({ severity, code, file, message }) => [severity, code, file, message]), [
    ["warning", "check.recommended_file", "MODEL_CARD.md", 'Expected a file "MODEL_CARD.md": there is none'],
    ["warning", "check.recommended_file", "LICENSE", 'Expected "LICENSE" to say something: it is empty'],
    [
      "warning",
      "check.recommended_file",
      "README.md",
      'Expected "README.md" to be the project\'s own: it is as the template has it',
    ],
  ]);
});

Deno.test("says once which files are the template's", async () => {
  const text = "<!-- packflow-template: ... -->";
  await using project = await writeProject({ "README.md": text, "MODEL_CARD.md": text, "LICENSE": text });
  const found = await checkRecommendedFiles(project.folder);
  assert.deepEqual(found.map(({ file, message }) => [file, message]), [[
    "README.md",
    'Expected "README.md", "MODEL_CARD.md" and "LICENSE" to be the project\'s own: they are as the template has them',
  ]]);
});

Deno.test("takes other names of the same files, and says which cannot be read", async () => {
  await using project = await writeProject({ "README": "x", "MODEL_CARD.md/x": "", "LICENSE.txt": "x" });
  const found = await checkRecommendedFiles(project.folder);
  assert.deepEqual(found.map(({ file, message }) => [file, message]), [
    ["MODEL_CARD.md", 'Cannot read "MODEL_CARD.md": is a directory'],
  ]);
});
