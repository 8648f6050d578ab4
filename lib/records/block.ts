import type { ErrorCode } from "../base/error_codes.ts";
import type { CsvInput } from "./csv_reader.ts";
import type { OutputFormat } from "./formats.ts";
import type { KeptField } from "./kept_fields.ts";

/** Consecutive records of a source, cut at record boundaries: what travels to a worker. */
export interface Block {
  readonly bytes: Uint8Array;
  /** Byte ranges `[start, end)` of the records in `bytes`, as pairs; absent for NDJSON, whose records are lines. */
  readonly ranges?: Uint32Array;
}

/** Where in its way through the stream a record failed. */
export type Stage = "split" | "parse" | "infer" | "serialise" | "worker";

/** Why a record failed, by its index among the records of its block. Plain data. */
export interface RecordFault {
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
}

/** A record that failed, with its place in the block. */
export interface RecordFailure extends RecordFault {
  /** Its byte range in the block's bytes, which is empty for a record that was not kept. */
  readonly start: number;
  readonly end: number;
  /** Newlines before it in the block. */
  readonly line: number;
}

/** What becomes of an event that fails: stop the run, leave it out, or write an error in its place. */
export const ON_ERROR = ["fail", "skip", "emit"] as const;
/** What becomes of an event that fails. */
export type OnError = typeof ON_ERROR[number];

/** How blocks are worked on. Plain data: it travels to the worker once. */
export interface BlockOptions {
  /** Most events per call of the backend. */
  readonly batchSize: number;
  readonly onError: OnError;
  readonly outputFormat: OutputFormat;
  /** A record of more bytes is a failure. */
  readonly maxEventBytes: number;
  /** How rows become events, where the input is CSV; its blocks have ranges. */
  readonly csv?: CsvInput;
  /** Fields of events that go into their results. */
  readonly keep?: readonly KeptField[];
  /** The keys of results that are written, in this order; all where it is absent. */
  readonly outputKeys?: readonly string[];
  /** The columns of the output, where it is CSV and they are known: those that the first result gave. */
  readonly columns?: readonly string[];
}

/** How long work took, in milliseconds. */
export interface StageTimes {
  /** In the backend: the model, or the project's code. */
  readonly infer: number;
  /** In making events or tensors of bytes, and bytes of results. */
  readonly convert: number;
}

/** What came of a block. */
export interface BlockResult {
  /** The results in order, joined as the output format's layout says; under "emit" errors stand in their place. */
  readonly output: Uint8Array;
  /** Number of results in the output, errors in their place included. */
  readonly written: number;
  /** Number of records this tells of: all of them, or, under "fail", those up to the failure that stopped it. */
  readonly records: number;
  /** Batches that were inferred, retries not counted. */
  readonly batches: number;
  /** Newlines in the block's bytes; 0 where its ranges are given, as whoever cut it has counted then. */
  readonly lines: number;
  /** How long the stages took, where somebody measured them. */
  readonly stages?: StageTimes;
  /** In the order of the records; under "fail" at most one. */
  readonly failures: readonly RecordFailure[];
  /** The columns of the rows in the output, where it is CSV and has any. */
  readonly columns?: readonly string[];
}

const NEWLINE = 0x0a;

/** Number of newlines in a part of some bytes. */
export function countNewlines(bytes: Uint8Array, from = 0, to: number = bytes.length): number {
  let count = 0;
  const part = from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to);
  for (let at = part.indexOf(NEWLINE); at !== -1; at = part.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

/**
 * Adds to faults, which are in the order of the records, where their records are.
 *
 * @param ranges Byte ranges of all records of the block, as pairs.
 */
export function placeFaults(
  faults: readonly RecordFault[],
  bytes: Uint8Array,
  ranges: ArrayLike<number>,
): RecordFailure[] {
  let at = 0;
  let line = 0;
  return faults.map((fault) => {
    const start = ranges[2 * fault.index] ?? 0;
    const end = ranges[2 * fault.index + 1] ?? start;
    line += countNewlines(bytes, at, start);
    at = start;
    return { ...fault, start, end, line };
  });
}
