import assert from "node:assert/strict";
import { deepMerge } from "../../lib/base/deep_merge.ts";
import type { JsonObject } from "../../lib/base/json.ts";
import { type Arbitrary, fc } from "../helpers/fast_check.ts";
import { jsonObjects, nestedUnder, TRICKY_KEYS } from "../helpers/json_arbitraries.ts";

Deno.test("objects merge, arrays and scalars are replaced", () => {
  const base = { a: { x: 1, y: [1, 2] }, b: [1], c: { z: 1 }, d: 1 };
  const over = { a: { y: [3], z: 4 }, b: [], c: 5, d: { e: null } };
  assert.deepEqual(deepMerge(base, over), { a: { x: 1, y: [3], z: 4 }, b: [], c: 5, d: { e: null } });
});

Deno.test("keys of the lower layer come first, in their order", () => {
  assert.deepEqual(Object.keys(deepMerge({ b: 1, a: 1 }, { c: 1, a: 2 })), ["b", "a", "c"]);
});

Deno.test("merging with nothing changes nothing, and what was merged stays", () => {
  fc.assert(fc.property(jsonObjects, jsonObjects, (base, over) => {
    assert.deepEqual(deepMerge(base, {}), base);
    assert.deepEqual(deepMerge({}, over), over);
    assert.deepEqual(deepMerge(base, base), base);
    const merged = deepMerge(base, over);
    assert.deepEqual(deepMerge(merged, over), merged);
  }));
});

Deno.test("merging is associative where no object meets another kind of value", () => {
  const numbers = fc.dictionary(fc.constantFrom("a", "b", "__proto__"), fc.integer());
  const layers: Arbitrary<JsonObject> = fc.dictionary(fc.constantFrom("p", "q", "constructor"), numbers);
  fc.assert(fc.property(layers, layers, layers, (one, two, three) => {
    assert.deepEqual(deepMerge(deepMerge(one, two), three), deepMerge(one, deepMerge(two, three)));
  }));
});

Deno.test("neither side is changed, nor an object of one put where the other can change it", () => {
  fc.assert(fc.property(jsonObjects, jsonObjects, (base, over) => {
    const before = JSON.stringify([base, over]);
    deepMerge(base, over);
    assert.equal(JSON.stringify([base, over]), before);
  }));
});

Deno.test("names that objects inherit are data at every depth", () => {
  for (const key of TRICKY_KEYS) {
    for (const depth of [1, 2, 3, 4]) {
      const merged = deepMerge(nestedUnder(key, depth, { low: 1 }), nestedUnder(key, depth, { polluted: 2 }));
      assert.deepEqual(merged, nestedUnder(key, depth, { low: 1, polluted: 2 }));
      assert.equal(Object.getPrototypeOf(merged), Object.prototype);
      assert.equal(Reflect.get({}, "polluted"), undefined);
    }
  }
});

Deno.test("options nested too deep are refused rather than overflowing the stack", () => {
  const deep = () => nestedUnder("a", 20_000, 1);
  assert.throws(() => deepMerge(deep(), deep()), { code: "config.invalid", message: /at most 512 levels/ });
});
