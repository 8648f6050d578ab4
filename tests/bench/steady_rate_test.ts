import assert from "node:assert/strict";
import { type Rate, SteadyRate } from "../../lib/bench/steady_rate.ts";

/** Adds so many events every 50 ms until the rate is known. */
function find(
  eventsIn: (step: number) => number,
  options: { measureMs: number; mostWarmUpMs: number },
): Rate {
  const steady = new SteadyRate(1000, options);
  let count = 0;
  for (let step = 1; step < 1000; step++) {
    count += eventsIn(step);
    const rate = steady.add(count, 1000 + 50 * step);
    if (rate !== undefined) return rate;
  }
  assert.fail("no rate was found");
}

Deno.test("a constant rate is steady after six windows", () => {
  const rate = find(() => 5, { measureMs: 1000, mostWarmUpMs: 3000 });
  assert.deepEqual(rate, { perSecond: 100, isSteady: true, warmUpMs: 600, spread: 0 });
});

Deno.test("a rate that grows and then stays is measured where it stays", () => {
  const rate = find((step) => Math.min(step, 40), { measureMs: 500, mostWarmUpMs: 10_000 });
  assert.equal(rate.isSteady, true);
  assert.ok(rate.warmUpMs >= 2000, `${rate.warmUpMs} ms`);
  assert.ok(Math.abs(rate.perSecond - 800) < 8, `${rate.perSecond}/s`);
});

Deno.test("a rate that never stays is measured in the end, and said not to be steady", () => {
  const rate = find((step) => 1.2 ** step, { measureMs: 500, mostWarmUpMs: 2000 });
  assert.equal(rate.isSteady, false);
  assert.equal(rate.warmUpMs, 2000);
  assert.ok(rate.spread > 0.5);
});

Deno.test("a rate that swings around a mean is steady, and its spread says how far it swings", () => {
  const rate = find((step) => Math.ceil(step / 2) % 2 === 0 ? 4 : 6, { measureMs: 1000, mostWarmUpMs: 5000 });
  assert.equal(rate.perSecond, 100);
  assert.ok(Math.abs(rate.spread - 0.4) < 1e-9, `${rate.spread}`);
});

Deno.test("slow work has long windows", () => {
  const steady = new SteadyRate(0, { measureMs: 1000, mostWarmUpMs: 60_000 });
  let rate: Rate | undefined;
  for (let block = 1; rate === undefined && block < 50; block++) rate = steady.add(block, 700 * block);
  assert.deepEqual(rate?.isSteady, true);
  assert.ok(Math.abs((rate?.perSecond ?? 0) - 1 / 0.7) < 1e-9);
});

Deno.test("nothing at all has no rate but zero", () => {
  const rate = find(() => 0, { measureMs: 100, mostWarmUpMs: 1000 });
  assert.deepEqual(rate, { perSecond: 0, isSteady: false, warmUpMs: 1000, spread: 0 });
});
