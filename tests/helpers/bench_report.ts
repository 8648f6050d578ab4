import type { BenchReport } from "../../lib/bench/bench_project.ts";
import type { Setting } from "../../lib/bench/bench_worker.ts";
import { distributionOf } from "../../lib/bench/distribution.ts";
import type { Measurement } from "../../lib/bench/measure_setting.ts";
import { recommend } from "../../lib/bench/recommend.ts";

/** A measurement with figures that follow from the setting, unless they are given. */
export function measurement(
  setting: Setting,
  figures: { perSecond?: number; p99?: number; isSteady?: boolean; memory?: number | undefined } = {},
): Measurement {
  const { workers, batchSize } = setting;
  const { perSecond = 100_000 * workers * batchSize / (batchSize + 16), isSteady = true } = figures;
  const slowest = figures.p99 ?? 0.02 + batchSize / 500;
  const times = Array.from({ length: 200 }, (_, index) => slowest * (0.5 + 0.5 * (index / 199) ** 4));
  return {
    ...setting,
    throughput: { perSecond, isSteady, warmUpMs: 600, spread: 0.04 },
    latency: distributionOf(times),
    startUp: { first: 210, all: 230 + 15 * workers },
    memory: "memory" in figures ? figures.memory : 90e6 * workers,
  };
}

/** A report of two devices, two numbers of workers and four batch sizes. */
export function benchReport(): BenchReport {
  const measurements = ["trees", "wasm"].flatMap((device) =>
    [1, 2].flatMap((workers) =>
      [1, 32, 256, 2048].map((batchSize) => {
        const one = measurement({ device, workers, batchSize });
        const factor = device === "trees" ? 2 : 1;
        return { ...one, throughput: { ...one.throughput, perSecond: factor * one.throughput.perSecond } };
      })
    )
  );
  const answers = [
    { device: "trees", isReference: false, differing: 0, largestDifference: 5.96e-8 },
    { device: "wasm", isReference: true, differing: 0, largestDifference: 0 },
  ];
  return {
    events: { name: "events.ndjson", count: 4 },
    comparison: {
      events: 4,
      answers,
      missing: [{ device: "webgpu", reason: 'Cannot open model "<b>.onnx" as there is no adapter' }],
    },
    tolerance: 1e-3,
    measurements,
    recommended: recommend(measurements, answers),
  };
}
