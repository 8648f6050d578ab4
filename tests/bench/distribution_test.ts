import assert from "node:assert/strict";
import { distributionOf } from "../../lib/bench/distribution.ts";
import { fc } from "../helpers/fast_check.ts";

Deno.test("percentiles are times that were measured", () => {
  const times = Array.from({ length: 1000 }, (_, index) => (index * 7919) % 1000 + 1);
  const { samples, p50, p90, p99, max, quantiles } = distributionOf(times);
  assert.deepEqual({ samples, p50, p90, p99, max }, {
    samples: 1000,
    p50: 500,
    p90: 900,
    p99: 990,
    max: 1000,
  });
  assert.equal(quantiles.length, 101);
  assert.deepEqual([quantiles[0], quantiles[50], quantiles[100]], [1, 500, 1000]);
});

Deno.test("one time is all percentiles", () => {
  const { p50, p99, max, quantiles } = distributionOf([3]);
  assert.deepEqual([p50, p99, max, new Set(quantiles)], [3, 3, 3, new Set([3])]);
});

Deno.test("at least the share of times is no longer than its percentile, whatever the times", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }), (times) => {
      const before = [...times];
      const { p50, p90, p99, quantiles } = distributionOf(times);
      assert.deepEqual(times, before);
      for (const [share, value] of [[0.5, p50], [0.9, p90], [0.99, p99]] as const) {
        assert.ok(times.includes(value));
        assert.ok(times.filter((time) => time <= value).length >= share * times.length);
      }
      assert.deepEqual(quantiles, [...quantiles].sort((a, b) => a - b));
    }),
    { seed: 6 },
  );
});
