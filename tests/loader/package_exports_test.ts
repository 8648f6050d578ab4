import assert from "node:assert/strict";
import {
  exportedTarget,
  IMPORT_CONDITIONS,
  importedTarget,
  REQUIRE_CONDITIONS,
} from "../../lib/loader/package_exports.ts";

/** The target of an import, or "none". */
function exported(exports: unknown, subpath = ".", conditions = IMPORT_CONDITIONS): string {
  const found = exportedTarget(exports, subpath, conditions);
  return found.kind === "none" ? "none" : found.target;
}

Deno.test("a string, conditions and a map mean the main entry", () => {
  assert.equal(exported("./a.js"), "./a.js");
  assert.equal(exported({ import: "./a.mjs", require: "./a.cjs" }), "./a.mjs");
  assert.equal(exported({ import: "./a.mjs", require: "./a.cjs" }, ".", REQUIRE_CONDITIONS), "./a.cjs");
  assert.equal(exported({ ".": { browser: "./b.js", deno: "./d.js", default: "./x.js" } }), "./d.js");
  assert.equal(exported("./a.js", "./other"), "none");
  assert.equal(exported(undefined), "none");
});

Deno.test("the first condition that holds and leads somewhere is taken, in the order of the file", () => {
  assert.equal(exported({ node: { browser: "./no.js" }, default: "./yes.js" }), "./yes.js");
  assert.equal(exported({ default: "./first.js", import: "./second.js" }), "./first.js");
  assert.equal(exported({ node: null, default: "./x.js" }), "none");
  assert.equal(exported([{ browser: "./no.js" }, "./yes.js"]), "./yes.js");
  assert.equal(exported([null, "./yes.js"]), "./yes.js");
  assert.equal(exported([]), "none");
});

Deno.test("patterns match the longest part before the star, and null keeps a path private", () => {
  const exports = {
    "./*": "./src/*.js",
    "./lib/*": "./lib/*",
    "./lib/*.js": "./built/*.mjs",
    "./lib/secret/*": null,
    "./exact": "./e.js",
  };
  assert.equal(exported(exports, "./exact"), "./e.js");
  assert.equal(exported(exports, "./a/b"), "./src/a/b.js");
  assert.equal(exported(exports, "./lib/x.js"), "./built/x.mjs");
  assert.equal(exported(exports, "./lib/x.css"), "./lib/x.css");
  assert.equal(exported(exports, "./lib/secret/x"), "none");
  assert.equal(exported(exports, "./*"), "./src/*.js");
  assert.equal(exported(exports, "."), "none");
  assert.equal(exported({ "./$&*": "./x/*" }, "./$&$1"), "./x/$1");
});

Deno.test("keys of every object's prototype export nothing", () => {
  assert.equal(exported({ ".": "./a.js" }, "./constructor"), "none");
  assert.equal(exported(JSON.parse('{ ".": "./a.js", "./__proto__": "./p.js" }'), "./__proto__"), "./p.js");
});

Deno.test("private names lead to files or to other packages", () => {
  const imports = { "#a": { node: "./a-node.js", default: "./a.js" }, "#dep": "lodash", "#in/*": "./x/*.js" };
  assert.deepEqual(importedTarget(imports, "#a", IMPORT_CONDITIONS), {
    kind: "target",
    target: "./a-node.js",
  });
  assert.deepEqual(importedTarget(imports, "#dep", IMPORT_CONDITIONS), { kind: "target", target: "lodash" });
  assert.deepEqual(importedTarget(imports, "#in/b", IMPORT_CONDITIONS), {
    kind: "target",
    target: "./x/b.js",
  });
  assert.deepEqual(importedTarget(imports, "#no", IMPORT_CONDITIONS), { kind: "none" });
  assert.deepEqual(importedTarget(undefined, "#a", IMPORT_CONDITIONS), { kind: "none" });
});
