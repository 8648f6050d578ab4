import type { Clock } from "../host/clock.ts";
import type { BlockOptions } from "../records/block.ts";
import { runStream } from "../stream/run_stream.ts";
import type { Sink } from "../stream/sink.ts";
import type { BenchWorker } from "./bench_worker.ts";
import { RepeatedSource } from "./repeated_source.ts";
import { type Rate, SteadyRate } from "./steady_rate.ts";

/** How throughput is measured. */
export interface ThroughputOptions {
  readonly ndjson: Uint8Array;
  readonly block: BlockOptions;
  readonly measureMs: number;
  readonly clock: Clock;
}

/** The rate may still change after that many times of what is measured, or that many milliseconds if those are more. */
const WARM_UP_TIMES = 3;
const LEAST_WARM_UP_MS = 2000;

const NOWHERE: Sink = { name: "nowhere", write: async () => {}, close: async () => {} };

/**
 * Runs a stream through workers that are ready, as `packflow run` would, but for the files: the answers go nowhere.
 *
 * @throws {PackflowError} What an event or a worker failed with.
 */
export async function measureThroughput(
  workers: readonly BenchWorker[],
  { ndjson, block, measureMs, clock }: ThroughputOptions,
): Promise<Rate> {
  const source = new RepeatedSource(ndjson);
  const mostWarmUpMs = Math.max(LEAST_WARM_UP_MS, WARM_UP_TIMES * measureMs);
  const steady = new SteadyRate(clock.now(), { measureMs, mostWarmUpMs });
  let rate: Rate | undefined;
  const left = [...workers];
  const { failure } = await runStream({
    source,
    sink: NOWHERE,
    startWorker: () => kept(left.shift()),
    workers: workers.length,
    block,
    inputFormat: "ndjson",
    clock,
    onProgress: ({ read }) => {
      rate ??= steady.add(read, clock.now());
      if (rate !== undefined) source.end();
    },
  });
  if (failure !== undefined) throw failure;
  if (rate === undefined) throw new Error("The stream ended before its rate was known");
  return rate;
}

/** A worker that outlives the run: it is to be measured further. */
function kept(worker: BenchWorker | undefined): BenchWorker {
  if (worker === undefined) throw new Error("A worker ended that was to be measured");
  return {
    ready: worker.ready,
    exited: worker.exited,
    pid: worker.pid,
    process: (block) => worker.process(block),
    call: (op, events) => worker.call(op, events),
    kill: (error) => worker.kill(error),
    close: async () => {},
  };
}
