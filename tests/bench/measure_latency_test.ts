import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { measureLatency } from "../../lib/bench/measure_latency.ts";
import { fakeStarter } from "../helpers/bench_worker.ts";
import { packflowError } from "../helpers/packflow_error.ts";
import { FakeClock } from "../helpers/streams.ts";

const LINES = ['{"a":1}', '{"a":2}', '{"a":3}'];

async function measure(
  batchSize: number,
  measureMs: number,
  answer?: (event: object) => { [key: string]: number },
) {
  const clock = new FakeClock();
  const sizes = new Set<number>();
  const { start } = fakeStarter(clock, () => ({
    pace: { batch: 2, event: 0.5 },
    ...(answer === undefined ? {} : { answer }),
  }));
  const workers = await start({ device: undefined, workers: 1, batchSize });
  return { latency: await measureLatency(workers, { lines: LINES, batchSize, measureMs, clock }), sizes };
}

Deno.test("a batch takes what its events take, also when there are fewer events than it needs", async () => {
  const { latency } = await measure(8, 600);
  assert.deepEqual([latency.p50, latency.p99, latency.samples], [6, 6, 100]);
});

Deno.test("some batches are measured however long they take", async () => {
  const { latency } = await measure(1, 1);
  assert.deepEqual([latency.p50, latency.samples], [2.5, 5]);
});

Deno.test("an event that fails ends the measurement with its error", async () => {
  const fails = () => {
    throw new PackflowError("event.not_numeric", "Cannot read it");
  };
  await packflowError(measure(2, 10, fails), "event.not_numeric");
});
