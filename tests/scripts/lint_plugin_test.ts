import assert from "node:assert/strict";
import plugin from "../../scripts/lint_plugin.ts";

/** Code that one rule is tried on, as if it stood in the file. */
interface Case {
  readonly file: string;
  readonly code: string;
}

function messages(rule: string, { file, code }: Case): string[] {
  return Deno.lint.runPlugin(plugin, file, code)
    .filter(({ id }) => id === `packflow/${rule}`)
    .map(({ message }) => message);
}

/** Tests that a rule says what is expected of the bad code, once per case, and nothing of the good code. */
function testRule(rule: string, { bad, good }: { bad: (Case & { says: RegExp })[]; good: Case[] }): void {
  Deno.test(`packflow/${rule} reports ${bad.length} bad and passes ${good.length} good pieces of code`, () => {
    for (const example of bad) {
      const found = messages(rule, example);
      assert.equal(found.length, 1, `${example.file}: ${example.code}: ${JSON.stringify(found)}`);
      assert.match(found[0] ?? "", example.says);
    }
    for (const example of good) {
      assert.deepEqual(messages(rule, example), [], `${example.file}: ${example.code}`);
    }
  });
}

testRule("layers", {
  bad: [
    {
      file: "lib/base/a.ts",
      code: 'import { x } from "../cli/x.ts";',
      says: /lib\/base must not import lib\/cli/,
    },
    { file: "lib/base/a.ts", code: 'import type { X } from "../config/x.ts";', says: /not below it/ },
    { file: "lib/base/a.ts", code: 'export { x } from "../config/x.ts";', says: /not below it/ },
    { file: "lib/base/a.ts", code: 'export * from "../config/x.ts";', says: /not below it/ },
    { file: "lib/base/a.ts", code: 'const x = await import("../config/x.ts");', says: /not below it/ },
    { file: "lib/base/a.ts", code: 'type X = import("../config/x.ts").X;', says: /not below it/ },
    {
      file: "lib/deps/a.ts",
      code: 'import { x } from "../host/x.ts";',
      says: /lib\/deps must not import lib\/host/,
    },
    { file: "lib/onnx/a.ts", code: 'import { x } from "../preprocess/x.ts";', says: /not below it/ },
    {
      file: "lib/new_one/a.ts",
      code: 'import { x } from "../base/x.ts";',
      says: /"lib\/new_one" must have a line/,
    },
    { file: "lib/cli/a.ts", code: 'import { x } from "../../mod.ts";', says: /made of lib alone/ },
    { file: "lib/cli/a.ts", code: 'import { x } from "../../scripts/x.ts";', says: /made of lib alone/ },
    { file: "mod.ts", code: 'export { x } from "./lib/cli/x.ts";', says: /must not import lib\/cli/ },
  ],
  good: [
    { file: "lib/base/a.ts", code: 'import { x } from "./x.ts";' },
    { file: "lib/cli/a.ts", code: 'import { x } from "../base/x.ts"; await import("../project/x.ts");' },
    { file: "lib/base/a.ts", code: 'import config from "../../deno.json" with { type: "json" };' },
    { file: "lib/deps/a.ts", code: 'export { z } from "npm:zod@4.6.7";' },
    { file: "lib/base/a.ts", code: "const name = './x.ts'; await import(name);" },
    { file: "mod.ts", code: 'export { x } from "./lib/backend/x.ts";' },
    { file: "cli.ts", code: 'import { main } from "./lib/cli/main.ts";' },
    { file: "tests/base/a_test.ts", code: 'import { x } from "../../lib/cli/x.ts";' },
  ],
});

testRule("third-party-in-deps", {
  bad: [
    { file: "lib/base/a.ts", code: 'import { z } from "npm:zod@4.6.7";', says: /lib\/deps only/ },
    { file: "lib/cli/a.ts", code: 'await import("jsr:@std/x@1.0.0");', says: /lib\/deps only/ },
    { file: "mod.ts", code: 'export { z } from "https://x.org/z.ts";', says: /lib\/deps only/ },
    { file: "lib/base/a.ts", code: 'import { z } from "zod";', says: /full name/ },
    { file: "lib/deps/a.ts", code: 'export { z } from "zod";', says: /full name/ },
    { file: "lib/base/a.ts", code: 'import { InferenceBackend } from "packflow";', says: /full name/ },
    { file: "tests/a_test.ts", code: 'import fc from "npm:fast-check@4.10.2";', says: /tests\/helpers only/ },
  ],
  good: [
    { file: "lib/deps/a.ts", code: 'export { z } from "npm:zod@4.6.7";' },
    { file: "lib/base/a.ts", code: 'import { z } from "../deps/zod.ts";' },
    { file: "lib/host/a.ts", code: 'import { join } from "node:path";' },
    { file: "tests/helpers/a.ts", code: 'import fc from "npm:fast-check@4.10.2";' },
    { file: "scripts/a.ts", code: 'import ts from "npm:typescript@5.9.3";' },
    { file: "tests/a_test.ts", code: 'import { z } from "packflow";' },
  ],
});

testRule("host-only", {
  bad: [
    { file: "lib/base/a.ts", code: "Deno.exit(1);", says: /Deno must be used/ },
    { file: "lib/base/a.ts", code: "globalThis.Deno.exit(1);", says: /Deno must be used/ },
    { file: "lib/base/a.ts", code: "const host = { Deno };", says: /Deno must be used/ },
    { file: "lib/base/a.ts", code: "let file: Deno.FsFile;", says: /Deno must be used/ },
    { file: "cli.ts", code: "Deno.exit(1);", says: /Deno must be used/ },
    { file: "lib/base/a.ts", code: 'import { join } from "node:path";', says: /"node:path"/ },
    { file: "lib/deps/a.ts", code: 'await import("node:fs");', says: /"node:fs"/ },
  ],
  good: [
    { file: "lib/host/a.ts", code: 'import { join } from "node:path"; Deno.exit(1);' },
    {
      file: "lib/base/a.ts",
      code: "const runtime = { Deno: 1 }; runtime.Deno; const text = 'Deno'; // Deno",
    },
    { file: "scripts/a.ts", code: "Deno.exit(1);" },
    { file: "tests/a_test.ts", code: 'import assert from "node:assert/strict"; Deno.test("x", () => {});' },
  ],
});

testRule("error-message", {
  bad: [
    { file: "lib/base/a.ts", code: 'new Error("cannot read");', says: /start upper-case/ },
    { file: "lib/base/a.ts", code: 'new Error("Cannot read.");', says: /full stop/ },
    {
      file: "lib/base/a.ts",
      code: 'new RangeError("Cannot read as it isn\'t a file");',
      says: /contractions/,
    },
    { file: "lib/base/a.ts", code: 'new Error("Cannot read as it’s gone");', says: /contractions/ },
    { file: "lib/base/a.ts", code: "new TypeError(`the ${x} is wrong`);", says: /start upper-case/ },
    { file: "lib/base/a.ts", code: "new TypeError(`The ${x} is wrong.`);", says: /full stop/ },
    { file: "lib/base/a.ts", code: 'new PackflowError("a.b", "cannot read");', says: /start upper-case/ },
    { file: "lib/base/a.ts", code: "new PackflowError(code, `Cannot read ${x}.`);", says: /full stop/ },
    { file: "lib/base/a.ts", code: 'new DiagnosticsError("a.b", "Cannot read.", []);', says: /full stop/ },
    { file: "lib/base/a.ts", code: 'new AggregateError([], "all failed");', says: /start upper-case/ },
    { file: "lib/base/a.ts", code: 'new Error("Cannot read " + x + ".");', says: /full stop/ },
    { file: "lib/base/a.ts", code: 'new Error(a ? "Cannot" : "cannot");', says: /start upper-case/ },
    {
      file: "lib/base/a.ts",
      code: 'class StepError extends Error { constructor() { super("step failed"); } }',
      says: /start upper-case/,
    },
    {
      file: "lib/base/a.ts",
      code: 'class StepError extends PackflowError { constructor() { super("a.b", "Step failed."); } }',
      says: /full stop/,
    },
  ],
  good: [
    { file: "lib/base/a.ts", code: 'new PackflowError("a.b", `Cannot read "${x}" as it must be a file`);' },
    { file: "lib/base/a.ts", code: "new Error(`${name} failed`); new Error(); new Error(message);" },
    { file: "lib/base/a.ts", code: 'new Error("Cannot read the user\'s file: current value is " + x);' },
    { file: "lib/base/a.ts", code: 'new Event("error."); new Map([["x", "y."]]);' },
    { file: "lib/base/a.ts", code: 'class Cat extends Animal { constructor() { super("meow."); } }' },
    { file: "scripts/a.ts", code: 'new Error("whatever.");' },
  ],
});

testRule("no-export-star", {
  bad: [
    { file: "mod.ts", code: 'export * from "./lib/base/x.ts";', says: /by name/ },
    { file: "lib/base/a.ts", code: 'export * as x from "./x.ts";', says: /by name/ },
  ],
  good: [
    { file: "mod.ts", code: 'export { x, type Y } from "./lib/base/x.ts";' },
    { file: "lib/base/a.ts", code: 'import * as x from "./x.ts";' },
  ],
});

testRule("no-default-export", {
  bad: [
    { file: "lib/base/a.ts", code: "export default 1;", says: /must have a name/ },
    { file: "lib/base/a.ts", code: "export default function x() {}", says: /must have a name/ },
    { file: "lib/base/a.ts", code: "const x = 1; export { x as default };", says: /must have a name/ },
  ],
  good: [
    { file: "lib/base/a.ts", code: "export const x = 1;" },
    { file: "lib/deps/a.ts", code: 'export { default as parse } from "npm:x@1.0.0";' },
    { file: "scripts/a.ts", code: "export default 1;" },
  ],
});

testRule("no-console", {
  bad: [
    { file: "lib/base/a.ts", code: 'console.log("x");', says: /lib\/host/ },
    { file: "lib/host/a.ts", code: "const log = console.error;", says: /lib\/host/ },
  ],
  good: [
    { file: "lib/base/a.ts", code: "/** console.log(1) */ export const x = 1;" },
    { file: "scripts/a.ts", code: 'console.log("x");' },
  ],
});

const lines = (count: number, line = "x();") => `${line}\n`.repeat(count);
testRule("max-lines", {
  bad: [
    { file: "lib/base/a.ts", code: lines(251), says: /A file must have at most 250 lines: this one has 251/ },
    {
      file: "lib/base/a.ts",
      code: `function f() {\n${lines(39)}}`,
      says: /at most 40 lines: this one has 41/,
    },
    { file: "lib/base/a.ts", code: `const f = () => {\n${lines(39)}};`, says: /at most 40 lines/ },
    { file: "scripts/a.ts", code: `class A { f() {\n${lines(39)}} }`, says: /at most 40 lines/ },
  ],
  good: [
    { file: "lib/base/a.ts", code: lines(250) },
    {
      file: "lib/base/a.ts",
      code: lines(250) + lines(90, "// why") + lines(9, "") + `/*\n${lines(90, " * é𝒳")}*/`,
    },
    { file: "lib/base/a.ts", code: `function f() {\n${lines(38)}}` },
    { file: "lib/base/a.ts", code: `function f() {\n${lines(38)}${lines(20, "// why")}}` },
    { file: "tests/a_test.ts", code: `function f() {\n${lines(300)}}` },
  ],
});

testRule("max-params", {
  bad: [
    { file: "lib/base/a.ts", code: "function f(a, b, c, d) {}", says: /at most 3 parameters.*has 4/ },
    { file: "lib/base/a.ts", code: "const f = (a, b, c, ...d) => {};", says: /has 4/ },
    { file: "scripts/a.ts", code: "class A { f(a, b, { c }, d = 1) {} }", says: /has 4/ },
  ],
  good: [
    { file: "lib/base/a.ts", code: "function f(a, b, { c, d, e }) {}" },
    { file: "lib/base/a.ts", code: "class A { static f(this: A, a, b, c) {} }" },
    { file: "tests/a_test.ts", code: "function f(a, b, c, d) {}" },
  ],
});
