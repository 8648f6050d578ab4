import type { JsonObject, JsonValue } from "../../lib/base/json.ts";
import { type Arbitrary, fc } from "./fast_check.ts";

/** Names that objects inherit, which as keys of data must be data, beside plain ones. */
export const TRICKY_KEYS = ["__proto__", "constructor", "toString", "hasOwnProperty", "prototype", "valueOf"];

/** Keys without a dot; few enough that two objects share some. */
export const keys = fc.constantFrom("a", "b", "c", "1", "", "größe", ...TRICKY_KEYS);

/** Objects of JSON values, nested up to five levels. `__proto__` is an own key where it occurs. */
export const jsonObjects: Arbitrary<JsonObject> =
  fc.letrec<{ value: JsonValue; object: JsonObject }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      fc.oneof(
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.string(),
        fc.boolean(),
        fc.constant(null),
      ),
      fc.array(tie("value"), { maxLength: 3 }),
      tie("object"),
    ),
    object: fc.array(fc.tuple(keys, tie("value")), { maxLength: 5 }).map((entries) =>
      Object.fromEntries(entries)
    ),
  })).object;

/** A chain of objects under one key, with a value at its end. */
export function nestedUnder(key: string, depth: number, value: JsonValue): JsonObject {
  let inner = value;
  for (let level = 0; level < depth; level++) inner = Object.fromEntries([[key, inner]]);
  return inner as JsonObject;
}
