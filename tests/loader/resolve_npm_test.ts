/** How imports of packages are found, on packages written here in the ways installers lay them out. */
import assert from "node:assert/strict";
import { importModule } from "../../lib/host/import_module.ts";
import { bundleProject } from "../../lib/loader/bundle_project.ts";
import { packflowError } from "../helpers/packflow_error.ts";
import { type ProjectFixture, writeProject } from "../helpers/project_fixture.ts";

/** Files of a package in `node_modules`. */
function pack(
  at: string,
  json: Record<string, unknown>,
  files: Record<string, string>,
): Record<string, string> {
  const folder = `node_modules/${at}`;
  return Object.fromEntries([
    [
      `${folder}/package.json`,
      JSON.stringify({ name: at.replace(/^.*node_modules\//, ""), version: "1.0.0", ...json }),
    ],
    ...Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]),
  ]);
}

async function load(project: ProjectFixture): Promise<Record<string, unknown>> {
  return await importModule((await bundleProject({ folder: project.folder, entry: "inference.ts" })).code);
}

/** What a project's module of this text exports as `value`. */
async function valueOf(text: string, files: Record<string, string>): Promise<unknown> {
  await using project = await writeProject({ "inference.ts": text, ...files });
  return (await load(project)).value;
}

async function refused(
  text: string,
  code: Parameters<typeof packflowError>[1],
  files: Record<string, string>,
) {
  await using project = await writeProject({ "inference.ts": text, ...files });
  return await packflowError(bundleProject({ folder: project.folder, entry: "inference.ts" }), code);
}

Deno.test("main, module, exports, subpaths, scopes and npm: specifiers lead to files", async () => {
  const files = {
    ...pack("plain", {}, { "index.js": "exports.a = 'plain'" }),
    ...pack("main", { main: "./lib" }, {
      "lib/index.js": "module.exports = 'main'",
      "sub.js": "exports.s = 'sub'",
    }),
    ...pack("both", { main: "main.js", module: "m.js" }, { "main.js": "exports.b = 'main'", "m.js": "!" }),
    ...pack("esm", { type: "module", module: "m.js" }, { "m.js": "export default 'module'" }),
    ...pack(
      "@s/x",
      { exports: { ".": { import: "./i.mjs", require: "./r.cjs" }, "./f/*": "./deep/*.mjs" } },
      {
        "i.mjs": "export default 'import'",
        "r.cjs": "module.exports = 'require'",
        "deep/y.mjs": "export default 'deep'",
      },
    ),
    ...pack("req", {}, { "index.js": "module.exports = require('@s/x')" }),
  };
  const text = `import { a } from "plain"; import main from "main"; import { s } from "npm:main@1/sub.js";
    import { b } from "both"; import m from "esm"; import i from "npm:@s/x@^1.0.0"; import deep from "@s/x/f/y";
    import r from "req"; export const value = [a, main, s, b, m, i, deep, r];`;
  assert.deepEqual(await valueOf(text, files), [
    ...["plain", "main", "sub", "main", "module", "import", "deep", "require"],
  ]);
});

Deno.test("a package's own name and its private names lead into itself, and a project's too", async () => {
  const exports = { ".": "./index.js", "./part": "./lib/part.js" };
  const value = await valueOf(
    'import v from "own"; import w from "#mine"; import self from "me/x"; export const value = [v, w, self];',
    {
      "package.json": JSON.stringify({
        name: "me",
        imports: { "#mine": "./src/mine.ts" },
        exports: { "./x": "./src/x.js" },
      }),
      "src/mine.ts": "export default 'mine' as string;",
      "src/x.js": "export default 'x';",
      ...pack("own", { type: "module", exports, imports: { "#p": "./lib/private.js" } }, {
        "index.js": "import part from 'own/part'; import p from '#p'; export default part + p;",
        "lib/part.js": "export default 'part';",
        "lib/private.js": "export default 'private';",
      }),
    },
  );
  assert.deepEqual(value, ["partprivate", "mine", "x"]);
});

Deno.test("the nearest node_modules wins, and two versions of a package live side by side", async () => {
  const value = await valueOf(
    'import { v } from "dep"; import { w } from "host"; export const value = [v, w];',
    {
      ...pack("dep", {}, { "index.js": "exports.v = 1" }),
      ...pack("host", {}, { "index.js": "exports.w = require('dep').v" }),
      ...pack("host/node_modules/dep", { version: "2.0.0" }, { "index.js": "exports.v = 2" }),
    },
  );
  assert.deepEqual(value, [1, 2]);
});

Deno.test("packages linked as Deno and pnpm lay them out find what is beside them", async () => {
  await using project = await writeProject({
    "inference.ts":
      'import { two } from "outer"; import { v } from "npm:inner@1"; export const value = [two, v];',
    ...pack(".deno/outer@1.0.0/node_modules/outer", {}, { "index.js": "exports.two = require('inner').v" }),
    ...pack(".deno/inner@2.0.0/node_modules/inner", { version: "2.0.0" }, { "index.js": "exports.v = 2" }),
    ...pack(".deno/inner@1.0.0/node_modules/inner", {}, { "index.js": "exports.v = 1" }),
  });
  const modules = `${project.folder}/node_modules`;
  await Deno.symlink(".deno/outer@1.0.0/node_modules/outer", `${modules}/outer`);
  await Deno.symlink(".deno/inner@2.0.0/node_modules/inner", `${modules}/inner`);
  await Deno.symlink(
    "../../inner@2.0.0/node_modules/inner",
    `${modules}/.deno/outer@1.0.0/node_modules/inner`,
  );
  assert.deepEqual((await load(project)).value, [2, 1]);
});

Deno.test("the import map of deno.json names packages and files", async () => {
  const value = await valueOf(
    'import d from "d"; import e from "d/e.js"; import s from "~/s.ts"; export const value = [d, e, s];',
    {
      "deno.json": '{ "imports": { "d": "npm:dep@1", "~/": "./src/" } }',
      "src/s.ts": "export default 's' as string;",
      ...pack("dep", { type: "module", main: "index.js" }, {
        "index.js": "export default 'd'",
        "e.js": "export default 'e'",
      }),
    },
  );
  assert.deepEqual(value, ["d", "e", "s"]);
});

Deno.test("a package that is not there is told where it is imported, the one in between named", async () => {
  const error = await refused("const a = 1;\nimport x from 'outer';\nx;", "loader.not_installed", {
    ...pack("outer", { dependencies: { inner: "1" } }, {
      "index.js": "\nmodule.exports = require('inner');",
    }),
  });
  assert.match(
    error.message,
    /^Cannot import "inner" in "node_modules\/outer\/index\.js" as the package "inner"/,
  );
  assert.deepEqual(error.place, { file: "node_modules/outer/index.js", line: 2, column: 26 });
});

Deno.test("another version than locked or asked for is told with both", async () => {
  const files = pack("dep", { version: "2.1.0" }, { "index.js": "" });
  const lock = JSON.stringify({ version: "5", npm: { "dep@2.0.0": { integrity: "sha512-AAAA" } } });
  const locked = await refused('\nimport "dep";', "loader.lock_mismatch", { ...files, "deno.lock": lock });
  assert.match(
    locked.message,
    /the package "dep" must be the one that is locked: deno.lock has it in version 2.0.0/,
  );
  assert.deepEqual(locked.place, { file: "inference.ts", line: 2, column: 8 });
  const range = await refused('import "npm:dep@^1";', "loader.lock_mismatch", files);
  assert.match(
    range.message,
    /node_modules has the package "dep" in version 2.1.0, but the import asks for \^1/,
  );
  const specifiers = JSON.stringify({ version: "5", specifiers: { "npm:dep@2": "2.0.0" }, npm: {} });
  const exact = await refused('import "npm:dep@2";', "loader.lock_mismatch", {
    ...files,
    "deno.lock": specifiers,
  });
  assert.match(exact.message, /in version 2.1.0, but deno.lock has 2.0.0/);
});

Deno.test("native code is refused by the package's name", async () => {
  const error = await refused(
    'import "fast";',
    "loader.native_code",
    pack("fast", { gypfile: true }, { "index.js": "" }),
  );
  assert.match(
    error.message,
    /the package "fast" 1.0.0 needs native code: it has "gypfile" in its package.json/,
  );
  assert.deepEqual(error.place, { file: "inference.ts", line: 1, column: 8 });
});

Deno.test("what a package does not export, or has lost, is told", async () => {
  const strict = pack(
    "strict",
    { exports: { "./a": "./a.js", "./gone": "./gone.js", "./up": "./../x.js" } },
    { "a.js": "" },
  );
  const cases: [string, RegExp, Record<string, string>][] = [
    ["strict", /exports nothing to import/, strict],
    ["strict/b", /exports no ".\/b"/, strict],
    ["strict/gone", /has no file ".\/gone.js"/, strict],
    ["strict/up", /is not inside the package/, strict],
    ["empty", /has no file that its main could mean/, pack("empty", { main: "x" }, {})],
    [
      "ts",
      /is TypeScript, which packages must have compiled/,
      pack("ts", { exports: "./m.ts" }, { "m.ts": "" }),
    ],
    ["css", /is neither JavaScript nor JSON/, pack("css", { exports: "./m.css" }, { "m.css": "" })],
    ["#none", /no "imports" of a package.json has "#none"/, {}],
    ["https://x.org/a.js", /packages of npm and node: modules only/, {}],
  ];
  for (const [specifier, reason, files] of cases) {
    assert.match(
      (await refused(`import "${specifier}";`, "loader.unresolved_import", files)).message,
      reason,
    );
  }
});

Deno.test("a package that is linked from outside the project is refused", async () => {
  await using outside = await writeProject({ "index.js": "", "package.json": '{ "name": "far" }' });
  await using project = await writeProject({ "inference.ts": 'import "far";', "node_modules/x/y": "" });
  await Deno.symlink(outside.folder, `${project.folder}/node_modules/far`);
  const bundle = bundleProject({ folder: project.folder, entry: "inference.ts" });
  assert.match((await packflowError(bundle, "loader.outside_project")).message, /a link that leads outside/);
});
