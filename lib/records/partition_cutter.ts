import type { JsonValue } from "../base/json.ts";
import { getField } from "../preprocess/field_path.ts";
import { countNewlines } from "./block.ts";
import type { BlockCutter, Piece, PieceLimits, RecordOrigin } from "./block_cutter.ts";
import { lineRanges } from "./line_ranges.ts";
import { decodeStrictly, parseEvent, ParseFaultBox } from "./parse_event.ts";

/** How records are dealt out. */
export interface PartitionOptions {
  /** Path of the field whose value decides. */
  readonly field: string;
  readonly workers: number;
  /** Records that start before this offset are left out; the other cutter must give them, so that lines are counted. */
  readonly from?: number | undefined;
}

/**
 * Deals the records of another cutter's pieces out to workers by the value of a field: equal values, and lack of
 * any, go to one worker. Here every record is parsed in the main process, which sets the pace then.
 */
export class PartitionCutter implements BlockCutter {
  readonly #cutter: BlockCutter;
  readonly #options: PartitionOptions;
  readonly #queue: Piece[] = [];
  #line = 1;

  constructor(cutter: BlockCutter, options: PartitionOptions) {
    this.#cutter = cutter;
    this.#options = options;
  }

  get ready(): number {
    return this.#queue.length + this.#cutter.ready;
  }

  count(most: number): number {
    return this.#queue.length + this.#cutter.count(most);
  }

  push(chunk: Uint8Array): void {
    this.#cutter.push(chunk);
  }

  end(): void {
    this.#cutter.end();
  }

  take({ bytes, records }: PieceLimits): Piece | undefined {
    const { workers } = this.#options;
    while (this.#queue.length === 0) {
      const piece = this.#cutter.take({ bytes: bytes * workers, records: records * workers });
      if (piece === undefined) return undefined;
      this.#queue.push(...this.#dealt(piece));
    }
    return this.#queue.shift();
  }

  #dealt(piece: Piece): Piece[] {
    const { bytes, ranges = lineRanges(bytes).ranges } = piece.block;
    const line = piece.line ?? this.#line;
    this.#line += countNewlines(bytes);
    if (piece.fault !== undefined) return [{ ...piece, line }];
    const shares = Array.from({ length: this.#options.workers }, (): Share => ({ ranges: [], origins: [] }));
    let at = 0;
    let lines = line;
    for (let i = 0; i < ranges.length; i += 2) {
      const start = ranges[i] ?? 0;
      const end = ranges[i + 1] ?? start;
      lines += countNewlines(bytes, at, start);
      at = start;
      const origin = piece.origins?.[i / 2] ?? { offset: piece.offset + start, line: lines };
      if (origin.offset < (this.#options.from ?? 0)) continue;
      const share = shares[this.#workerOf(bytes.subarray(start, end))];
      share?.ranges.push(start, end);
      share?.origins.push(origin);
    }
    const pieces = shares.flatMap((share, worker) =>
      share.ranges.length === 0 ? [] : [pieceOf(piece, share, worker)]
    );
    // Only when all shares are done with may the reading go on from the end of the piece.
    return pieces.map((part, index) => index === pieces.length - 1 ? { ...part, end: piece.end } : part);
  }

  #workerOf(record: Uint8Array): number {
    const text = decodeStrictly(record);
    const event = text === undefined ? undefined : parseEvent(text);
    // What is no event has no key; it fails wherever it goes.
    if (event === undefined || event instanceof ParseFaultBox) return 0;
    return hashOf(getField(event, this.#options.field) ?? null) % this.#options.workers;
  }
}

interface Share {
  readonly ranges: number[];
  readonly origins: RecordOrigin[];
}

function pieceOf(piece: Piece, { ranges, origins }: Share, worker: number): Piece {
  const { bytes } = piece.block;
  const own = Uint32Array.from(ranges);
  let used = 0;
  for (let i = 0; i < ranges.length; i += 2) {
    own[i] = used;
    own[i + 1] = used += (ranges[i + 1] ?? 0) - (ranges[i] ?? 0);
  }
  const share = new Uint8Array(used);
  for (let i = 0; i < ranges.length; i += 2) share.set(bytes.subarray(ranges[i], ranges[i + 1]), own[i]);
  return {
    block: { bytes: share, ranges: own },
    offset: piece.offset,
    end: piece.offset,
    line: origins[0]?.line ?? 1,
    origins,
    worker,
  };
}

/** FNV-1a of a value's JSON text: the same in every run, so that a run that goes on deals out alike. */
function hashOf(value: JsonValue): number {
  let hash = 0x811c9dc5;
  for (const byte of encoder.encode(JSON.stringify(value))) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

const encoder = new TextEncoder();
