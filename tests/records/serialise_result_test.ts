import { strictEqual, throws } from "node:assert/strict";
import { serialiseResult } from "../../lib/records/serialise_result.ts";
import { fc } from "../helpers/fast_check.ts";

const refused = (result: unknown, message: RegExp, field?: string) =>
  throws(() => serialiseResult(result), (error: Error & { code?: string; place?: { field?: string } }) => {
    strictEqual(error.code, "backend.not_json");
    strictEqual(message.test(error.message), true, error.message);
    strictEqual(error.place?.field, field);
    return true;
  });

Deno.test("any JSON object is written as JSON.stringify does", () => {
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (result) => {
    strictEqual(serialiseResult(result), JSON.stringify(result));
  }));
});

Deno.test("null, and text that says null, are fine", () => {
  strictEqual(serialiseResult({ a: null, null: "null", b: [null] }), '{"a":null,"null":"null","b":[null]}');
});

Deno.test("numbers that JSON cannot carry are refused with their path", () => {
  refused({ a: NaN }, /"a" must be a JSON value: current value is NaN$/, "a");
  refused({ a: { b: [1, Infinity] } }, /current value is Infinity$/, "a.b[1]");
  refused({ x: null, a: [{ b: -Infinity }] }, /current value is -Infinity$/, "a[0].b");
});

Deno.test("values that JSON would drop from a list, or cannot write, are refused", () => {
  refused({ a: [undefined] }, /current value is undefined$/, "a[0]");
  refused({ a: [() => 1] }, /current value is function$/, "a[0]");
  refused({ a: 1n }, /BigInt/);
  const cycle: Record<string, unknown> = {};
  cycle.a = cycle;
  refused(cycle, /must be made of JSON values/);
  refused({ toJSON: () => undefined }, /current value has none$/);
});

Deno.test("a result that is no object is refused", () => {
  for (const result of [null, [], 1, "x", undefined]) {
    refused(result, /it must be an object: current value is of kind /);
  }
});
