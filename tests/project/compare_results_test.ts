import assert from "node:assert/strict";
import type { JsonObject } from "../../lib/base/json.ts";
import { compareResults } from "../../lib/project/compare_results.ts";
import { fc } from "../helpers/fast_check.ts";

Deno.test("names every place where results differ", () => {
  const expected = { label: 1, scores: [0.1, 0.9], deep: { a: "x", gone: null }, list: [1] };
  const got = { label: 2, scores: [0.1, 0.8], deep: { a: "x", extra: true }, list: [1, 2] };
  assert.deepEqual(compareResults(expected, got, 1e-5), [
    { path: "label", expected: 1, got: 2 },
    { path: "scores[1]", expected: 0.9, got: 0.8 },
    { path: "deep.gone", expected: null, got: undefined },
    { path: "deep.extra", expected: undefined, got: true },
    { path: "list", expected: [1], got: [1, 2] },
  ]);
});

Deno.test("takes the tolerance as absolute below 1 and relative above", () => {
  const close = (a: number, b: number, tolerance: number) =>
    compareResults({ v: a }, { v: b }, tolerance).length === 0;
  assert.equal(close(0.1, 0.100009, 1e-5), true);
  assert.equal(close(0.1, 0.10002, 1e-5), false);
  assert.equal(close(1e6, 1e6 + 9, 1e-5), true);
  assert.equal(close(1, 1.0000001, 0), false);
});

Deno.test("tells kinds apart, and own members from inherited ones", () => {
  assert.equal(compareResults({ a: 1 }, { a: "1" }, 1).length, 1);
  assert.equal(compareResults({ a: {} }, { a: [] }, 1).length, 1);
  assert.deepEqual(compareResults({}, JSON.parse('{"toString": 1}'), 1), [
    { path: "toString", expected: undefined, got: 1 },
  ]);
});

Deno.test("finds nothing between a result and its copy", () => {
  const results = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }));
  fc.assert(fc.property(results, (value) => {
    const result: JsonObject = JSON.parse(JSON.stringify(value));
    assert.deepEqual(compareResults(result, JSON.parse(JSON.stringify(value)), 0), []);
  }));
});
