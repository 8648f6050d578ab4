import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { chooseKeys, refuseTakenKeys } from "../../lib/records/result_keys.ts";

Deno.test("the keys that are asked for come in their order, and no others", () => {
  deepStrictEqual(Object.entries(Object(chooseKeys({ a: 1, b: 2, c: 3 }, ["c", "a"]))), [["c", 3], ["a", 1]]);
  const result = { a: 1 };
  strictEqual(chooseKeys(result, undefined), result);
});

Deno.test("a key that a result lacks is refused, with the nearest", () => {
  throws(() => chooseKeys({ label: 1 }, ["lable"]), {
    code: "backend.missing_key",
    message: 'Cannot write the result as it must have the key "lable" (did you mean "label"?)',
  });
  throws(() => chooseKeys({}, ["toString"]), { code: "backend.missing_key" });
  throws(() => chooseKeys([1], ["a"]), { code: "backend.not_json", message: /of kind array$/ });
});

Deno.test("a kept field must not hide a key of the result", () => {
  const keep = [{ path: "event.id", name: "id" }];
  refuseTakenKeys({ label: 1 }, keep);
  throws(() => refuseTakenKeys({ id: 1 }, keep), {
    code: "backend.key_taken",
    message: 'Cannot keep field "event.id" of the event as the result must not have the key "id" itself',
  });
});
