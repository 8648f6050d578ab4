import { PackflowError } from "../base/errors.ts";
import type { StageTimes } from "../records/block.ts";

/** How a run ended. */
export type RunOutcome =
  /** The input is used up. */
  | "completed"
  /** Asked to stop: what had been read is answered. */
  | "drained"
  /** Nobody reads the output any more. */
  | "closed"
  /** `failure` says why. */
  | "failed";

/** What a run did, counted in events. `read` = `written` + `dead` + `skipped` + `unanswered`, always. */
export interface RunSummary {
  readonly outcome: RunOutcome;
  /** Why the run failed: the first failing event under "fail", or the source or sink. */
  readonly failure?: PackflowError;
  /** Events taken from the input, those that are no good JSON included. */
  readonly read: number;
  /** Results written, errors in their place ("emit") included. */
  readonly written: number;
  /** Events that failed, whatever became of them. */
  readonly failed: number;
  /** Failed events left out with no copy kept. */
  readonly skipped: number;
  /** Failed events that are in the dead letters and not in the output. */
  readonly dead: number;
  /** Events with no answer as the run stopped at them: the failing one under "fail", those a sink did not take. */
  readonly unanswered: number;
  /** Batches that were inferred. */
  readonly batches: number;
  /** Bytes read from the input; on a drain an unfinished record at the end is among them, unread. */
  readonly bytesRead: number;
  /** From the first worker's start until the output is closed. */
  readonly seconds: number;
  /** Of these, until the first worker was ready: loading the backend. */
  readonly startSeconds: number;
  /** How long the workers were busy, in milliseconds, summed over all. */
  readonly stages: StageTimes;
}

/** The counts of a run while it runs. */
export class RunTotals {
  read = 0;
  written = 0;
  failed = 0;
  skipped = 0;
  dead = 0;
  unanswered = 0;
  batches = 0;

  /** @throws {PackflowError} `internal.unexpected` if an event is unaccounted for. */
  check(): void {
    const { read, written, skipped, dead, unanswered } = this;
    if (read === written + skipped + dead + unanswered) return;
    throw new PackflowError(
      "internal.unexpected",
      `Cannot account for every event as ${read} read must equal ${written} written + ${dead} dead + ` +
        `${skipped} skipped + ${unanswered} unanswered`,
    );
  }
}
