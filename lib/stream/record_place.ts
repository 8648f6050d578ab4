import { decodeStrictly } from "../records/parse_event.ts";
import type { RecordBlock, RecordFailure } from "../records/record_block.ts";

/**
 * The line and column of a failure in the source, both counted from 1: those of the fault inside the record where
 * it is known, of the record's start otherwise. Columns count characters from the start of the record.
 */
export function recordPlace(block: RecordBlock, failure: RecordFailure): { line: number; column: number } {
  const line = block.lines[failure.index] ?? 1;
  const column = block.columns[failure.index] ?? 1;
  if (failure.position === undefined) return { line, column };
  const bytes = block.bytes.subarray(block.starts[failure.index], block.ends[failure.index]);
  const text = decodeStrictly(bytes) ?? new TextDecoder().decode(bytes);
  const lines = text.slice(0, failure.position).split("\n");
  const last = lines.at(-1) ?? "";
  return lines.length === 1
    ? { line, column: column + last.length }
    : { line: line + lines.length - 1, column: last.length + 1 };
}
