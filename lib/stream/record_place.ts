import type { RecordFailure } from "../records/block.ts";
import type { Piece } from "../records/block_cutter.ts";
import { decodeStrictly } from "../records/parse_event.ts";

/** Where a record or a fault in it is; all but `offset` counted from 1. */
export interface RecordPlace {
  /** Offset in the source of the record's first byte. */
  readonly offset: number;
  /** Line on which the record starts. */
  readonly line: number;
}

/**
 * Where a record that failed starts in its source.
 *
 * @param line Line of the piece's first byte.
 */
export function recordPlace(
  piece: Piece,
  { index, start, line: before }: RecordFailure,
  line: number,
): RecordPlace {
  return piece.origins?.[index] ?? { offset: piece.offset + start, line: line + before };
}

/**
 * The line and column of a failure in the source, both counted from 1: those of the fault inside the record where
 * it is known, of the record's start otherwise. Columns count characters from the start of the record, and bytes
 * before it.
 *
 * @param line Line on which the record starts.
 */
export function faultPlace(
  piece: Piece,
  failure: RecordFailure,
  line: number,
): { line: number; column: number } {
  const { bytes } = piece.block;
  const { start, end, position } = failure;
  const newline = bytes.subarray(0, start).lastIndexOf(0x0a);
  const column = piece.origins !== undefined
    ? 1
    : newline === -1
    ? (piece.column ?? 1) + start
    : start - newline;
  if (position === undefined) return { line, column };
  const record = bytes.subarray(start, end);
  const text = decodeStrictly(record) ?? new TextDecoder().decode(record);
  const lines = text.slice(0, position).split("\n");
  const last = lines.at(-1) ?? "";
  return lines.length === 1
    ? { line, column: column + last.length }
    : { line: line + lines.length - 1, column: last.length + 1 };
}
