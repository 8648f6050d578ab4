import assert from "node:assert/strict";
import { benchBlock, measureSetting } from "../../lib/bench/measure_setting.ts";
import { PackflowError } from "../../lib/base/errors.ts";
import { fakeStarter } from "../helpers/bench_worker.ts";
import { packflowError } from "../helpers/packflow_error.ts";
import { FakeClock } from "../helpers/streams.ts";

const SETTING = { device: "wasm", workers: 2, batchSize: 4 };

Deno.test("a setting has its throughput, latency and start-up measured, and its workers ended", async () => {
  const clock = new FakeClock();
  const { start, alive } = fakeStarter(clock, () => ({
    pace: { batch: 3, event: 0.25 },
    ready: Promise.resolve().then(() => clock.advance(100)),
  }));
  const measured = await measureSetting(SETTING, {
    lines: ['{"a":1}'],
    measureMs: 400,
    clock,
    startWorkers: start,
  });
  const { throughput, latency, startUp, memory, ...setting } = measured;
  assert.deepEqual(setting, SETTING);
  assert.ok(Math.abs(throughput.perSecond - 1000) < 20, `${throughput.perSecond}/s`);
  // the two fake workers move one clock
  assert.ok(latency.p50 >= 4 && latency.p50 <= 8, `${latency.p50} ms`);
  assert.ok(startUp.first <= startUp.all && startUp.all <= 200);
  assert.equal(memory, undefined);
  assert.equal(alive(), 0);
});

Deno.test("workers that do not get ready are ended, and say why", async () => {
  const clock = new FakeClock();
  const { start, alive } = fakeStarter(clock, () => ({
    pace: { batch: 1, event: 0 },
    ready: Promise.reject(new PackflowError("model.invalid", "Cannot open it")),
  }));
  const options = { lines: ["{}"], measureMs: 10, clock, startWorkers: start };
  await packflowError(measureSetting(SETTING, options), "model.invalid");
  assert.equal(alive(), 0);
});

Deno.test("what fails while measuring ends it", () => {
  assert.equal(benchBlock(7).batchSize, 7);
  assert.equal(benchBlock(7).onError, "fail");
});
