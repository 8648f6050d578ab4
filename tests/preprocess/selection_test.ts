import assert from "node:assert/strict";
import type { EventRecord } from "../../lib/base/json.ts";
import { BackendConfig } from "../../lib/config/backend_config.ts";
import { getField } from "../../lib/preprocess/field_path.ts";
import { createSelection } from "../../lib/preprocess/selection.ts";
import { fc } from "../helpers/fast_check.ts";
import { nestedUnder, TRICKY_KEYS } from "../helpers/json_arbitraries.ts";
import { events } from "../helpers/preprocess_arbitraries.ts";

function select(options: Record<string, unknown>, record: EventRecord): string {
  const before = JSON.stringify(record);
  const selected = JSON.stringify(createSelection(BackendConfig.parse(options))(record));
  assert.equal(JSON.stringify(record), before, "the record was changed");
  return selected;
}

Deno.test("features come in their order, whatever the event's and whatever is missing", () => {
  const featureNames = ["c", "n.y", "a", "n.x"];
  assert.equal(
    select({ featureNames }, { a: 1, n: { x: 2, y: 3, z: 4 }, c: 5 }),
    '{"c":5,"n":{"y":3,"x":2},"a":1}',
  );
  assert.equal(select({ featureNames }, { a: 1, n: { x: 2 } }), '{"n":{"x":2},"a":1}');
  assert.equal(select({ featureNames }, {}), "{}");
});

Deno.test("a feature inside another one is part of it, whichever comes first", () => {
  const record = { a: { b: { c: 1 }, d: 2 }, e: 3 };
  const whole = '{"a":{"b":{"c":1},"d":2}}';
  for (
    const featureNames of [["a", "a.b"], ["a.b", "a"], ["a.b.c", "a.b", "a"], ["a.b.c", "a"], ["a", "a.b.c"]]
  ) {
    assert.equal(select({ featureNames }, record), whole, featureNames.join());
  }
  assert.equal(select({ featureNames: ["a.b.c", "e", "a"] }, record), '{"a":{"b":{"c":1},"d":2},"e":3}');
});

Deno.test("a missing or null feature is left out, null, or an error", () => {
  const featureNames = ["a", "n.x", "n.y"];
  const record = { a: null, n: { y: 0 } };
  assert.equal(select({ featureNames }, record), '{"n":{"y":0}}');
  assert.equal(select({ featureNames, onMissing: "null" }, record), '{"a":null,"n":{"x":null,"y":0}}');
  assert.equal(select({ featureNames, onMissing: "null" }, { n: 5 }), '{"a":null,"n":{"x":null,"y":null}}');
  const refuse = (given: EventRecord, current: string, field: string) =>
    assert.throws(() => select({ featureNames, onMissing: "error" }, given), {
      code: "event.missing_field",
      message: `Cannot prepare the event as it must hold the feature "${field}": current value is ${current}`,
      place: { field },
    });
  refuse(record, "null", "a");
  refuse({ a: 1, n: {} }, "missing", "n.x");
});

Deno.test("onMissing holds for a feature inside another one", () => {
  const featureNames = ["a", "a.b.c"];
  assert.equal(
    select({ featureNames, onMissing: "null" }, { a: { b: {}, d: 1 } }),
    '{"a":{"b":{"c":null},"d":1}}',
  );
  assert.equal(select({ featureNames, onMissing: "null" }, { a: 5 }), '{"a":5}');
  assert.throws(() => select({ featureNames, onMissing: "error" }, { a: { b: {} } }), {
    code: "event.missing_field",
  });
});

Deno.test("a key that holds the delimiter stays one key", () => {
  const options = { featureNames: ["x", "a.b", "q.r"], ignoreDelimiterCollisions: true };
  assert.equal(select(options, { "a.b": 1, x: 2, q: { r: 3 } }), '{"x":2,"a.b":1,"q":{"r":3}}');
  assert.equal(select(options, { "a.b": null, a: { b: 4 } }), '{"a":{"b":4}}');
});

Deno.test("flat features stay flat", () => {
  const options = { featureNames: ["a.c", "l.1"], flattenNestedInputs: true, flattenLists: true };
  assert.equal(select(options, { l: [1, 2], a: { b: 1, c: 2 } }), '{"a.c":2,"l.1":2}');
});

Deno.test("a selected record holds what the event holds at the features, and no other leaves", () => {
  const names = fc.uniqueArray(fc.constantFrom("a", "b.c", "b.a", "c.a.b", "constructor"), { minLength: 1 });
  fc.assert(fc.property(names, events, (featureNames, event) => {
    const selected = createSelection(BackendConfig.parse({ featureNames, ignoreDelimiterCollisions: true }))(
      event,
    );
    for (const name of featureNames) {
      assert.deepEqual(getField(selected, name) ?? null, getField(event, name) ?? null);
    }
    const heads = featureNames.map((name) => name.split(".")[0]);
    for (const key of Object.keys(selected)) assert.ok(heads.includes(key));
  }));
});

Deno.test("names that objects inherit are features as any other, at every depth", () => {
  for (const key of TRICKY_KEYS) {
    for (const depth of [1, 2, 3, 4]) {
      const path = new Array<string>(depth).fill(key).join(".");
      const record = nestedUnder(key, depth, 1);
      assert.equal(select({ featureNames: [path] }, { ...record, other: 2 }), JSON.stringify(record));
      assert.equal(select({ featureNames: [path] }, { other: 2 }), "{}");
      assert.equal(
        select({ featureNames: [path], onMissing: "null" }, {}),
        JSON.stringify(nestedUnder(key, depth, null)),
      );
    }
  }
});
