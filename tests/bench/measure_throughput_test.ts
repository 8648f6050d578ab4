import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { benchBlock } from "../../lib/bench/measure_setting.ts";
import { measureThroughput } from "../../lib/bench/measure_throughput.ts";
import { fakeStarter, type Pace } from "../helpers/bench_worker.ts";
import { packflowError } from "../helpers/packflow_error.ts";
import { bytesOf, FakeClock } from "../helpers/streams.ts";

async function measure(batchSize: number, pace: Pace, answer = (event: object) => ({ ...event })) {
  const clock = new FakeClock();
  const { start, alive } = fakeStarter(clock, () => ({ pace, answer }));
  const workers = await start({ device: undefined, workers: 1, batchSize });
  const options = {
    ndjson: bytesOf('{"a":1}\n'.repeat(50)),
    block: benchBlock(batchSize),
    measureMs: 500,
    clock,
  };
  return { rate: await measureThroughput(workers, options), alive };
}

Deno.test("throughput is what the workers' pace makes it", async () => {
  const { rate, alive } = await measure(10, { batch: 1, event: 0.1 });
  assert.equal(rate.isSteady, true);
  assert.ok(Math.abs(rate.perSecond - 5000) < 50, `${rate.perSecond}/s`);
  assert.equal(alive(), 1, "the workers are measured further");
});

Deno.test("a larger batch shares the cost of a call", async () => {
  const { rate } = await measure(1000, { batch: 1, event: 0.01 });
  assert.ok(Math.abs(rate.perSecond - 1000 / 11 * 1000) < 2000, `${rate.perSecond}/s`);
});

Deno.test("an event that fails ends the measurement with its error", async () => {
  const fails = () => {
    throw new PackflowError("event.missing_field", "Cannot find it");
  };
  await packflowError(measure(10, { batch: 1, event: 0 }, fails), "event.missing_field");
});
