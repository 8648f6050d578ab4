import assert from "node:assert/strict";
import { mapImport, readProjectSettings } from "../../lib/loader/project_settings.ts";
import { packflowError } from "../helpers/packflow_error.ts";
import { writeProject } from "../helpers/project_fixture.ts";

Deno.test("imports of deno.json or deno.jsonc are read, comments and all", async () => {
  for (const file of ["deno.json", "deno.jsonc"]) {
    await using project = await writeProject({
      [file]: '{ // comment\n "imports": { "a": "npm:a@1", "__proto__": "./p.ts", "odd": 1, }, }',
      "package.json": '{ "name": "x" }',
    });
    const settings = await readProjectSettings(project.folder);
    assert.deepEqual(Object.entries(settings.imports), [["a", "npm:a@1"], ["__proto__", "./p.ts"]]);
    assert.deepEqual(settings.packageJson, { name: "x" });
    assert.equal(settings.hasDenoJson, true);
  }
  await using empty = await writeProject({ "x": "" });
  const settings = await readProjectSettings(empty.folder);
  assert.deepEqual([settings.packageJson, settings.hasDenoJson], [undefined, false]);
});

Deno.test("a file that cannot be read is told with its place", async () => {
  const cases: [Record<string, string | Uint8Array>, object][] = [
    [{ "deno.json": '{\n  "imports" {} }' }, { file: "deno.json", line: 2, column: 13 }],
    [{ "package.json": "[]" }, { file: "package.json", line: 1, column: 1 }],
    [{ "deno.jsonc": Uint8Array.of(0xff) }, { file: "deno.jsonc" }],
  ];
  for (const [files, place] of cases) {
    await using project = await writeProject(files);
    const error = await packflowError(readProjectSettings(project.folder), "loader.invalid_settings");
    assert.deepEqual(error.place, place);
  }
});

Deno.test("an import map's exact entry wins, then its longest prefix", () => {
  const imports = { "a": "npm:a@1", "a/x": "./x.ts", "~/": "./src/", "~/deep/": "./deep/", "b": "./b.ts" };
  const cases = [
    ["a", "npm:a@1"],
    ["a/sub", "npm:a@1/sub"],
    ["a/x", "./x.ts"],
    ["~/m.ts", "./src/m.ts"],
    ["~/deep/m.ts", "./deep/m.ts"],
    ["b/c", "b/c"],
    ["other", "other"],
  ] as const;
  for (const [specifier, mapped] of cases) assert.equal(mapImport(specifier, imports), mapped);
});
