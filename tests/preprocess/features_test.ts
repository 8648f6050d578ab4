import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import type { EventRecord, JsonValue } from "../../lib/base/json.ts";
import { BackendConfig } from "../../lib/config/backend_config.ts";
import { createFeatureReader } from "../../lib/preprocess/features.ts";
import { flatten } from "../../lib/preprocess/flatten.ts";
import { createRename, parseRenamings } from "../../lib/preprocess/rename.ts";
import { fc } from "../helpers/fast_check.ts";
import { events, preprocessConfigs } from "../helpers/preprocess_arbitraries.ts";

function read(options: Record<string, unknown>, record: EventRecord): (JsonValue | undefined)[] {
  const values: (JsonValue | undefined)[] = [];
  const config = BackendConfig.parse(options);
  createFeatureReader(config, config.ignoreDelimiterCollisions).read(record, values);
  return values;
}

Deno.test("features are read in their order, by their new names", () => {
  const record = { a: 1, b: { c: 2, d: 3 } };
  assert.deepEqual(read({ featureNames: ["b.d", "x", "a", "b"], renameFields: { "b.c": "x" } }, record), [
    3,
    2,
    1,
    { d: 3 },
  ]);
  assert.deepEqual(read({ featureNames: ["a", "a", "none"] }, record), [1, 1, undefined]);
});

Deno.test("a feature inside a renamed object is found there", () => {
  const renameFields = { source: "a" };
  assert.deepEqual(read({ featureNames: ["a.k"], renameFields }, { source: { k: 1 }, a: { k: 2 } }), [1]);
  assert.deepEqual(read({ featureNames: ["a.k"], renameFields }, { a: { k: 2 } }), [2]);
  assert.deepEqual(read({ featureNames: ["a.k"], renameFields }, { source: 5, a: { k: 2 } }), [undefined]);
});

Deno.test("an object holds the fields that were renamed into it, and no longer those renamed out of it", () => {
  const options = { featureNames: ["a"], renameFields: { x: "a.b", "a.c": "y" } };
  assert.deepEqual(read(options, { x: 1, a: { c: 2, d: 3 } }), [{ b: 1, d: 3 }]);
});

Deno.test("a feature that goes by its old name is refused with the new one", () => {
  const refuse = (featureNames: string[], renameFields: Record<string, string>, newName: string) =>
    assert.throws(() => read({ featureNames, renameFields }, {}), {
      code: "config.invalid",
      message: new RegExp(`renameFields makes it "${newName}"$`),
      place: { field: "featureNames" },
    });
  refuse(["a"], { a: "x" }, "x");
  refuse(["a.b"], { a: "x" }, "x.b");
  assert.doesNotThrow(() => read({ featureNames: ["a"], renameFields: { a: "b", b: "a" } }, {}));
});

Deno.test("reading straight from the event gives what renaming the whole event first gives", () => {
  fc.assert(
    fc.property(preprocessConfigs, events, (config, event) => {
      const keysFirst = config.ignoreDelimiterCollisions;
      const values: (JsonValue | undefined)[] = [];
      const expected: (JsonValue | undefined)[] = [];
      try {
        createFeatureReader(config, keysFirst).read(event, values);
        const delimiter = config.flattenNestedInputs ? undefined : config.nestedFieldDelimiter;
        const how = { delimiter: ".", lists: config.flattenLists };
        const flat = config.flattenNestedInputs ? flatten(event, how) : event;
        const renamed = createRename(parseRenamings(config.renameFields, delimiter), keysFirst)(flat);
        const plain = { ...config, renameFields: {}, flattenNestedInputs: false };
        const names = { ...plain, nestedFieldDelimiter: config.flattenNestedInputs ? "\u0000" : "." };
        createFeatureReader(names, keysFirst).read(renamed, expected);
      } catch (error) {
        // A collision of a field that no feature needs is seen by one of the two only.
        assert.ok(error instanceof PackflowError && /^(config|event)\./.test(error.code));
        return;
      }
      assert.deepEqual(values, expected);
    }),
    { numRuns: 5000 },
  );
});
