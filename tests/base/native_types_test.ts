import assert from "node:assert/strict";
import type { JsonValue } from "../../lib/base/json.ts";
import { ensureValidOutput, MAX_DEPTH, toNative } from "../../lib/base/native_types.ts";
import { fc } from "../helpers/fast_check.ts";
import { jsonObjects, nestedUnder, TRICKY_KEYS } from "../helpers/json_arbitraries.ts";

Deno.test("JSON values come back themselves, not copied", () => {
  fc.assert(fc.property(jsonObjects, (value) => assert.equal(toNative(value), value)));
  for (const value of [null, "", 0, false, NaN, -Infinity]) assert.ok(Object.is(toNative(value), value));
});

Deno.test("every kind of typed array becomes an array of numbers", () => {
  const arrays = [
    Int8Array.of(1, 2),
    Uint8Array.of(1, 2),
    Uint8ClampedArray.of(1, 2),
    Int16Array.of(1, 2),
    Uint16Array.of(1, 2),
    Int32Array.of(1, 2),
    Uint32Array.of(1, 2),
    Float32Array.of(1, 2),
    Float64Array.of(1, 2),
    BigInt64Array.of(1n, 2n),
    BigUint64Array.of(1n, 2n),
  ];
  for (const array of arrays) assert.deepEqual(toNative(array), [1, 2], array.constructor.name);
});

Deno.test("a tensor becomes arrays nested as its shape says", () => {
  const data = Float64Array.of(1, 2, 3, 4, 5, 6);
  assert.deepEqual(toNative({ data, shape: [2, 3] }), [[1, 2, 3], [4, 5, 6]]);
  assert.deepEqual(toNative({ data, shape: [1, 3, 2] }), [[[1, 2], [3, 4], [5, 6]]]);
  assert.equal(toNative({ data: Float64Array.of(7), shape: [] }), 7);
  assert.deepEqual(toNative({ data: new Float32Array(0), shape: [0, 4] }), []);
  assert.deepEqual(toNative({ data: new Float32Array(0), shape: [2, 0] }), [[], []]);
});

Deno.test("an object that is no tensor keeps its fields", () => {
  assert.deepEqual(toNative({ data: Float32Array.of(1, 2), shape: [3] }), { data: [1, 2], shape: [3] });
  assert.deepEqual(toNative({ data: Float32Array.of(1), shape: "round" }), { data: [1], shape: "round" });
  assert.deepEqual(toNative({ data: [1], shape: [1] }), { data: [1], shape: [1] });
});

Deno.test("conversion reaches into objects and arrays, and leaves the original as it was", () => {
  const value = { a: [1, { b: Int32Array.of(2) }, "c"], d: new Set([3n]), e: { f: 1 } };
  const native = toNative(value);
  assert.deepEqual(native, { a: [1, { b: [2] }, "c"], d: [3], e: { f: 1 } });
  assert.ok(value.d instanceof Set);
  assert.equal((native as { e: unknown }).e, value.e);
});

Deno.test("keys that objects inherit stay data", () => {
  for (const key of TRICKY_KEYS) {
    for (const depth of [1, 2, 3, 4]) {
      const value = { x: nestedUnder(key, depth, 1), n: 2n };
      assert.deepEqual(toNative(value), { x: nestedUnder(key, depth, 1), n: 2 });
    }
    const converted = toNative(Object.fromEntries([[key, 5n]]));
    assert.equal(JSON.stringify(converted), `{"${key}":5}`);
  }
});

Deno.test("a bigint is a number as long as that keeps its value", () => {
  assert.equal(toNative(2n ** 53n - 1n), Number.MAX_SAFE_INTEGER);
  for (const value of [2n ** 53n, -(2n ** 60n)]) {
    assert.throws(() => toNative({ ids: [value] }), {
      code: "backend.not_json",
      message:
        `Cannot convert "ids.0" as it must be at most 2^53 - 1 to be a number: current value is ${value}`,
    });
  }
  assert.throws(() => toNative({ ids: BigInt64Array.of(2n ** 60n) }), { place: { field: "ids" } });
});

Deno.test("what JSON cannot carry is refused with its path", () => {
  class Box {}
  const refused: [unknown, string][] = [
    [undefined, "undefined"],
    [() => 1, "function"],
    [Symbol("s"), "symbol"],
    [new Date(0), "an instance of Date"],
    [new Map(), "an instance of Map"],
    [new Box(), "an instance of Box"],
    [/x/, "an instance of RegExp"],
    [new DataView(new ArrayBuffer(1)), "an instance of DataView"],
  ];
  for (const [value, current] of refused) {
    assert.throws(() => toNative({ a: [value] }), {
      code: "backend.not_json",
      message: `Cannot convert "a.0" as it must be a JSON value: current value is ${current}`,
    });
  }
});

Deno.test("objects without a prototype are plain", () => {
  const value = Object.assign(Object.create(null), { a: 1n });
  assert.deepEqual(toNative(value), { a: 1 });
});

Deno.test("depth is limited, and a value that holds itself is told apart", () => {
  assert.doesNotThrow(() => toNative(nestedUnder("a", MAX_DEPTH, 1)));
  assert.throws(() => toNative(nestedUnder("a", MAX_DEPTH + 1, 1)), { message: /at most 512 levels/ });
  assert.throws(() => toNative(nestedUnder("a", 100_000, 1)), { message: /at most 512 levels/ });
  const loop: Record<string, unknown> = { a: 1 };
  loop.b = [loop];
  assert.throws(() => toNative(loop), { code: "backend.not_json", message: /must not hold itself/ });
});

Deno.test("results become one object per event", () => {
  assert.deepEqual(ensureValidOutput([{ a: 1 }, 3, [4], [5, 6], [], null]), [
    { a: 1 },
    { output: 3 },
    { output: 4 },
    { output: [5, 6] },
    { output: [] },
    { output: null },
  ]);
  assert.deepEqual(ensureValidOutput(Float32Array.of(1, 2), "score"), [{ score: 1 }, { score: 2 }]);
  assert.deepEqual(ensureValidOutput([1], "__proto__"), [Object.fromEntries([["__proto__", 1]])]);
});

Deno.test("results that are no list are refused, not taken apart", () => {
  for (const output of [{ a: 1 }, "ab", 5, null] as JsonValue[]) {
    assert.throws(() => ensureValidOutput(output), { code: "backend.wrong_output" });
  }
  assert.throws(() => ensureValidOutput(undefined), { code: "backend.not_json" });
});
