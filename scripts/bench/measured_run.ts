import type { MemorySample } from "./process_memory.ts";
import { lastLineOf, type ProcessResult } from "./run_process.ts";

/** Events to run and where their answers go. */
export interface Job {
  readonly input: string;
  readonly output: string;
  readonly batchSize: number;
  /** How many events the input holds. */
  readonly rows: number;
  readonly memory?: "PSS" | "RSS" | undefined;
}

/** What one run of one side took. */
export interface MeasuredRun {
  /** From when the model is loaded, ours in the first worker, to the last write. */
  readonly seconds: number;
  /** Of the whole process. */
  readonly wallSeconds: number;
  readonly memory: readonly MemorySample[];
  /** Milliseconds by stage, summed over workers, where the program says so. */
  readonly stages: Readonly<Record<string, number>>;
}

/**
 * Reads the summary that both sides print on the last line of standard error.
 *
 * @throws {Error} if it counts other than the expected number of rows.
 */
export function measuredRun(result: ProcessResult, rows: number): MeasuredRun {
  const summary = lastLineOf(result.stderr);
  const { seconds, startSeconds = 0 } = summary;
  const counts = "rows" in summary ? [summary.rows] : [summary.read, summary.written];
  if (
    typeof seconds !== "number" || typeof startSeconds !== "number" || counts.some((count) => count !== rows)
  ) {
    throw new Error(`Cannot measure the run as it must handle ${rows} events: ${JSON.stringify(summary)}`);
  }
  return {
    seconds: seconds - startSeconds,
    wallSeconds: result.wallSeconds,
    memory: result.memory,
    stages: numbersIn(summary.stages),
  };
}

function numbersIn(value: unknown): Record<string, number> {
  if (typeof value !== "object" || value === null) return {};
  const entries = Object.entries(value).filter((entry): entry is [string, number] =>
    typeof entry[1] === "number"
  );
  return Object.fromEntries(entries);
}
