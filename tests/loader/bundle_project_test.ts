import assert from "node:assert/strict";
import { importModule } from "../../lib/host/import_module.ts";
import { bundleProject, makeBundle } from "../../lib/loader/bundle_project.ts";
import { placeOfError } from "../../lib/backend/error_place.ts";
import { packflowError } from "../helpers/packflow_error.ts";
import { writeProject } from "../helpers/project_fixture.ts";

/** Bundles a project from inference.ts and imports it. */
async function load(folder: string): Promise<Record<string, unknown>> {
  const { code } = await bundleProject({ folder, entry: "inference.ts" });
  return await importModule(code);
}

/** What the bundler refuses, with the text of the entry and other files. */
async function refused(code: Parameters<typeof packflowError>[1], files: Record<string, string>) {
  await using project = await writeProject(files);
  return await packflowError(bundleProject({ folder: project.folder, entry: "inference.ts" }), code);
}

Deno.test("one module is made of TypeScript, JavaScript and JSON, wherever they lie in the project", async () => {
  await using project = await writeProject({
    "inference.ts": `import { double } from "./lib/double.ts";
      import { name } from "./lib/name.js";
      import labels from "./data/labels.json" with { type: "json" };
      import { basename } from "node:path";
      import type { Missing } from "npm:never-installed";
      enum Kind { A = 3 }
      export const all: unknown[] = [double(2), name, labels, basename("/a/b"), Kind.A, await Promise.resolve(5)];`,
    "lib/double.ts": "export function double(x: number): number { return 2 * x; }",
    "lib/name.js": 'import { double } from "./double.ts"; export const name = "n" + double(1);',
    "data/labels.json": '["x", "y"]',
    "unused.ts": "this is no TypeScript",
  });
  const bundle = await bundleProject({ folder: project.folder, entry: "inference.ts" });
  assert.deepEqual(bundle.modules, ["data/labels.json", "inference.ts", "lib/double.ts", "lib/name.js"]);
  assert.deepEqual((await importModule(bundle.code)).all, [4, "n2", ["x", "y"], "b", 3, 5]);
});

Deno.test("import.meta is that of the project's own file", async () => {
  const meta = `[import.meta.url, import.meta.filename, import.meta.dirname, import.meta.main,
    import.meta.resolve("./w.bin"), new URL("../w.bin", import.meta.url).href, import.meta.other]`;
  await using project = await writeProject({
    "inference.ts": `export { inner } from "./lib/inner.ts"; export const { url } = import.meta;`,
    "lib/inner.ts": `export const inner = ${meta};`,
  });
  const { inner, url } = await load(project.folder);
  const base = `file://${project.folder}`;
  assert.equal(url, `${base}/inference.ts`);
  assert.deepEqual(inner, [
    `${base}/lib/inner.ts`,
    `${project.folder}/lib/inner.ts`,
    `${project.folder}/lib`,
    false,
    `${base}/lib/w.bin`,
    `${base}/w.bin`,
    undefined,
  ]);
});

Deno.test("stacks lead to file, line and column of the project's TypeScript", async () => {
  await using project = await writeProject({
    "inference.ts": `import { boom } from "./lib/boom.ts";
interface Gone {
  a: string;
}
export async function run(why: string): Promise<Gone> {
  await null;
  return boom(why);
}
`,
    "lib/boom.ts":
      "type T = string;\n\nexport function boom(why: T): never {\n    throw new Error(why);\n}\n",
  });
  const { run } = await load(project.folder);
  assert.ok(typeof run === "function");
  const error = await run("x").catch((thrown: unknown) => thrown);
  assert.deepEqual(placeOfError(error, project.folder), { file: "lib/boom.ts", line: 4, column: 11 });
  assert.match(error.stack, /run \(file:.*\/inference\.ts:7:10\)/);
});

Deno.test('"packflow" is left as it is, or becomes what the caller says; text that looks alike stays', async () => {
  await using project = await writeProject({
    "inference.ts":
      "import { a } from \"packflow\";\nexport const text = `\nimport { a } from 'packflow';\n` + a;",
  });
  const options = { folder: project.folder, entry: "inference.ts" };
  assert.match((await bundleProject(options)).code, /^import \{ a \} from 'packflow';/);
  const sdk = "data:text/javascript,export const a = 1";
  const { code } = await bundleProject({ ...options, packflow: sdk });
  assert.equal((await importModule(code)).text, "\nimport { a } from 'packflow';\n1");
});

Deno.test("dynamic imports of project files and modules that import each other work", async () => {
  await using project = await writeProject({
    "inference.ts":
      'export const b = (await import("./b.ts")).b; export const late = () => import("./c.ts");',
    "b.ts": 'import { c } from "./c.ts"; export const b = () => c; export const one = 1;',
    "c.ts": 'import { one } from "./b.ts"; export const c = () => one;',
  });
  const { late } = await load(project.folder);
  assert.ok(typeof late === "function");
  assert.equal((await late()).c(), 1);
});

Deno.test("code without a visible use runs all the same", async () => {
  await using project = await writeProject({
    "inference.ts": 'import "./effect.ts"; export const seen = () => Reflect.get(globalThis, "__effect");',
    "effect.ts": 'const gone = { get a() { Reflect.set(globalThis, "__effect", 7); return 1; } }; gone.a;',
  });
  const { seen } = await load(project.folder);
  assert.equal(typeof seen === "function" ? seen() : undefined, 7);
  Reflect.deleteProperty(globalThis, "__effect");
});

Deno.test("the same files in another folder give the same code but for the folder", async () => {
  const files = { "inference.ts": 'export * from "./a.ts";', "a.ts": "export const a: number = 1;" };
  await using one = await writeProject(files);
  await using other = await writeProject(files);
  const codeOf = async (folder: string) => {
    const { code } = await bundleProject({ folder, entry: "inference.ts" });
    return code.slice(0, code.lastIndexOf("\n//# sourceMappingURL="));
  };
  assert.equal(await codeOf(one.folder), await codeOf(other.folder));
});

Deno.test("a folder whose name needs escaping works", async () => {
  await using project = await writeProject({ "a b#%é/inference.ts": "export const url = import.meta.url;" });
  const folder = `${project.folder}/a b#%é`;
  assert.equal((await load(folder)).url, `file://${project.folder}/a%20b%23%25%C3%A9/inference.ts`);
});

Deno.test("a syntax error names file, line and column, in TypeScript, JavaScript and JSON", async () => {
  const cases: [Record<string, string>, object][] = [
    [{ "inference.ts": "const a = 1;\nconst b: = 2;" }, { file: "inference.ts", line: 2, column: 10 }],
    [{ "inference.ts": 'import "./b.js";', "b.js": "let a;\nlet b: number;" }, {
      file: "b.js",
      line: 2,
      column: 6,
    }],
    [{ "inference.ts": "type T = 1;\nconst a = 1;\n  const a = 2;" }, {
      file: "inference.ts",
      line: 3,
      column: 9,
    }],
    [
      { "inference.ts": 'import a from "./a.json" with { type: "json" };\na;', "a.json": '{\n "a" 1 }' },
      { file: "a.json", line: 2, column: 6 },
    ],
  ];
  for (const [files, place] of cases) {
    const error = await refused("backend.syntax_error", files);
    assert.deepEqual(error.place, place);
    assert.match(error.message, /^Cannot parse .*\n +\d+ \| .*\n +\| +\^$/);
  }
});

Deno.test("a name that a module does not export is told at the import, types included", async () => {
  const error = await refused("backend.missing_export", {
    "inference.ts": "type P = 1;\n\nexport { T, K } from './t.ts';",
    "t.ts": "export type T = string; export const K = 1;",
  });
  assert.match(error.message, /^Cannot import "T" in "inference\.ts" as "t\.ts" must export it\n {2}3 \|/);
  assert.deepEqual(error.place, { file: "inference.ts", line: 3, column: 10 });
  assert.match(error.remedy ?? "", /export type/);
});

Deno.test("an import that leads nowhere is told with file and line", async () => {
  const error = await refused("loader.not_installed", {
    "inference.ts": 'import "./lib/a.ts";',
    "lib/a.ts": '// import "lodash"\nimport chunk from\n  "lodash";\nchunk;',
  });
  assert.match(error.message, /^Cannot import "lodash" in "lib\/a\.ts" as the package "lodash" is not in/);
  assert.deepEqual(error.place, { file: "lib/a.ts", line: 3, column: 3 });
});

Deno.test("an import that leaves the project is refused", async () => {
  const error = await refused("loader.outside_project", { "inference.ts": 'import "../x.ts";' });
  assert.deepEqual(error.place, { file: "inference.ts", line: 1, column: 8 });
});

Deno.test("a missing entry is named, with the file that was likely meant", async () => {
  const error = await refused("backend.module_not_found", { "inferense.ts": "" });
  assert.match(error.message, /"inference\.ts".*did you mean "inferense\.ts"/);
  await using project = await writeProject({});
  const options = { folder: project.folder, entry: "../x.ts" };
  await packflowError(bundleProject(options), "loader.outside_project");
});

Deno.test("a file that is not UTF-8 is refused", async () => {
  await using project = await writeProject({ "inference.ts": Uint8Array.of(0x61, 0xff) });
  const bundle = bundleProject({ folder: project.folder, entry: "inference.ts" });
  assert.match((await packflowError(bundle, "backend.syntax_error")).message, /must be UTF-8 text/);
});

/** A package in `node_modules` with one file. */
function npmPackage(name: string, text: string, json = {}): Record<string, string> {
  return {
    [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: "1.0.0", ...json }),
    [`node_modules/${name}/index.js`]: text,
  };
}

Deno.test("CommonJS means what it means in Deno: cycles, lazy and failed requires, JSON, builtins, default", async () => {
  await using project = await writeProject({
    "inference.ts": `import all, { sum, late, data, optional, base, esModule } from "cjs";
      export const value = [typeof all, sum(1, 2), late(), data, optional, base, esModule];`,
    ...npmPackage(
      "cjs",
      `const path = require("path");
      exports.sum = (a, b) => a + b;
      exports.early = require("./cycle.js").seen;
      exports.late = () => require("./late.js");
      exports.data = require("./data.json");
      try { exports.optional = require("not-there"); } catch (error) { exports.optional = error.code; }
      try { require("./lost.js"); } catch (error) { exports.optional += error.message; }
      exports.base = path.basename("/a/b");
      exports.esModule = require("mixed").default + typeof require("node:fs").readFileSync;`,
    ),
    "node_modules/cjs/cycle.js": 'exports.seen = typeof require("./index.js").sum;',
    "node_modules/cjs/late.js": 'module.exports = "late";',
    "node_modules/cjs/data.json": '{ "default": 1, "__proto__": 2 }',
    ...npmPackage("mixed", "export default 7;", { type: "module" }),
  });
  const { value } = await load(project.folder);
  assert.deepEqual(value, [
    "object",
    3,
    "late",
    JSON.parse('{ "default": 1, "__proto__": 2 }'),
    'MODULE_NOT_FOUNDCannot find module "./lost.js"',
    "b",
    "7function",
  ]);
});

Deno.test("the default export of CommonJS is the whole of it, marked as a module or not, as in Deno", async () => {
  await using project = await writeProject({
    "inference.ts":
      'import whole, { named } from "marked"; export const value = [Object.keys(whole), named];',
    ...npmPackage(
      "marked",
      "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = 1; exports.named = 2;",
    ),
  });
  assert.deepEqual((await load(project.folder)).value, [["default", "named"], 2]);
});

Deno.test("an import whose name is computed is refused with its place, in the project and in packages", async () => {
  const own = await refused("loader.computed_import", {
    "inference.ts":
      '// import(a)\nconst all = () => import("./b.ts");\nexport const one = (n: string) => import(`./${n}.ts`);',
    "b.ts": "export {};",
  });
  assert.match(
    own.message,
    /^Cannot bundle "inference\.ts" as the name of what import\(\) imports must be written out\n {2}3 \|/,
  );
  assert.deepEqual(own.place, { file: "inference.ts", line: 3, column: 35 });
  const theirs = await refused("loader.computed_import", {
    "inference.ts": 'import "x";',
    ...npmPackage("x", "export const load = (name) => import(name);"),
  });
  assert.deepEqual(theirs.place, { file: "node_modules/x/index.js", line: 1, column: 31 });
});

Deno.test("a package that reads WebAssembly from beside it is refused at the line", async () => {
  const error = await refused("loader.needs_file", {
    "inference.ts": 'import "x";',
    ...npmPackage("x", '\nexport const url = new URL("./core.wasm", import.meta.url);'),
  });
  assert.match(
    error.message,
    /^Cannot bundle "node_modules\/x\/index\.js" as it reads the file "\.\/core\.wasm"/,
  );
  assert.equal(error.place.line, 2);
});

Deno.test("an error thrown in a package points at the project's own line that led there", async () => {
  await using project = await writeProject({
    "inference.ts": 'import { fail } from "x";\n\nexport function run() {\n  fail();\n}\n',
    ...npmPackage("x", "exports.fail = () => { throw new Error('no'); };"),
  });
  const { run } = await load(project.folder);
  assert.ok(typeof run === "function");
  const error = await Promise.resolve().then(() => run()).catch((thrown: unknown) => thrown);
  assert.deepEqual(placeOfError(error, project.folder), { file: "inference.ts", line: 4, column: 3 });
  assert.match(error.stack, /node_modules\/x\/index\.js:1:/);
});

Deno.test("a portable bundle has the same bytes from any folder and names none", async () => {
  const files = {
    "inference.ts":
      'import x from "x"; import { InferenceBackend } from "packflow"; export default [x, import.meta.url, InferenceBackend];',
    ...npmPackage(
      "x",
      "exports.dir = import.meta; exports.name = require('./b.js');".replace("import.meta", "1"),
    ),
    "node_modules/x/b.js": "module.exports = 'b';",
  };
  await using one = await writeProject(files);
  await using other = await writeProject(files);
  const first = await makeBundle(one.folder, "inference.ts");
  assert.deepEqual(await makeBundle(other.folder, "inference.ts"), first);
  assert.doesNotMatch(JSON.stringify(first), /packflow-test-|file:\/\/\/tmp/);
  assert.deepEqual(first.facts.packages.map(({ name, files }) => [name, files]), [["x", 2]]);
});
