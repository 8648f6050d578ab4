import type { Clock } from "../host/clock.ts";
import type { BlockOptions, BlockResult } from "../records/block.ts";
import type { InputFormat } from "../records/formats.ts";
import type { OpenSource, ReaderOptions, StartPoint } from "./block_reader.ts";
import type { BlockWorker } from "./block_worker.ts";
import type { DeadLetterOptions } from "./dead_letter_writer.ts";
import type { ErrorLimit } from "./error_limit.ts";
import type { RunSummary } from "./run_summary.ts";
import type { Sink } from "./sink.ts";
import type { Source } from "./source.ts";

/** How far a run is. */
export interface RunProgress
  extends Pick<RunSummary, "read" | "written" | "failed" | "dead" | "skipped" | "bytesRead"> {}

/** A block that a worker has answered. */
export interface BlockDone extends Pick<BlockResult, "records" | "batches" | "stages"> {
  /** From when the worker turned to it. */
  readonly ms: number;
}

/** Up to where everything has been written. */
export interface RunPosition extends StartPoint {
  /** Newlines in the source before the offset. */
  readonly lines: number;
  /** Whether the output has results. */
  readonly begun: boolean;
  /** The columns of the output, where it is made of rows and has any. */
  readonly columns?: readonly string[];
}

/** What to run, on what, how. */
export interface RunStreamOptions {
  readonly source: Source;
  /** Sources that come after the first. */
  readonly moreSources?: readonly OpenSource[];
  readonly sink: Sink;
  /**
   * Starts a worker; called again for each worker there may be, and to replace one.
   *
   * @param block How it is to work: as the option `block` says, with what has become known since.
   */
  readonly startWorker: (block: BlockOptions) => BlockWorker;
  readonly block: BlockOptions;
  /** Most workers. @default 1 */
  readonly workers?: number;
  /** Left out: told by the first character that is not white space. */
  readonly inputFormat?: InputFormat | undefined;
  /** Results are written as they come; by default in the order of the events. */
  readonly unordered?: boolean;
  /** Milliseconds that a batch which is not full waits for more input. @default 0 */
  readonly maxWaitMs?: number;
  /**
   * Milliseconds in which a block must be answered, from when its worker turns to it; else the worker is killed and
   * the block tried again in parts, so that no event fails which is answered in that time alone. @default 0, no limit
   */
  readonly timeoutMs?: number;
  readonly deadLetter?: DeadLetterOptions | undefined;
  readonly maxErrors?: ErrorLimit | undefined;
  /** Aborting drains: reading stops, what was read is answered. */
  readonly signal?: AbortSignal;
  /** Called after every block that is written. */
  readonly onProgress?: (progress: RunProgress) => void;
  /** Called for every block that a worker has answered. */
  readonly onBlock?: (block: BlockDone) => void;
  /** Called, and waited for, when everything before a position of the input has been given to the sinks. */
  readonly onPosition?: (position: RunPosition) => Promise<void>;
  /** Where to begin; `source` then begins at that offset or before it. */
  readonly start?: RunPosition | undefined;
  /** Makes what cuts the input into blocks; by default it is chosen by the format. */
  readonly cutter?: ReaderOptions["cutter"];
  readonly clock?: Clock;
}
