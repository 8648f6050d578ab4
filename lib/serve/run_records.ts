import { PackflowError } from "../base/errors.ts";
import type { Block, BlockResult, RecordFailure } from "../records/block.ts";
import type { Job, RecordsPayload } from "./job.ts";

/** A job whose payload is records. */
export interface RecordsPart {
  readonly job: Job;
  readonly payload: RecordsPayload;
}

const NEWLINE = 0x0a;

/** The records of several jobs as one block. */
export function joinRecords(parts: readonly RecordsPart[]): Block {
  const [first, second] = parts;
  if (first !== undefined && second === undefined) return first.payload;
  let size = 0;
  let count = 0;
  for (const { payload: { bytes, ranges } } of parts) {
    size += bytes.length + 1;
    count += ranges.length;
  }
  const bytes = new Uint8Array(size);
  const ranges = new Uint32Array(count);
  let at = 0;
  let next = 0;
  for (const { payload } of parts) {
    bytes.set(payload.bytes, at);
    for (let i = 0; i < payload.ranges.length; i++) ranges[next++] = at + (payload.ranges[i] ?? 0);
    at += payload.bytes.length;
    bytes[at++] = NEWLINE;
  }
  return { bytes, ranges };
}

/**
 * Gives each job its lines of a block's output.
 *
 * @throws {PackflowError} `worker.protocol` unless there is one line for each record, with nothing answered.
 */
export function shareResult(parts: readonly RecordsPart[], { output, failures }: BlockResult): void {
  const ends = lineEnds(parts, output);
  let from = 0;
  let record = 0;
  let failure = 0;
  for (const [index, { job }] of parts.entries()) {
    const to = ends[index] ?? from;
    const own: RecordFailure[] = [];
    for (; failure < failures.length; failure++) {
      const each = failures[failure];
      if (each === undefined || each.index >= record + job.rows) break;
      own.push(record === 0 ? each : { ...each, index: each.index - record });
    }
    job.settle({ kind: "records", lines: output.subarray(from, to), failures: own });
    from = to;
    record += job.rows;
  }
}

/** Where the lines of each job end in the output. */
function lineEnds(parts: readonly RecordsPart[], output: Uint8Array): number[] {
  let at = 0;
  const ends = parts.map(({ job }) => {
    for (let row = 0; row < job.rows; row++) {
      const newline = output.indexOf(NEWLINE, at);
      if (newline === -1) throw wrongCount();
      at = newline + 1;
    }
    return at;
  });
  if (at !== output.length) throw wrongCount();
  return ends;
}

function wrongCount(): PackflowError {
  return new PackflowError(
    "worker.protocol",
    "Cannot share out what a worker answered as there must be one line for each record",
  );
}
