import assert from "node:assert/strict";
import { endWorkers } from "../../lib/bench/bench_worker.ts";
import { fakeStarter } from "../helpers/bench_worker.ts";
import { FakeClock } from "../helpers/streams.ts";

Deno.test("ended workers are gone when the wait is over", async () => {
  const { start, alive } = fakeStarter(new FakeClock(), () => ({ pace: { batch: 1, event: 0 } }));
  const workers = await start({ device: undefined, workers: 3, batchSize: 1 });
  assert.equal(alive(), 3);
  await endWorkers(workers);
  assert.equal(alive(), 0);
});
