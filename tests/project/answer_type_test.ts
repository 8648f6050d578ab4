import assert from "node:assert/strict";
import type { JsonValue } from "../../lib/base/json.ts";
import { joinFields, joinTypes, typeOfTensor, typeOfValue } from "../../lib/project/answer_type.ts";
import { fc } from "../helpers/fast_check.ts";

/** The type of several values of one place. */
function typeOf(...values: JsonValue[]) {
  return values.map(typeOfValue).reduce(joinTypes, { kind: "null" });
}

Deno.test("values tell their types, and null tells nothing", () => {
  assert.deepEqual(typeOf(null), { kind: "null" });
  assert.deepEqual(typeOf(null, true), { kind: "boolean" });
  assert.deepEqual(typeOf(1, null, 2.5), { kind: "number" });
  assert.deepEqual(typeOf([], [null, "x"]), { kind: "array", element: { kind: "text" } });
  assert.deepEqual(typeOf([[1], []]), {
    kind: "array",
    element: { kind: "array", element: { kind: "number" } },
  });
});

Deno.test("what has nothing in common is text", () => {
  assert.deepEqual(typeOf(1, "1"), { kind: "text" });
  assert.deepEqual(typeOf({ a: 1 }, [1]), { kind: "text" });
  assert.deepEqual(typeOf({ a: 1 }, { a: true }), { kind: "object", fields: { a: { kind: "text" } } });
});

Deno.test("objects have the members of all, in the order in which they come", () => {
  const type = typeOf({ b: 1, a: { x: null } }, { c: "z", a: { y: true, x: 1 } });
  assert.deepEqual(type, {
    kind: "object",
    fields: {
      b: { kind: "number" },
      a: { kind: "object", fields: { x: { kind: "number" }, y: { kind: "boolean" } } },
      c: { kind: "text" },
    },
  });
  assert.ok(type.kind === "object");
  assert.deepEqual(Object.keys(type.fields), ["b", "a", "c"]);
});

Deno.test("a member named as an object's prototype is a member", () => {
  const type = typeOfValue(JSON.parse('{"__proto__": 1, "toString": "x"}'));
  assert.ok(type.kind === "object");
  const joined = joinFields(type.fields, type.fields);
  assert.deepEqual(Object.keys(joined), ["__proto__", "toString"]);
});

Deno.test("joining any values in any order accounts for each of them", () => {
  fc.assert(fc.property(fc.array(fc.jsonValue(), { minLength: 1, maxLength: 6 }), (values) => {
    const [first = null, ...others] = [...values].map((value): JsonValue =>
      JSON.parse(JSON.stringify(value))
    );
    const all = typeOf(first, ...others);
    // what is joined already changes nothing
    for (const value of [first, ...others]) assert.deepEqual(joinTypes(all, typeOfValue(value)), all);
  }));
});

Deno.test("tensors tell the types of their elements, nested without the dimension of events", () => {
  assert.deepEqual(typeOfTensor({ datatype: "INT64", shape: [-1] }), { kind: "INT64" });
  assert.deepEqual(typeOfTensor({ datatype: "BYTES", shape: [] }), { kind: "text" });
  assert.deepEqual(typeOfTensor({ datatype: "BOOL", shape: [-1, 2, 3] }), {
    kind: "array",
    element: { kind: "array", element: { kind: "boolean" } },
  });
});
