import { PackflowError } from "../base/errors.ts";
import type { Clock } from "../host/clock.ts";
import type { Block } from "../records/block.ts";
import type { BenchWorker } from "./bench_worker.ts";
import { type Distribution, distributionOf } from "./distribution.ts";

/** How latency is measured. */
export interface LatencyOptions {
  /** Events, a line each. */
  readonly lines: readonly string[];
  readonly batchSize: number;
  readonly measureMs: number;
  readonly clock: Clock;
}

/** Different batches that are sent in turn. */
const MOST_BLOCKS = 16;
/** Batches that each worker answers whatever time that takes, so that a distribution can be told at all. */
const LEAST_BATCHES = 5;
const MOST_BATCHES = 20_000;

/**
 * Measures how long one batch takes to be answered: from when it is sent to a worker until its results are here, in
 * milliseconds. Every worker has one batch at a time, all of them at once.
 *
 * @throws {PackflowError} What an event or a worker failed with.
 */
export async function measureLatency(
  workers: readonly BenchWorker[],
  { lines, batchSize, measureMs, clock }: LatencyOptions,
): Promise<Distribution> {
  const blocks = blocksOf(lines, batchSize);
  const end = clock.now() + measureMs;
  const times = await Promise.all(workers.map(async (worker, first) => {
    const measured: number[] = [];
    while (measured.length < LEAST_BATCHES || (measured.length < MOST_BATCHES && clock.now() < end)) {
      const block = blocks[(first + measured.length) % blocks.length];
      if (block === undefined) break;
      const start = clock.now();
      const { failures: [failure] } = await worker.process(block);
      measured.push(clock.now() - start);
      if (failure !== undefined) throw new PackflowError(failure.code, failure.message);
    }
    return measured;
  }));
  return distributionOf(times.flat());
}

/** Batches that go round the events, each as a block. */
function blocksOf(lines: readonly string[], batchSize: number): Block[] {
  const encoder = new TextEncoder();
  const count = Math.min(MOST_BLOCKS, Math.max(1, Math.floor(lines.length / batchSize)));
  return Array.from({ length: count }, (_, index) => {
    const batch = Array.from(
      { length: batchSize },
      (_, at) => `${lines[(index * batchSize + at) % lines.length]}\n`,
    );
    return { bytes: encoder.encode(batch.join("")) };
  });
}
