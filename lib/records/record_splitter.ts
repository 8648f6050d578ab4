import type { ErrorCode } from "../base/error_codes.ts";
import type { BlockCutter, CutterOptions, Piece, PieceLimits } from "./block_cutter.ts";
import { tooLargeFault } from "./too_large.ts";

const SMALLEST_BUFFER = 256 * 1024;

/** A defect the splitter itself finds in a record. */
export interface Defect {
  readonly code: ErrorCode;
  readonly message: string;
}

/** A complete record that was not taken yet. */
interface PendingRecord {
  /** Positions in the bytes. */
  start: number;
  end: number;
  /** Offset in the source. */
  readonly offset: number;
  /** Size in the source, of a record that is not kept too. */
  readonly size: number;
  readonly line: number;
  readonly column: number;
  readonly fault?: Piece["fault"];
}

/**
 * Cuts a stream of bytes into records one by one, for formats whose records are no lines. Subclasses find the
 * boundaries.
 *
 * The buffer only grows at its end, and a new one takes over when it is full. Memory stays under the records not
 * yet taken plus about twice `maxEventBytes`.
 */
export abstract class RecordSplitter implements BlockCutter {
  /** Positions below are indexes into these bytes. */
  protected bytes: Uint8Array = new Uint8Array(0);
  /** End of the bytes that are filled. */
  protected used = 0;
  /** How far the subclass has looked. */
  protected scanned = 0;
  /** Where the unfinished record starts; -1 between records. */
  protected open = -1;
  /** Line at `scanned`, counted from 1. */
  protected line = 1;
  /** Offset in the source at which that line starts. */
  protected lineStart: number;

  readonly #maxEventBytes: number;
  readonly #from: number;
  /** Offset in the source of position 0. */
  #base: number;
  /** Bytes of the unfinished record that were thrown away as it is too large. */
  #dropped = 0;
  #records: PendingRecord[] = [];
  /** Index of the first record that was not taken. */
  #first = 0;

  constructor(options: CutterOptions) {
    this.#maxEventBytes = options.maxEventBytes;
    this.#from = options.from ?? 0;
    this.#base = options.offset ?? 0;
    this.lineStart = this.#base;
  }

  get ready(): number {
    const first = this.#records[this.#first];
    return first === undefined ? 0 : Math.max(1, (this.#records.at(-1)?.end ?? 0) - first.start);
  }

  count(): number {
    return this.#records.length - this.#first;
  }

  /** Takes in the next bytes of the stream. */
  push(chunk: Uint8Array): void {
    this.#makeRoom(chunk.length);
    this.bytes.set(chunk, this.used);
    this.used += chunk.length;
    this.scan();
    if (this.open >= 0 && this.used - this.open > this.#maxEventBytes) this.#dropOpenRecord();
  }

  /** The stream has ended: what is unfinished becomes the last record. */
  end(): void {
    this.finish();
  }

  take({ bytes, records }: PieceLimits): Piece | undefined {
    const first = this.#records[this.#first];
    if (first === undefined) return undefined;
    let last = this.#first + 1;
    const limit = Math.min(this.#records.length, this.#first + (first.fault === undefined ? records : 1));
    for (; last < limit; last++) {
      const record = this.#records[last];
      if (record === undefined || record.fault !== undefined || record.end - first.start > bytes) break;
    }
    const taken = this.#records.slice(this.#first, last);
    this.#first = last;
    this.#forgetTaken();
    return this.#pieceOf(first, taken);
  }

  /** Looks at the bytes from `scanned` to `used`, adds the records that end there, sets `open`. */
  protected abstract scan(): void;

  /** Adds what is unfinished at the end of the stream. */
  protected abstract finish(): void;

  /** Whether the unfinished record is too large already, so that its first bytes are gone. */
  protected get truncated(): boolean {
    return this.#dropped > 0;
  }

  /** The offset in the source of a position. */
  protected offsetOf(position: number): number {
    return this.#base + position;
  }

  /** Adds the record between two positions that starts at a line and, in bytes, column; it is finished then. */
  protected add(start: number, end: number, place: { line: number; column: number; defect?: Defect }): void {
    const size = end - start + this.#dropped;
    const offset = this.#base + start - this.#dropped;
    this.#dropped = 0;
    if (offset < this.#from) return;
    const { line, column, defect } = place;
    const kept = size <= this.#maxEventBytes;
    const fault = kept ? defect : tooLargeFault(size, this.#maxEventBytes);
    this.#records.push({
      start,
      end: kept ? end : start,
      offset,
      size,
      line,
      column,
      ...(fault === undefined ? {} : { fault: { stage: "split", ...fault } }),
    });
  }

  #pieceOf(first: PendingRecord, taken: readonly PendingRecord[]): Piece {
    const last = taken.at(-1) ?? first;
    const ranges = new Uint32Array(2 * taken.length);
    for (const [i, { start, end }] of taken.entries()) {
      ranges[2 * i] = start - first.start;
      ranges[2 * i + 1] = end - first.start;
    }
    return {
      block: { bytes: this.bytes.subarray(first.start, last.end), ranges },
      offset: first.offset,
      // A fault may be of no size, and must not come again either.
      end: last.offset + Math.max(1, last.size),
      line: first.line,
      column: first.column,
      ...(first.fault === undefined ? {} : { fault: first.fault }),
    };
  }

  #dropOpenRecord(): void {
    const dropped = this.used - this.open;
    this.#dropped += dropped;
    this.#base += dropped;
    this.used = this.open;
    this.scanned = this.open;
  }

  #makeRoom(length: number): void {
    if (this.used + length <= this.bytes.length) return;
    const keep = this.#records[this.#first]?.start ?? (this.open >= 0 ? this.open : this.used);
    const kept = this.used - keep;
    const next = new Uint8Array(Math.max(SMALLEST_BUFFER, kept + length + Math.max(kept, length)));
    next.set(this.bytes.subarray(keep, this.used));
    for (const record of this.#records) {
      record.start -= keep;
      record.end -= keep;
    }
    this.bytes = next;
    this.#base += keep;
    this.used = kept;
    this.scanned -= keep;
    if (this.open >= 0) this.open -= keep;
  }

  /** Not each time: moving what is left costs as much as there is. */
  #forgetTaken(): void {
    if (2 * this.#first < this.#records.length) return;
    this.#records = this.#records.slice(this.#first);
    this.#first = 0;
  }
}
