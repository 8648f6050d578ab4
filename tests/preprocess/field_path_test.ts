import assert from "node:assert/strict";
import type { EventRecord, JsonValue } from "../../lib/base/json.ts";
import {
  followPath,
  getField,
  isInside,
  parsePath,
  readPath,
  setField,
} from "../../lib/preprocess/field_path.ts";
import { fc } from "../helpers/fast_check.ts";
import { jsonObjects, keys, nestedUnder, TRICKY_KEYS } from "../helpers/json_arbitraries.ts";

Deno.test("a path is split at its delimiter, whatever that is", () => {
  assert.deepEqual(parsePath("a.b.c", ".").segments, ["a", "b", "c"]);
  assert.deepEqual(parsePath("a.b.c", "::").segments, ["a.b.c"]);
  assert.deepEqual(parsePath("a*b", "*").segments, ["a", "b"]);
  assert.deepEqual(parsePath("a..b", ".").segments, ["a", "", "b"]);
  assert.deepEqual(parsePath("a.b").segments, ["a.b"]);
});

Deno.test("a path lies inside another where it goes further the same way", () => {
  const path = (name: string) => parsePath(name, ".");
  assert.equal(isInside(path("a.b"), path("a")), true);
  assert.equal(isInside(path("a.b.c"), path("a.b")), true);
  for (const [one, other] of [["a", "a"], ["a", "a.b"], ["ab", "a"], ["a.b", "a.c"], ["b.a", "a"]] as const) {
    assert.equal(isInside(path(one), path(other)), false, `${one} in ${other}`);
  }
});

Deno.test("a key spelt like the path is refused, or read first if that is asked for", () => {
  const path = parsePath("a.b", ".");
  assert.throws(() => readPath({ "a.b": 1, a: { b: 2 } }, path, false), {
    code: "event.delimiter_collision",
    message: 'Cannot read field "a.b" as no key may hold the delimiter of paths: the event has the key "a.b"',
    place: { field: "a.b" },
  });
  assert.equal(readPath({ "a.b": 1, a: { b: 2 } }, path, true), 1);
  assert.equal(readPath({ "a.b": null, a: { b: 2 } }, path, true), 2);
  assert.equal(readPath({ "a.b": null, a: {} }, path, true), null);
  assert.equal(readPath({ "x.y": 1, a: { b: 2 } }, path, false), 2);
});

Deno.test("a key that hides part of the path is refused rather than missed", () => {
  const path = parsePath("a.b.c", ".");
  for (const record of [{ a: { "b.c": 3 } }, { "a.b": { c: 3 } }]) {
    assert.throws(() => readPath(record, path, false), { code: "event.delimiter_collision" });
    assert.equal(readPath(record, path, true), undefined);
  }
  assert.equal(readPath({ a: { b: {}, "x.y": 1 } }, path, false), undefined);
});

Deno.test("arrays, text and inherited members are not followed", () => {
  const record: EventRecord = { list: [1, { b: 2 }], text: "abc", object: {} };
  for (
    const path of ["list.0", "list.length", "list.b", "text.length", "object.constructor", "toString.name"]
  ) {
    assert.equal(getField(record, path), undefined, path);
  }
});

Deno.test("a field that is absent and one that holds null are told apart", () => {
  assert.equal(getField({ a: { b: null } }, "a.b"), null);
  assert.equal(getField({ a: null }, "a.b"), undefined);
  assert.equal(getField({ "a.b": null }, "a.b"), null);
  assert.equal(getField({ "a.b": null, a: { b: 1 } }, "a.b"), 1);
});

Deno.test("a path may be given as keys, which may hold dots", () => {
  assert.equal(getField({ "a.b": { c: 1 } }, ["a.b", "c"]), 1);
  assert.equal(getField({ "a.b": 1, a: { b: 2 } }, ["a", "b"]), 2);
  assert.deepEqual(setField({}, ["a.b", "c"], 1), { "a.b": { c: 1 } });
  assert.deepEqual(setField({ a: 1 }, [], 2), { a: 1 });
});

Deno.test("what is set is read again, and nothing else changes", () => {
  const paths = fc.array(keys, { minLength: 1, maxLength: 4 });
  fc.assert(fc.property(jsonObjects, paths, fc.integer(), (record, path, value) => {
    const before = JSON.stringify(record);
    const blocker = path.slice(0, -1).map((_, depth) => followPath(record, path.slice(0, depth + 1)))
      .find((inner) =>
        inner !== undefined && (typeof inner !== "object" || inner === null || Array.isArray(inner))
      );
    if (blocker !== undefined) {
      assert.throws(() => setField(record, path, value), { code: "event.not_object" });
    } else {
      const copy = setField(record, path, value);
      assert.equal(getField(copy, path), value);
      const [head = ""] = path;
      for (const key of Object.keys(record)) {
        if (key !== head) assert.equal(followPath(copy, [key]), followPath(record, [key]));
      }
    }
    assert.equal(JSON.stringify(record), before);
  }));
});

Deno.test("setting refuses to write through what is no object, saying where", () => {
  const blocked: [JsonValue, string][] = [[5, "number"], [null, "null"], [[1], "array"], ["s", "string"]];
  for (const [value, kind] of blocked) {
    assert.throws(() => setField({ a: { b: value } }, "a.b.c", 1), {
      code: "event.not_object",
      message: `Cannot set field "a.b.c" as "a.b" must be an object: current value is ${kind}`,
      place: { field: "a.b" },
    });
  }
});

Deno.test("an event that is no object is refused", () => {
  for (const record of [null, 5, "abc", [1]]) {
    assert.throws(() => getField(record as unknown as EventRecord, "a"), { code: "event.not_object" });
    assert.throws(() => setField(record as unknown as EventRecord, "a", 1), { code: "event.not_object" });
  }
});

Deno.test("names that objects inherit are data at every depth", () => {
  for (const key of TRICKY_KEYS) {
    for (const depth of [1, 2, 3, 4]) {
      const path = new Array<string>(depth).fill(key).join(".");
      assert.equal(getField({}, path), undefined);
      const record = setField({}, `${path}.polluted`, 1);
      assert.deepEqual(record, nestedUnder(key, depth, { polluted: 1 }));
      assert.equal(getField(record, `${path}.polluted`), 1);
      assert.equal(Reflect.get({}, "polluted"), undefined);
    }
  }
});
