import { PackflowError } from "../base/errors.ts";
import { countNewlines, type RecordFault } from "./block.ts";
import type { BlockCutter, CutterOptions, Piece, PieceLimits, RecordOrigin } from "./block_cutter.ts";
import { LineCutter } from "./line_cutter.ts";
import { lineRanges } from "./line_ranges.ts";

/** A line of a file that holds records in some wrapping. */
interface Unwrapped {
  readonly origin: RecordOrigin;
  /** Offset of what follows the line. */
  readonly end: number;
  /** The record's bytes, or why there are none. */
  readonly record: Uint8Array | Omit<RecordFault, "index">;
}

/** Takes the record out of a line; throws a `PackflowError` for a line that holds none. */
export type Unwrap = (line: Uint8Array) => Uint8Array;

/** Cuts lines that each hold the bytes of a record, such as dead letters, into blocks of those records. */
export class ReplayCutter implements BlockCutter {
  readonly #lines: LineCutter;
  readonly #unwrap: Unwrap;
  readonly #from: number;
  readonly #queue: Piece[] = [];
  #line = 1;

  constructor(unwrap: Unwrap, options: CutterOptions) {
    this.#unwrap = unwrap;
    this.#from = options.from ?? 0;
    // A wrapped record is longer than it was, in base64 by a third, and escaped at most six times as long.
    this.#lines = new LineCutter({ ...options, from: 0, maxEventBytes: 6 * options.maxEventBytes + 4096 });
  }

  get ready(): number {
    return this.#queue.length + this.#lines.ready;
  }

  count(most: number): number {
    return this.#queue.length + this.#lines.count(most);
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  end(): void {
    this.#lines.end();
  }

  take(limits: PieceLimits): Piece | undefined {
    while (this.#queue.length === 0) {
      const piece = this.#lines.take(limits);
      if (piece === undefined) return undefined;
      this.#queue.push(...this.#unwrapAll(piece));
    }
    return this.#queue.shift();
  }

  /** The records of a piece of lines, as one piece for each run of good ones and for each fault. */
  #unwrapAll(piece: Piece): Piece[] {
    const line = this.#line;
    const { bytes } = piece.block;
    this.#line += countNewlines(bytes);
    if (piece.fault !== undefined) return [{ ...piece, line }];
    const { ranges } = lineRanges(bytes);
    const pieces: Piece[] = [];
    let run: Unwrapped[] = [];
    let counted = 0;
    let at = line;
    for (let i = 0; i < ranges.length; i += 2) {
      const start = ranges[i] ?? 0;
      const end = ranges[i + 1] ?? start;
      const next = ranges[i + 2] ?? bytes.length;
      at += countNewlines(bytes, counted, start);
      counted = start;
      if (piece.offset + start < this.#from) continue;
      const unwrapped = {
        origin: { offset: piece.offset + start, line: at },
        end: piece.offset + next,
        record: this.#recordOf(bytes.subarray(start, end)),
      };
      if (unwrapped.record instanceof Uint8Array) run.push(unwrapped);
      else {
        pieces.push(...pieceOf(run), ...pieceOf([unwrapped]));
        run = [];
      }
    }
    return [...pieces, ...pieceOf(run)];
  }

  #recordOf(line: Uint8Array): Unwrapped["record"] {
    try {
      return this.#unwrap(line);
    } catch (error) {
      if (!(error instanceof PackflowError)) throw error;
      return { stage: "split", code: error.code, message: error.message };
    }
  }
}

function pieceOf(run: readonly Unwrapped[]): Piece[] {
  const [first] = run;
  if (first === undefined) return [];
  const records = run.map(({ record }) => record instanceof Uint8Array ? record : new Uint8Array(0));
  const ranges = new Uint32Array(2 * run.length);
  let used = 0;
  for (const [i, { length }] of records.entries()) {
    ranges[2 * i] = used;
    ranges[2 * i + 1] = used += length;
  }
  const bytes = new Uint8Array(used);
  for (const [i, record] of records.entries()) bytes.set(record, ranges[2 * i]);
  return [{
    block: { bytes, ranges },
    ...first.origin,
    end: run.at(-1)?.end ?? first.end,
    origins: run.map(({ origin }) => origin),
    ...(first.record instanceof Uint8Array ? {} : { fault: first.record }),
  }];
}
