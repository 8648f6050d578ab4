import assert from "node:assert/strict";
import type { EventRecord } from "../../lib/base/json.ts";
import { createRename, parseRenamings } from "../../lib/preprocess/rename.ts";
import { fc } from "../helpers/fast_check.ts";
import { jsonObjects, TRICKY_KEYS } from "../helpers/json_arbitraries.ts";

function rename(record: EventRecord, fields: Record<string, string>, keysFirst = false): EventRecord {
  const before = JSON.stringify(record);
  const renamed = createRename(parseRenamings(fields, "."), keysFirst)(record);
  assert.equal(JSON.stringify(record), before, "the record was changed");
  return renamed;
}

/** With the order of keys. */
function assertRenamed(record: EventRecord, fields: Record<string, string>, expected: EventRecord): void {
  assert.equal(JSON.stringify(rename(record, fields)), JSON.stringify(expected));
}

Deno.test("renamed fields come first and their old names are gone", () => {
  assertRenamed({ a: 1, b: 2, c: 3 }, { c: "z", b: "y" }, { z: 3, y: 2, a: 1 });
  assertRenamed({ a: { b: 1, c: 2 }, d: 3 }, { "a.b": "ab" }, { ab: 1, a: { c: 2 }, d: 3 });
  assertRenamed({ a: { b: { c: 1, e: 2 } } }, { "a.b.c": "x", "a.b.e": "y" }, { x: 1, y: 2, a: { b: {} } });
});

Deno.test("all fields move at once, so that names can be swapped and passed on", () => {
  assertRenamed({ a: 1, b: 2 }, { a: "b", b: "a" }, { b: 1, a: 2 });
  assertRenamed({ a: 1, b: 2 }, { a: "b", b: "c" }, { b: 1, c: 2 });
  assertRenamed({ b: 2 }, { a: "b", b: "c" }, { c: 2 });
  assertRenamed({ p: { q: 1 }, q: { p: 2 } }, { "p.q": "q.p", "q.p": "p.q" }, { q: { p: 1 }, p: { q: 2 } });
});

Deno.test("a renamed field replaces one that had its name, unless it is null", () => {
  assertRenamed({ a: 1, b: 2 }, { a: "b" }, { b: 1 });
  assertRenamed({ a: null, b: 2 }, { a: "b" }, { b: 2 });
  assertRenamed({ a: null }, { a: "b" }, { b: null });
  assertRenamed({ b: 2 }, { a: "b" }, { b: 2 });
  assertRenamed({ a: { k: 1 }, b: { l: 2 } }, { a: "b" }, { b: { k: 1 } });
});

Deno.test("a field renamed into an object joins its fields, and replaces what is no object", () => {
  assertRenamed({ a: 1, p: { k: 2 } }, { a: "p.q" }, { p: { q: 1, k: 2 } });
  assertRenamed({ a: 1, p: { q: 9, k: 2 } }, { a: "p.q" }, { p: { q: 1, k: 2 } });
  assertRenamed({ a: 1, p: 5 }, { a: "p.q" }, { p: { q: 1 } });
  assertRenamed({ a: { k: 1 }, p: { q: { l: 2 } } }, { a: "p.q" }, { p: { q: { k: 1 } } });
  assertRenamed({ p: { a: 1, b: 2 } }, { "p.a": "p.c" }, { p: { c: 1, b: 2 } });
});

Deno.test("of several sources the last that is present and not null wins", () => {
  const fields = { a: "x", b: "x" };
  assertRenamed({ a: 1, b: 2 }, fields, { x: 2 });
  assertRenamed({ a: 1 }, fields, { x: 1 });
  assertRenamed({ a: 1, b: null }, fields, { x: 1 });
  assertRenamed({ a: null, b: null }, fields, { x: null });
});

Deno.test("a key spelt like an old or new name is told apart from the path", () => {
  assert.throws(() => rename({ "a.b": 1 }, { "a.b": "x" }), { code: "event.delimiter_collision" });
  assert.deepEqual(rename({ "a.b": 1, a: { b: 2 } }, { "a.b": "x" }, true), { x: 1, a: { b: 2 } });
  assert.deepEqual(rename({ "a.b": null, a: { b: 2 } }, { "a.b": "x" }, true), { x: 2, a: {} });
  assert.deepEqual(rename({ a: 1, "p.q": 2 }, { a: "p.q" }), { p: { q: 1 } });
  assert.deepEqual(rename({ p: { q: 1 }, "p.q": 2 }, { a: "p.q" }, true), { p: { q: 1 }, "p.q": 2 });
});

Deno.test("a new name inside another is refused", () => {
  assert.throws(() => parseRenamings({ a: "x", b: "x.y" }, "."), {
    code: "config.invalid",
    message: 'Cannot rename fields to both "x" and "x.y" as no new name may lie inside another',
  });
  assert.doesNotThrow(() => parseRenamings({ a: "x", b: "x.y" }, undefined));
});

Deno.test("a name given to itself is no renaming", () =>
  assert.deepEqual(parseRenamings({ a: "a" }, "."), []));

Deno.test("swapping twice gives the fields back", () => {
  fc.assert(fc.property(jsonObjects, (record) => {
    const swap = { a: "b", b: "a" };
    // A null gives way to a value, so that a swap with one is not undone.
    if (record.a === null || record.b === null) return;
    assert.deepEqual(rename(rename(record, swap), swap), record);
  }));
});

Deno.test("names that objects inherit can be old and new names, at every depth", () => {
  for (const key of TRICKY_KEYS) {
    for (const depth of [1, 2, 3, 4]) {
      const path = new Array<string>(depth).fill(key).join(".");
      const fields = Object.fromEntries([["a", path]]);
      const there = rename({ a: 1 }, fields);
      assert.deepEqual(Object.keys(there), [key]);
      assert.deepEqual(rename({ b: 1 }, Object.fromEntries([[path, "x"]])), { b: 1 });
      assert.equal(rename(there, Object.fromEntries([[path, "x"]])).x, 1);
      assert.equal(Object.getPrototypeOf(there), Object.prototype);
    }
  }
});
