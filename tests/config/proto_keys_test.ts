import assert from "node:assert/strict";
import { givenKey, hideProto, showProto } from "../../lib/config/proto_keys.ts";
import { z } from "../../lib/deps/zod.ts";
import { fc } from "../helpers/fast_check.ts";
import { jsonObjects, nestedUnder } from "../helpers/json_arbitraries.ts";

Deno.test("options come through hiding and showing as they were", () => {
  fc.assert(fc.property(jsonObjects, (options) => {
    assert.deepEqual(showProto(hideProto(options).value), options);
  }));
});

Deno.test("options without the key are not copied", () => {
  const options = { a: [{ constructor: 1 }] };
  assert.deepEqual(hideProto(options), { value: options, hidden: false });
  assert.equal(hideProto(options).value, options);
});

Deno.test("a hidden key survives a schema that would drop it", () => {
  const schema = z.record(z.string(), z.string());
  const options = nestedUnder("__proto__", 1, "renamed");
  assert.deepEqual(Object.keys(schema.parse(options)), []);
  const hidden = hideProto(options);
  assert.equal(JSON.stringify(showProto(schema.parse(hidden.value))), '{"__proto__":"renamed"}');
  assert.deepEqual(Object.keys(hidden.value ?? {}).map(givenKey), ["__proto__"]);
});

Deno.test("what a schema's transform made of a class is handed on itself", () => {
  const when = new Date(0);
  assert.equal(showProto({ when }).when, when);
});
