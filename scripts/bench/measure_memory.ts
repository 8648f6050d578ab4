import { join } from "node:path";
import type { Sides } from "./measure.ts";
import { memoryMetric, type MemorySample } from "./process_memory.ts";
import { growthOf } from "./statistics.ts";
import type { Workload } from "./workloads.ts";

const WORKERS = 2;
const MINUTE_MS = 60_000;

/** Memory of the whole process tree. */
export interface MemoryFigures {
  readonly metric: "PSS" | "RSS";
  readonly rows: number;
  readonly workers: number;
  readonly peakBytes: number;
  /** Of the peer, on the same events. */
  readonly peerPeakBytes?: number;
  /** How long events were fed without a pause to see whether memory stays flat. */
  readonly soakSeconds: number;
  /** Growth within the end of the soak, over `windowSeconds`. */
  readonly growthBytes: number;
  readonly windowSeconds: number;
  /** The peak within that window, and the peak before it: a heap that only wanders does not exceed the latter. */
  readonly windowPeakBytes: number;
  readonly earlierPeakBytes: number;
}

/**
 * Measures memory in runs of their own, as looking at it takes time; undefined where there is no /proc.
 *
 * @param soakSeconds How long to feed events; the growth is that of the last minute, in a short soak of its
 * second half.
 */
export async function measureMemory(
  sides: Sides,
  workload: Workload,
  { batchSize, soakSeconds }: { batchSize: number; soakSeconds: number },
): Promise<MemoryFigures | undefined> {
  const memory = await memoryMetric();
  if (memory === undefined) return undefined;
  const { events: input, rows, project, peer } = workload;
  const job = { input, rows, batchSize, memory, output: join(sides.folder, "answers-memory.ndjson") };
  const ours = await sides.ours.run(project, { ...job, workers: WORKERS });
  const theirs = await sides.theirs?.run(peer, job);
  const soak = await sides.ours.start(
    ["run", project, "--batch-size", String(batchSize), "--workers", String(WORKERS)],
    { memory, feed: endless(input, soakSeconds) },
  );
  const end = soakSeconds * 1000;
  const windowMs = Math.min(MINUTE_MS, end / 2);
  // what comes after the end of the feed is the way down
  const window = soak.memory.filter(({ at }) => at <= end && at >= end - windowMs);
  return {
    metric: memory,
    rows,
    workers: WORKERS,
    peakBytes: peakOf(ours.memory),
    ...(theirs === undefined ? {} : { peerPeakBytes: peakOf(theirs.memory) }),
    soakSeconds,
    growthBytes: growthOf(window.map(({ bytes }) => bytes)),
    windowSeconds: windowMs / 1000,
    windowPeakBytes: peakOf(window),
    earlierPeakBytes: peakOf(soak.memory.filter(({ at }) => at < end - windowMs)),
  };
}

function peakOf(samples: readonly MemorySample[]): number {
  return Math.max(...samples.map(({ bytes }) => bytes));
}

/** A file's bytes again and again, whole, until the time is up. */
async function* endless(path: string, seconds: number): AsyncGenerator<Uint8Array> {
  const bytes = await Deno.readFile(path);
  const end = performance.now() + seconds * 1000;
  const size = 1 << 16;
  while (performance.now() < end) {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
}
