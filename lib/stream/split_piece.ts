import {
  type Block,
  type BlockOptions,
  type BlockResult,
  countNewlines,
  type RecordFault,
} from "../records/block.ts";
import type { Piece } from "../records/block_cutter.ts";
import { lineRanges } from "../records/line_ranges.ts";
import { joinResults } from "../records/process_block.ts";
import { createResultTexts } from "../records/result_texts.ts";

/** Byte ranges of the records of a piece, as pairs. */
export function rangesOf({ block, fault }: Piece): ArrayLike<number> {
  // What a record that is not kept has left is no record.
  if (fault?.bytes !== undefined) return [0, 0];
  return block.ranges ?? lineRanges(block.bytes).ranges;
}

/** Cuts a piece into at most so many pieces, of about the same number of records each, in order. */
export function splitPiece(piece: Piece, parts: number): Piece[] {
  const ranges = rangesOf(piece);
  const records = ranges.length / 2;
  const count = Math.min(parts, records);
  return Array.from({ length: count }, (_, part) => {
    const first = Math.floor((part * records) / count);
    const last = Math.floor(((part + 1) * records) / count);
    return piece.block.ranges === undefined
      ? linesOf(piece, { ranges, first, last })
      : recordsOf(piece, { ranges, first, last });
  });
}

interface Part {
  readonly ranges: ArrayLike<number>;
  /** The records from `first` to before `last`. */
  readonly first: number;
  readonly last: number;
}

/** Lines of NDJSON; blank ones go with the record before them. */
function linesOf(piece: Piece, { ranges, first, last }: Part): Piece {
  const { bytes } = piece.block;
  const start = first === 0 ? 0 : ranges[2 * first] ?? 0;
  const end = ranges[2 * last] ?? bytes.length;
  return partOf(piece, { bytes: bytes.subarray(start, end) }, {
    first,
    last,
    start,
    end: piece.offset + end,
  });
}

function recordsOf(piece: Piece, { ranges, first, last }: Part): Piece {
  const start = ranges[2 * first] ?? 0;
  const end = ranges[2 * last - 1] ?? start;
  const shifted = new Uint32Array(2 * (last - first));
  for (let i = 0; i < shifted.length; i++) shifted[i] = (ranges[2 * first + i] ?? 0) - start;
  const isLast = 2 * last === ranges.length;
  return partOf(piece, { bytes: piece.block.bytes.subarray(start, end), ranges: shifted }, {
    first,
    last,
    start,
    end: isLast ? piece.end : piece.offset + end,
  });
}

function partOf(
  piece: Piece,
  block: Block,
  { first, last, start, end }: { first: number; last: number; start: number; end: number },
): Piece {
  const before = piece.block.bytes.subarray(0, start);
  const newline = before.lastIndexOf(0x0a);
  return {
    block,
    // Pieces of records from here and there cannot be read on from in their middle.
    end: piece.origins === undefined || last * 2 === rangesOf(piece).length ? end : piece.offset,
    offset: piece.offset + start,
    column: newline === -1 ? (piece.column ?? 1) + start : start - newline,
    ...(piece.line === undefined ? {} : { line: piece.line + countNewlines(before) }),
    ...(piece.origins === undefined ? {} : { origins: piece.origins.slice(first, last) }),
    ...(piece.worker === undefined ? {} : { worker: piece.worker }),
  };
}

/** What comes of a piece whose one record is a failure without any worker. */
export function failedResult(
  piece: Piece,
  fault: Omit<RecordFault, "index">,
  options: BlockOptions,
): BlockResult {
  const { bytes } = piece.block;
  const ranges = rangesOf(piece);
  const start = ranges[0] ?? 0;
  const texts = options.onError === "emit" ? [createResultTexts(options).ofFault(fault)] : [undefined];
  return {
    ...joinResults(texts, 1, options.outputFormat),
    records: 1,
    batches: 0,
    lines: piece.line === undefined ? countNewlines(bytes) : 0,
    failures: [{ ...fault, index: 0, start, end: ranges[1] ?? start, line: countNewlines(bytes, 0, start) }],
  };
}
