import assert from "node:assert/strict";
import { PackageRecords } from "../../lib/loader/package_records.ts";
import { sha256Hex } from "../../lib/loader/portable_bundle.ts";
import { ImportResolver } from "../../lib/loader/resolve_import.ts";
import { writeProject } from "../helpers/project_fixture.ts";

const FILES = {
  "deno.lock":
    '{ "version": "5", "npm": { "a@1.0.0": { "integrity": "sha512-AA" }, "b@2.0.0": {}, "c@1.0.0": {} } }',
  "node_modules/a/package.json": '{ "name": "a", "version": "1.0.0", "license": "MIT" }',
  "node_modules/b/package.json": '{ "name": "b", "version": "2.0.0", "licenses": [{ "type": "BSD" }] }',
  "node_modules/c/package.json": '{ "name": "c", "version": "1.0.1" }',
};

Deno.test("packages are told with licence, lock, files and what they import, in one order", async () => {
  await using project = await writeProject(FILES);
  const records = new PackageRecords(new ImportResolver(project.folder));
  assert.equal(await records.add("node_modules/b/index.js", "inference.ts"), undefined);
  assert.equal(await records.add("node_modules/a/x.js", "node_modules/b/index.js"), undefined);
  assert.equal(await records.add("node_modules/b/y.js", "node_modules/b/index.js"), undefined);
  await records.addFile("node_modules/b/y.js", "y");
  await records.addFile("node_modules/b/index.js", "b");
  await records.addFile("node_modules/a/x.js", "x");
  const lines = [`${sha256Hex("b")} index.js\n`, `${sha256Hex("y")} y.js\n`].sort().join("");
  assert.deepEqual(records.list(), [
    {
      name: "a",
      version: "1.0.0",
      license: "MIT",
      integrity: "sha512-AA",
      files: 1,
      sha256: sha256Hex(`${sha256Hex("x")} x.js\n`),
      imports: [],
    },
    { name: "b", version: "2.0.0", license: "BSD", files: 2, sha256: sha256Hex(lines), imports: ["a@1.0.0"] },
  ]);
  assert.deepEqual(records.direct(), ["b@2.0.0"]);
});

Deno.test("another version than the lock's is a problem, and the package is not listed", async () => {
  await using project = await writeProject(FILES);
  const records = new PackageRecords(new ImportResolver(project.folder));
  const problem = await records.add("node_modules/c/index.js", "inference.ts");
  assert.equal(problem?.code, "loader.lock_mismatch");
  assert.match(problem.reason, /deno.lock has it in version 1.0.0, but node_modules in 1.0.1/);
  assert.deepEqual(records.list(), []);
});
