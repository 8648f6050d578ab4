import type { ErrorCode } from "../base/error_codes.ts";

/** Where in its way through the stream a record failed. */
export type Stage = "split" | "parse" | "infer" | "serialise";

/** One record that failed, by its index in its block. Plain data apart from `cause`. */
export interface RecordFailure {
  readonly index: number;
  readonly stage: Stage;
  readonly code: ErrorCode;
  readonly message: string;
  /** Where in the record: characters before the fault. */
  readonly position?: number;
  /** Path of the field inside the event. */
  readonly field?: string;
  /** Size of a record too large to be kept, in bytes. */
  readonly bytes?: number;
  /** What was thrown, where it is in reach. */
  readonly cause?: unknown;
}

/**
 * Raw records, in order: what travels from the reader to whoever parses, infers and serialises.
 *
 * Record `i` is `bytes[starts[i]..ends[i]]`. The reader keeps `offsets`, `lines` and `columns` to tell where a
 * record came from; working on a block needs only `bytes`, `starts`, `ends` and `failures`.
 */
export interface RecordBlock {
  readonly bytes: Uint8Array;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Byte offset of each record in the source. */
  readonly offsets: readonly number[];
  /** Line on which each record starts, counted from 1. */
  readonly lines: readonly number[];
  /** Column at which each record starts, counted from 1, in bytes. */
  readonly columns: readonly number[];
  /** Records that are failures already, such as one over the size limit; their range is empty if not kept. */
  readonly failures: readonly RecordFailure[];
}
