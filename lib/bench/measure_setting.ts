import type { Clock } from "../host/clock.ts";
import { peakMemoryOf } from "../host/process_memory.ts";
import type { BlockOptions } from "../records/block.ts";
import { type BenchWorker, endWorkers, type Setting, type StartWorkers } from "./bench_worker.ts";
import type { Distribution } from "./distribution.ts";
import { measureLatency } from "./measure_latency.ts";
import { measureThroughput } from "./measure_throughput.ts";
import type { Rate } from "./steady_rate.ts";

/** What was measured of a setting. */
export interface Measurement extends Setting {
  /** Events answered in a second, by all workers together. */
  readonly throughput: Rate;
  /** How long a batch takes, sent to a worker that has nothing else to do; so long each of its events waits. */
  readonly latency: Distribution;
  /** Milliseconds until the first worker could answer, and until all could. */
  readonly startUp: { readonly first: number; readonly all: number };
  /** The most memory that the workers held, in bytes, added up; undefined where the system does not say. */
  readonly memory: number | undefined;
}

/** With what and how long a setting is measured. */
export interface MeasureOptions {
  /** Events, a line each. */
  readonly lines: readonly string[];
  readonly measureMs: number;
  readonly clock: Clock;
  readonly startWorkers: StartWorkers;
}

/** How blocks are worked on while measuring: what fails ends it. */
export function benchBlock(batchSize: number): BlockOptions {
  return { batchSize, onError: "fail", outputFormat: "ndjson", maxEventBytes: 16 * 1024 * 1024 };
}

/**
 * Measures one setting with fresh workers: their start, throughput once it is steady, then latency.
 *
 * @throws {PackflowError} Why workers do not start, or what an event failed with.
 */
export async function measureSetting(setting: Setting, options: MeasureOptions): Promise<Measurement> {
  const { clock, measureMs, lines } = options;
  const begun = clock.now();
  const workers = await options.startWorkers(setting);
  try {
    const ready = workers.map((worker) => worker.ready.then(() => clock.now() - begun));
    const times = await Promise.all(ready);
    const [first, all] = [Math.min(...times), Math.max(...times)];
    const throughput = await measureThroughput(workers, {
      ndjson: new TextEncoder().encode(lines.map((line) => `${line}\n`).join("")),
      block: benchBlock(setting.batchSize),
      measureMs,
      clock,
    });
    const latency = await measureLatency(workers, {
      ...{ lines, measureMs, clock },
      batchSize: setting.batchSize,
    });
    return { ...setting, throughput, latency, startUp: { first, all }, memory: memoryOf(workers) };
  } finally {
    await endWorkers(workers);
  }
}

function memoryOf(workers: readonly BenchWorker[]): number | undefined {
  let sum = 0;
  for (const { pid } of workers) {
    const peak = pid === undefined ? undefined : peakMemoryOf(pid);
    if (peak === undefined) return undefined;
    sum += peak;
  }
  return sum;
}
