import assert from "node:assert/strict";
import { readManifest } from "../../lib/config/read_manifest.ts";
import { projectEntries } from "../../lib/project/project_entries.ts";
import { writeBackendProject } from "../helpers/backend_project.ts";

Deno.test("gives what a package holds in the order of its bytes, and the project's own files apart", async () => {
  await using project = await writeBackendProject({
    "run.sh": "x",
    "skip.zip": "s",
    ".packflow/sbom.cdx.json": "old",
  });
  await Deno.chmod(`${project.folder}/run.sh`, 0o755);
  const manifest = await readManifest(project.folder);
  const { entries, own, left } = await projectEntries(project.folder, manifest, [
    `${project.folder}/skip.zip`,
  ]);
  const paths = entries.map(({ path }) => path);
  assert.deepEqual(paths, [...paths].sort());
  assert.deepEqual(own.map(({ path }) => path), paths.filter((path) => !path.startsWith(".packflow/")));
  assert.equal(paths.filter((path) => path === ".packflow/sbom.cdx.json").length, 1);
  assert.equal(entries.find(({ path }) => path === "run.sh")?.mode, 0o755);
  assert.equal(paths.includes("skip.zip"), false);
  assert.deepEqual(left.map(({ path }) => path), [".packflow/"]);
});

Deno.test("says which file cannot be read any more", async () => {
  await using project = await writeBackendProject({ "data.txt": "12" });
  const { entries } = await projectEntries(project.folder, await readManifest(project.folder));
  await Deno.writeTextFile(`${project.folder}/data.txt`, "123");
  const changed = entries.find(({ path }) => path === "data.txt");
  assert.ok(changed);
  await assert.rejects(Array.fromAsync(changed.content.chunks()), {
    code: "project.unreadable",
    message: /"data.txt"/,
  });
});
