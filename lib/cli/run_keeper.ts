import type { RunPosition } from "../stream/run_options.ts";
import type { RunSummary } from "../stream/run_summary.ts";

/** Notes how far a run is, where it can go on from there another time. */
export interface RunKeeper {
  /** Everything before a position has been given to the sinks, and nothing else. @throws {PackflowError} */
  at(position: RunPosition): Promise<void>;
  /** The run has ended. @throws {PackflowError} */
  end(summary: RunSummary): Promise<void>;
}
