import assert from "node:assert/strict";
import { errorCodes, exactPins, findCycles, mirror } from "../../scripts/check.ts";
import { writeProject } from "../helpers/project_fixture.ts";

Deno.test("mirror names the files of lib that hold code and have no test", async () => {
  await using repository = await writeProject({
    "lib/base/tested.ts": "export function tested() {}\n",
    "lib/base/untested.ts": "export async function untested() {}\n",
    "lib/base/abstract.ts": "export abstract class Base {}\n",
    "lib/base/types_only.ts": "export interface X {}\nexport type Y = X;\n",
    "lib/deps/zod.ts": 'export { z } from "npm:zod@4.6.7";\nexport const more = 1;\n',
    "tests/base/tested_test.ts": "",
  });
  assert.deepEqual(await mirror(repository.folder, {}), [
    "lib/base/abstract.ts has no tests/base/abstract_test.ts",
    "lib/base/untested.ts has no tests/base/untested_test.ts",
  ]);
});

Deno.test("mirror accepts what is tested elsewhere and refuses entries that are out of date", async () => {
  await using repository = await writeProject({
    "lib/base/tested.ts": "export const tested = 1;\n",
    "lib/base/untested.ts": "export const untested = 1;\n",
    "lib/cli/run.ts": "export const run = 1;\n",
    "tests/base/tested_test.ts": "",
  });
  assert.deepEqual(
    await mirror(repository.folder, { "lib/base/untested.ts": "trivial", "lib/cli": "e2e" }),
    [],
  );
  assert.deepEqual(
    await mirror(repository.folder, {
      "lib/base": "trivial",
      "lib/cli": "e2e",
      "lib/base/tested.ts": "x",
      "lib/no.ts": "x",
    }),
    [
      "lib/base/tested.ts has tests/base/tested_test.ts: take it off TESTED_ELSEWHERE",
      "lib/no.ts of TESTED_ELSEWHERE does not exist",
    ],
  );
});

Deno.test("errorCodes names the codes that nothing uses", async () => {
  await using repository = await writeProject({
    "lib/base/error_codes.ts":
      'export const ERROR_CODES = {\n  "a.used": {\n  },\n  "a.unused": {\n  },\n};\n',
    "lib/base/user.ts": 'throw new PackflowError("a.used", "X");\n',
  });
  assert.deepEqual(await errorCodes(repository.folder), ['"a.unused" is never thrown']);
});

Deno.test("exactPins names imports from npm without an exact version", async () => {
  const good = ["zod@4.6.7", "@rollup/browser@4.64.10", "x@1.0.0-beta.2", "x@1.0.0/sub/path.js"];
  const bad = ["zod", "zod@4", "zod@^4.6.7", "@rollup/browser", "x@latest", "x@1.0/sub"];
  await using repository = await writeProject({
    "deno.json": '{ "imports": { "y": "npm:y@~1.0.0" } }',
    "lib/deps/good.ts": good.map((name) => `export { x } from "npm:${name}";\n`).join(""),
    "scripts/bad.ts": bad.map((name) => `await import("npm:${name}");\n`).join(""),
  });
  assert.deepEqual(await exactPins(repository.folder), [
    ...bad.map((name) => `scripts/bad.ts imports npm:${name} without an exact version`),
    "deno.json imports npm:y@~1.0.0 without an exact version",
  ]);
});

Deno.test("findCycles answers every cycle it meets, and none for a diamond", () => {
  const edges = (entries: Record<string, string[]>) => new Map(Object.entries(entries));
  assert.deepEqual(findCycles(edges({ a: ["b", "c"], b: ["d"], c: ["d"], d: [] })), []);
  assert.deepEqual(findCycles(edges({ a: ["a"] })), [["a", "a"]]);
  assert.deepEqual(findCycles(edges({ a: ["b"], b: ["c"], c: ["b"], d: ["a"] })), [["b", "c", "b"]]);
});
