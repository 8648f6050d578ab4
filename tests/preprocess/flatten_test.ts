import assert from "node:assert/strict";
import type { EventRecord } from "../../lib/base/json.ts";
import { flatten, flattenRecord, wantPaths } from "../../lib/preprocess/flatten.ts";
import { setField } from "../../lib/preprocess/field_path.ts";
import { fc } from "../helpers/fast_check.ts";
import { jsonObjects, nestedUnder, TRICKY_KEYS } from "../helpers/json_arbitraries.ts";

Deno.test("setting every field of a flat record gives the nested record back", () => {
  fc.assert(fc.property(jsonObjects, (record) => {
    const flat = flattenRecord(record, { delimiter: "\u0000" });
    const rebuilt = Object.entries(flat).reduce<EventRecord>(
      (built, [path, value]) => setField(built, path.split("\u0000"), value),
      {},
    );
    assert.deepEqual(rebuilt, record);
  }));
});

Deno.test("a flat record flattens to itself, and holds objects only where they are empty or in arrays", () => {
  fc.assert(fc.property(jsonObjects, (record) => {
    const flat = flattenRecord(record, { delimiter: "/" });
    assert.deepEqual(flattenRecord(flat, { delimiter: "/" }), flat);
    const all = flattenRecord(record, { delimiter: "/", lists: true });
    for (const value of Object.values(all)) {
      assert.ok(typeof value !== "object" || value === null || Object.keys(value).length === 0);
    }
  }));
});

Deno.test("two fields with one path are refused", () => {
  const place = { field: "a.b" };
  const record = { "a.b": 1, a: { b: 2 } };
  assert.throws(() => flattenRecord(record), {
    code: "event.delimiter_collision",
    place,
    message: /path "a.b"$/,
  });
  assert.throws(() => flattenRecord({ "a.0": 1, a: [2] }, { lists: true }), {
    code: "event.delimiter_collision",
  });
  assert.deepEqual(flattenRecord(record, { delimiter: "/" }), { "a.b": 1, "a/b": 2 });
});

Deno.test("only wanted paths are collected, so that others cannot fail", () => {
  const record = { x: { "y.z": 1, y: { z: 2 } }, a: { b: { c: 3 }, d: [4] }, "a.e": 5 };
  const how = { delimiter: ".", lists: true };
  const pick = (...names: string[]) => flatten(record, how, wantPaths(names, "."));
  assert.deepEqual(pick("a.b.c", "a.d.0", "a.e", "none"), { "a.b.c": 3, "a.d.0": 4, "a.e": 5 });
  assert.deepEqual(pick("a", "a.b"), {});
  assert.throws(() => pick("x.y.z"), { code: "event.delimiter_collision" });
});

Deno.test("wanted paths are those of the whole flat record", () => {
  fc.assert(fc.property(jsonObjects, fc.array(fc.nat(20)), (record, picks) => {
    const how = { delimiter: "/", lists: true };
    const all = Object.entries(flatten(record, how));
    const names = picks.flatMap((pick) => all[pick]?.[0] ?? []);
    const expected = Object.fromEntries(all.filter(([path]) => names.includes(path)));
    assert.deepEqual(flatten(record, how, wantPaths(names, "/")), expected);
  }));
});

Deno.test("names that objects inherit are data at every depth", () => {
  for (const key of TRICKY_KEYS) {
    for (const depth of [1, 2, 3, 4]) {
      const path = new Array<string>(depth).fill(key).join(".");
      assert.equal(JSON.stringify(flattenRecord(nestedUnder(key, depth, 1))), `{"${path}":1}`);
    }
  }
});

Deno.test("what cannot be flattened is refused", () => {
  assert.throws(() => flattenRecord({}, { delimiter: "" }), { code: "config.invalid" });
  assert.throws(() => flattenRecord([1] as unknown as EventRecord), { code: "event.not_object" });
  assert.throws(() => flattenRecord(nestedUnder("a", 100_000, 1)), { code: "event.too_deep" });
  assert.doesNotThrow(() => flattenRecord(nestedUnder("a", 512, 1)));
  assert.throws(() => flattenRecord(nestedUnder("a", 513, 1)), { code: "event.too_deep" });
  const loop: EventRecord = {};
  loop.self = loop;
  assert.throws(() => flattenRecord(loop), { code: "event.too_deep" });
});
