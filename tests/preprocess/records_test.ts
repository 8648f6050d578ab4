import assert from "node:assert/strict";
import type { EventRecord } from "../../lib/base/json.ts";
import { BackendConfig } from "../../lib/config/backend_config.ts";
import { createRecordPreparation } from "../../lib/preprocess/records.ts";

function prepare(options: Record<string, unknown>, record: EventRecord): string | undefined {
  const preparation = createRecordPreparation(BackendConfig.parse(options));
  return preparation && JSON.stringify(preparation(record));
}

const record = { user: { id: 7, tags: ["x"] }, n: null };

Deno.test("options that ask for nothing give nothing to do", () => {
  assert.equal(prepare({}, record), undefined);
  assert.equal(
    prepare({ flattenLists: true, nestedFieldDelimiter: "/", onMissing: "null" }, record),
    undefined,
  );
});

Deno.test("renaming, flattening and selecting work together", () => {
  const renameFields = { "user.id": "id" };
  const flattenNestedInputs = true;
  assert.equal(prepare({ renameFields }, record), '{"id":7,"user":{"tags":["x"]},"n":null}');
  assert.equal(prepare({ flattenNestedInputs }, record), '{"user.id":7,"user.tags":["x"],"n":null}');
  assert.equal(prepare({ flattenNestedInputs, renameFields }, record), '{"id":7,"user.tags":["x"],"n":null}');
  const all = { flattenNestedInputs, flattenLists: true, renameFields, featureNames: ["user.tags.0", "id"] };
  assert.equal(prepare(all, record), '{"user.tags.0":"x","id":7}');
});

Deno.test("a flat name may hold the delimiter without a collision", () => {
  const options = { flattenNestedInputs: true, featureNames: ["a.b", "x.y"] };
  assert.equal(prepare(options, { "x.y": 1, a: { b: 2 } }), '{"a.b":2,"x.y":1}');
});
