import assert from "node:assert/strict";
import { placeOfError } from "../../lib/backend/error_place.ts";

const FOLDER = "/work space/pro(ject";

function thrown(stack: unknown): Error {
  return Object.defineProperty(new Error("boom"), "stack", { value: stack });
}

Deno.test("placeOfError takes the first frame inside the folder, whatever its form", () => {
  const url = "file:///work%20space/pro(ject/lib/a.ts:4:11";
  const frames = [
    `at boom (${url})`,
    `at ${url}`,
    `at async Backend.execute (${url})`,
    `at new X (${url})`,
    `at Object.<anonymous> (${url})`,
  ];
  for (const frame of frames) {
    const stack =
      `Error: x\n    at f (file:///other/x.ts:1:1)\n    ${frame}\n    at g (file:///work%20space/pro(ject/z.ts:9:9)`;
    assert.deepEqual(placeOfError(thrown(stack), FOLDER), { file: "lib/a.ts", line: 4, column: 11 }, frame);
  }
});

Deno.test("placeOfError knows nothing of other folders, and of what has no stack", () => {
  assert.equal(
    placeOfError(thrown("Error\n    at f (file:///work%20space/pro(ject2/a.ts:1:1)"), FOLDER),
    undefined,
  );
  assert.equal(placeOfError(thrown("Error\n    at f (ext:core/x.js:1:1)"), FOLDER), undefined);
  assert.equal(placeOfError(thrown("at file:///%ff%zz:1:1"), FOLDER), undefined);
  assert.equal(placeOfError(thrown(5), FOLDER), undefined);
  for (const value of [null, undefined, "text", { stack: "at file:///work%20space/pro(ject/a.ts:1:1" }]) {
    assert.equal(placeOfError(value, FOLDER), undefined);
  }
});

Deno.test("placeOfError survives a stack that throws", () => {
  const hostile = Object.defineProperty(new Error("x"), "stack", {
    get() {
      throw new Error("no");
    },
  });
  assert.equal(placeOfError(hostile, FOLDER), undefined);
});
