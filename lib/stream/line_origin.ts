import type { BlockResult, RecordFailure } from "../records/block.ts";
import type { Piece } from "../records/block_cutter.ts";
import type { LineOrigin } from "./sink.ts";

/** The records that the answers of a piece came of: all but those that failed, unless errors stand in their place. */
export function answerOrigin(piece: Piece, { records, written, failures }: BlockResult): LineOrigin {
  if (written === records) return originOf(piece, undefined, records);
  const failed = new Set(failures.map(({ index }) => index));
  const answered = Array.from({ length: records }, (_, index) => index).filter((index) => !failed.has(index));
  return originOf(piece, answered, records);
}

/** The records that dead letters of a piece came of. */
export function letterOrigin(piece: Piece, failures: readonly RecordFailure[]): LineOrigin {
  return originOf(piece, failures.map(({ index }) => index), failures.length);
}

function originOf(
  { offset, end, origins }: Piece,
  indexes: readonly number[] | undefined,
  lines: number,
): LineOrigin {
  if (origins !== undefined) {
    const of = indexes ?? Array.from({ length: lines }, (_, index) => index);
    return { offset, end, offsets: of.map((index) => origins[index]?.offset ?? offset) };
  }
  return { offset, end, ...(indexes === undefined ? {} : { indexes }) };
}
