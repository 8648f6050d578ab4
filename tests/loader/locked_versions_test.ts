import assert from "node:assert/strict";
import { LockedVersions } from "../../lib/loader/locked_versions.ts";
import { writeProject } from "../helpers/project_fixture.ts";

const DENO_LOCK = JSON.stringify({
  version: "5",
  specifiers: { "npm:a@^1": "1.2.0", "npm:b@*": "2.0.0_a@1.2.0", "jsr:@x/y@1": "1.0.0" },
  npm: {
    "a@1.2.0": { integrity: "sha512-AAAA" },
    "a@1.1.0": { integrity: "sha512-BBBB" },
    "@s/b@2.0.0_a@1.2.0": { integrity: "sha512-CCCC" },
  },
});
const NPM_LOCK = JSON.stringify({
  lockfileVersion: 3,
  packages: {
    "": { name: "project" },
    "node_modules/a": { version: "1.2.0", integrity: "sha512-AAAA" },
    "node_modules/c/node_modules/a": { version: "1.0.0" },
  },
});

async function locks(files: Record<string, string>) {
  await using project = await writeProject({ "x": "", ...files });
  return await LockedVersions.read(project.folder);
}

const A = { name: "a", version: "1.2.0", folder: "node_modules/a" };

Deno.test("with no lock file any version will do", async () => {
  assert.deepEqual((await locks({})).check(A), {});
});

Deno.test("deno.lock knows packages by name, several versions and peers among them", async () => {
  const lock = await locks({ "deno.lock": DENO_LOCK });
  assert.deepEqual(lock.check(A), { integrity: "sha512-AAAA" });
  assert.deepEqual(lock.check({ ...A, version: "1.1.0" }), { integrity: "sha512-BBBB" });
  assert.deepEqual(lock.check({ name: "@s/b", version: "2.0.0", folder: "any" }), {
    integrity: "sha512-CCCC",
  });
  assert.deepEqual(lock.check({ ...A, version: "1.3.0" }), {
    problem: "deno.lock has it in version 1.1.0 or 1.2.0, but node_modules in 1.3.0",
  });
  assert.deepEqual(lock.check({ ...A, name: "z" }), {
    problem: "node_modules has version 1.2.0, but it is not in deno.lock",
  });
});

Deno.test("deno.lock says which version an npm: specifier means", async () => {
  const lock = await locks({ "deno.lock": DENO_LOCK });
  assert.equal(lock.versionFor("a", "^1"), "1.2.0");
  assert.equal(lock.versionFor("b", undefined), "2.0.0");
  assert.equal(lock.versionFor("a", "2"), undefined);
});

Deno.test("package-lock.json knows packages by their folder", async () => {
  const lock = await locks({ "package-lock.json": NPM_LOCK });
  assert.deepEqual(lock.check(A), { integrity: "sha512-AAAA" });
  assert.deepEqual(lock.check({ ...A, version: "1.0.0", folder: "node_modules/c/node_modules/a" }), {});
  assert.match(
    lock.check({ ...A, version: "1.0.0" }).problem ?? "",
    /^package-lock.json has it in version 1.2.0/,
  );
});

Deno.test("of two lock files each must agree as far as it names the package", async () => {
  const lock = await locks({ "package-lock.json": NPM_LOCK, "deno.lock": DENO_LOCK });
  assert.deepEqual(lock.check(A), { integrity: "sha512-AAAA" });
  const nested = { ...A, version: "1.0.0", folder: "node_modules/c/node_modules/a" };
  assert.match(lock.check(nested).problem ?? "", /^deno.lock has it in version 1.1.0 or 1.2.0/);
  assert.deepEqual(lock.check({ name: "@s/b", version: "2.0.0", folder: "x" }), { integrity: "sha512-CCCC" });
  assert.match(
    lock.check({ ...A, name: "z", folder: "z" }).problem ?? "",
    /but it is not in deno.lock or package-lock.json/,
  );
});

Deno.test("a lock file of Deno 1, whose packages lie elsewhere, is passed over", async () => {
  const lock = await locks({ "deno.lock": '{ "version": "3", "packages": { "npm": {} } }' });
  assert.deepEqual(lock.check(A), {});
});
