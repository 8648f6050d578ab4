import assert from "node:assert/strict";
import { findWasmFile, nativeCodeOf } from "../../lib/loader/native_code.ts";
import { NpmPackages } from "../../lib/loader/npm_packages.ts";
import { writeProject } from "../helpers/project_fixture.ts";

Deno.test("packages that need code compiled for one machine are known by what they hold", async () => {
  const cases: [Record<string, string>, string | undefined][] = [
    [{ "package.json": '{ "gypfile": true }' }, '"gypfile" in its package.json'],
    [{ "package.json": '{ "napi": { "name": "x" } }' }, '"napi" in its package.json'],
    [{ "package.json": '{ "dependencies": { "node-gyp-build": "4" } }' }, 'the dependency "node-gyp-build"'],
    [{ "package.json": "{}", "binding.gyp": "{}" }, '"binding.gyp"'],
    [{ "package.json": "{}", "prebuilds/linux-x64/x.node": "" }, '"prebuilds"'],
    [{ "package.json": "{}", "x.linux-x64-gnu.node": "" }, '"x.linux-x64-gnu.node"'],
    [{ "package.json": '{ "gypfile": false, "dependencies": { "a": "1" } }', "index.js": "" }, undefined],
  ];
  for (const [files, reason] of cases) {
    const own = Object.entries(files).map(([path, text]) => [`node_modules/x/${path}`, text]);
    await using project = await writeProject(Object.fromEntries(own));
    const packages = new NpmPackages(project.folder);
    const found = await packages.find("x", "");
    assert.ok(found !== undefined && found !== "outside");
    assert.equal(await nativeCodeOf(found, packages), reason);
  }
});

Deno.test("a module that reads WebAssembly from beside it is known by the ways that is written", () => {
  const reads = [
    'const url = new URL("core.wasm", import.meta.url);',
    "const url = new URL(\n  './core.wasm', import.meta.url);",
    'const path = require("path").join(__dirname, "core.wasm");',
    'const bytes = fs.readFileSync(folder + "/core.wasm");',
  ];
  for (const source of reads) {
    assert.match(findWasmFile(`let a;\n${source}`)?.file ?? "", /core\.wasm$/, source);
  }
  for (
    const source of [
      'fetch("https://x/core.wasm")',
      'const name = "core.wasm";',
      "new URL('a.js', import.meta.url)",
    ]
  ) {
    assert.equal(findWasmFile(source), undefined, source);
  }
});
