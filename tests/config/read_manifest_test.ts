import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { readManifest } from "../../lib/config/read_manifest.ts";
import { writeProject } from "../helpers/project_fixture.ts";

async function errorOf(promise: Promise<unknown>): Promise<PackflowError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof PackflowError, String(error));
    return error;
  }
  assert.fail("nothing was thrown");
}

Deno.test("readManifest reads a project's manifest", async () => {
  await using project = await writeProject({ "packflow.jsonc": '{ "name": "demo" } // mine' });
  assert.equal((await readManifest(project.folder)).name, "demo");
});

Deno.test("readManifest drops a byte order mark", async () => {
  await using project = await writeProject({ "packflow.jsonc": '\uFEFF{ "name": "demo" }' });
  assert.equal((await readManifest(project.folder)).name, "demo");
});

Deno.test("readManifest says what is missing: the folder, the manifest, or that it is a file", async () => {
  await using project = await writeProject({ "other.txt": "" });
  const { folder } = project;
  const empty = await errorOf(readManifest(folder));
  assert.equal(empty.code, "project.not_found");
  assert.match(empty.message, /has no packflow\.jsonc/);
  assert.match(empty.remedy ?? "", /packflow create/);
  const missing = await errorOf(readManifest(`${folder}/nope`));
  assert.match(missing.message, /no such folder/);
  const file = await errorOf(readManifest(`${folder}/other.txt`));
  assert.match(file.message, /must be a folder: it is a file/);
});

Deno.test("readManifest refuses what is no text and what cannot be read", async () => {
  await using project = await writeProject({
    "bytes/packflow.jsonc": Uint8Array.of(0x7b, 0xff),
    "folder/packflow.jsonc/x": "",
  });
  assert.equal((await errorOf(readManifest(`${project.folder}/bytes`))).code, "manifest.syntax");
  assert.equal((await errorOf(readManifest(`${project.folder}/folder`))).code, "project.not_found");
});

Deno.test("readManifest names the file and the place of a problem", async () => {
  await using project = await writeProject({ "packflow.jsonc": '{\n  "name": 5 }' });
  const error = await errorOf(readManifest(project.folder));
  assert.deepEqual(error.place, { file: "packflow.jsonc", line: 2, column: 11 });
});
