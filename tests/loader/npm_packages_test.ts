import assert from "node:assert/strict";
import { isInPackage, NpmPackages } from "../../lib/loader/npm_packages.ts";
import { writeProject } from "../helpers/project_fixture.ts";

const FILES = {
  "package.json": '{ "name": "project" }',
  "node_modules/a/package.json": '{ "name": "a", "version": "1.0.0" }',
  "node_modules/a/dist/package.json": '{ "type": "module" }',
  "node_modules/a/node_modules/b/package.json": '{ "name": "b", "version": "2.0.0" }',
  "node_modules/b/package.json": '{ "name": "b", "version": "1.0.0" }',
  "node_modules/broken/package.json": "{",
  "node_modules/list/package.json": "[]",
  "node_modules/odd/package.json": '{ "name": 1, "version": null }',
  "node_modules/.deno/@s+c@1.0.0/node_modules/@s/c/package.json": '{ "name": "@s/c", "version": "1.0.0" }',
  "node_modules/.pnpm/d@3.0.0/node_modules/d/package.json": '{ "name": "d", "version": "3.0.0" }',
};

Deno.test("find takes the nearest node_modules upwards, never one above the project", async () => {
  await using project = await writeProject({ "p/x": "", ...FILES });
  const packages = new NpmPackages(project.folder);
  const folderOf = async (name: string, from: string) => {
    const found = await packages.find(name, from);
    return found === "outside" ? found : found?.folder;
  };
  assert.equal(await folderOf("b", ""), "node_modules/b");
  assert.equal(await folderOf("b", "src/deep"), "node_modules/b");
  assert.equal(await folderOf("b", "node_modules/a/dist"), "node_modules/a/node_modules/b");
  assert.equal(await folderOf("none", "node_modules/a"), undefined);
  assert.equal(await new NpmPackages(`${project.folder}/p`).find("b", ""), undefined);
});

Deno.test("a package.json that is none describes no package, one with odd fields has none of them", async () => {
  await using project = await writeProject(FILES);
  const packages = new NpmPackages(project.folder);
  assert.equal(await packages.find("broken", ""), undefined);
  assert.equal(await packages.find("list", ""), undefined);
  const odd = await packages.find("odd", "");
  assert.ok(odd !== undefined && odd !== "outside");
  assert.deepEqual([odd.name, odd.version], ["", ""]);
});

Deno.test("other versions are found where Deno and pnpm keep them", async () => {
  await using project = await writeProject(FILES);
  const packages = new NpmPackages(project.folder);
  assert.equal((await packages.findVersion("@s/c", () => Promise.resolve(true)))?.version, "1.0.0");
  assert.equal(
    (await packages.findVersion("d", (version) => Promise.resolve(version === "3.0.0")))?.name,
    "d",
  );
  assert.equal(await packages.findVersion("d", () => Promise.resolve(false)), undefined);
});

Deno.test("a file's owner is the nearest package with a name, or the project", async () => {
  await using project = await writeProject(FILES);
  const packages = new NpmPackages(project.folder);
  assert.equal((await packages.owner("node_modules/a/dist/x.js"))?.name, "a");
  assert.equal((await packages.owner("node_modules/a/node_modules/b/x.js"))?.version, "2.0.0");
  assert.equal((await packages.owner("src/x.ts"))?.name, "project");
  assert.equal(await packages.owner("node_modules/x.js"), undefined);
});

Deno.test("isInPackage looks at whole names", () => {
  assert.ok(isInPackage("node_modules/a/x.js") && isInPackage("lib/node_modules/a/x.js"));
  assert.ok(!isInPackage("my_node_modules/x.js") && !isInPackage("node_modules.ts"));
});
