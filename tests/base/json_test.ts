import assert from "node:assert/strict";
import { isObject, kindOf } from "../../lib/base/json.ts";
import { fc } from "../helpers/fast_check.ts";

Deno.test("isObject holds for objects, not for null, arrays, functions or scalars", () => {
  for (const value of [{}, { a: 1 }, Object.create(null), new Map(), new Error()]) assert.ok(isObject(value));
  for (const value of [null, undefined, [], [{}], "", "{}", 0, NaN, 1n, true, Symbol(), () => ({})]) {
    assert.equal(isObject(value), false);
  }
});

Deno.test("kindOf names what messages name", () => {
  const kinds: [unknown, string][] = [
    [null, "null"],
    [undefined, "undefined"],
    [[], "array"],
    [{}, "object"],
    ["", "string"],
    [NaN, "number"],
    [1n, "bigint"],
    [false, "boolean"],
    [() => {}, "function"],
    [Symbol(), "symbol"],
  ];
  for (const [value, kind] of kinds) assert.equal(kindOf(value), kind);
});

Deno.test("isObject and kindOf agree on all that JSON can carry", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => assert.equal(isObject(value), kindOf(value) === "object")),
  );
});
