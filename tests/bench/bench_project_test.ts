import assert from "node:assert/strict";
import { benchProject } from "../../lib/bench/bench_project.ts";
import type { Setting } from "../../lib/bench/bench_worker.ts";
import { fakeStarter } from "../helpers/bench_worker.ts";
import { FakeClock } from "../helpers/streams.ts";

Deno.test("every combination is measured once, and the fastest recommended", async () => {
  const clock = new FakeClock();
  const pace = ({ device }: Setting) => ({ batch: 1, event: device === "trees" ? 0.01 : 0.5 });
  const { start, alive } = fakeStarter(clock, (setting) => ({ pace: pace(setting) }));
  const told: string[] = [];
  const { measurements, recommended, events, comparison } = await benchProject({
    events: { name: "events.ndjson", events: [{ a: 1 }, { a: 2 }] },
    devices: ["trees", "wasm"],
    mustBeThere: true,
    workers: [1],
    batchSizes: [1, 16],
    measureMs: 300,
    tolerance: 1e-3,
    startWorkers: start,
    clock,
    onSetting: ({ device, workers, batchSize }, done, of) =>
      told.push(`${done}/${of} ${device} ${workers} ${batchSize}`),
  });
  assert.deepEqual(told, ["0/4 trees 1 1", "1/4 trees 1 16", "2/4 wasm 1 1", "3/4 wasm 1 16"]);
  assert.deepEqual(
    measurements.map(({ device, workers, batchSize }) => ({ device, workers, batchSize })),
    [["trees", 1], ["trees", 16], ["wasm", 1], ["wasm", 16]].map(([device, batchSize]) => ({
      device,
      workers: 1,
      batchSize,
    })),
  );
  assert.deepEqual(events, { name: "events.ndjson", count: 2 });
  assert.equal(comparison.events, 2);
  assert.equal(recommended?.throughput.setting, measurements[1]);
  assert.equal(recommended?.latency?.setting, measurements[0]);
  assert.equal(alive(), 0);
});
