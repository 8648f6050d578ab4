import assert from "node:assert/strict";
import { openContents, readText } from "../../lib/project/contents.ts";
import { packageProject } from "../../lib/project/package_project.ts";
import { writeBackendProject } from "../helpers/backend_project.ts";
import { rejects } from "../helpers/rejects.ts";

Deno.test("reads files of a package and of a project alike", async () => {
  await using project = await writeBackendProject();
  const made = await packageProject({ folder: project.folder, output: project.folder });
  for (const path of [project.folder, `${project.folder}/packflow.jsonc`, made.path]) {
    const contents = await openContents(path);
    assert.equal(contents.list.digest, made.digest, path);
    assert.equal(contents.manifest.name, "double");
    assert.equal(await readText(contents, "README.md"), "Doubles");
    assert.equal(await readText(contents, "gone.md"), undefined);
  }
});

Deno.test("holds to the limits", async () => {
  await using project = await writeBackendProject();
  const made = await packageProject({ folder: project.folder, output: project.folder });
  await rejects(() => openContents(made.path, { entries: 2 }), "package.too_large", /at most 2/);
});
