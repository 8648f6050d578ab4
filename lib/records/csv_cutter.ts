import { countNewlines } from "./block.ts";
import type { BlockCutter, CutterOptions, Piece, PieceLimits } from "./block_cutter.ts";
import { CsvScanner } from "./csv_scanner.ts";
import { tooLargeFault } from "./too_large.ts";

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SMALLEST_BUFFER = 512 * 1024;

/** What a {@linkcode CsvCutter} starts with. */
export interface CsvCutterOptions extends CutterOptions {
  /** The character between fields. */
  readonly delimiter: string;
  /** Whether the first row is no record but the header. @default true at the beginning of a source */
  readonly hasHeader?: boolean;
}

/** Offset up to which nothing but a byte order mark has gone before. */
const BEGINNING = 3;

/**
 * Cuts the rows of CSV, which may hold line ends in quotes. Empty lines are no records. A broken row is a record of
 * one line, and so is a row over several lines that is too large: most likely a quote in it was never closed.
 */
export class CsvCutter implements BlockCutter {
  readonly #maxEventBytes: number;
  readonly #from: number;
  readonly #scanner: CsvScanner;
  #bytes: Uint8Array = new Uint8Array(0);
  #used = 0;
  /** Where the unfinished record starts. */
  #open = 0;
  /** Offset in the source of position 0. */
  #base: number;
  /** Positions of the complete records that are not taken, as pairs from index `#first` on. */
  #ranges: number[] = [];
  #first = 0;
  #isHeaderDue: boolean;
  /** The line of a position that is not behind the first record. */
  #line = 1;
  #linePosition = 0;
  /** Bytes of the unfinished record that were thrown away as it is too large. */
  #dropped = 0;
  /** Pieces before what the buffer holds. */
  readonly #queue: Piece[] = [];

  constructor({ maxEventBytes, delimiter, offset = 0, from = 0, hasHeader }: CsvCutterOptions) {
    this.#maxEventBytes = maxEventBytes;
    this.#from = from;
    this.#scanner = new CsvScanner(delimiter.charCodeAt(0));
    this.#base = offset;
    this.#isHeaderDue = hasHeader ?? offset <= BEGINNING;
  }

  get ready(): number {
    const start = this.#ranges[this.#first];
    const kept = start === undefined ? 0 : (this.#ranges.at(-1) ?? 0) - start;
    return kept + this.#queue.reduce((sum, { block }) => sum + Math.max(1, block.bytes.length), 0);
  }

  count(): number {
    const queued = this.#queue.reduce((sum, { block }) => sum + (block.ranges?.length ?? 2), 0);
    return (queued + this.#ranges.length - this.#first) / 2;
  }

  push(chunk: Uint8Array): void {
    const rest = this.#dropped > 0 ? this.#afterDropped(chunk) : chunk;
    if (rest.length === 0) return;
    this.#makeRoom(rest.length);
    this.#bytes.set(rest, this.#used);
    this.#used += rest.length;
    this.#scan();
    while (this.#isOpenTooLarge()) {
      if (!this.#scanner.inQuotes && !this.#hasNewline(this.#used)) return this.#drop();
      this.#scanner.giveUp(this.#open);
      this.#scan();
    }
  }

  end(): void {
    // One more newline ends the last record, and tells whether a quote before it closes a field.
    const size = this.#used;
    this.push(Uint8Array.of(NEWLINE));
    while (this.#open < size) {
      this.#scanner.giveUp(this.#open);
      this.#scan();
    }
  }

  take({ bytes, records }: PieceLimits): Piece | undefined {
    const queued = this.#queue.shift();
    if (queued !== undefined) return queued;
    const first = this.#first;
    if (first === this.#ranges.length) return undefined;
    const limit = Math.min(this.#ranges.length, first + 2 * records);
    const start = this.#ranges[first] ?? 0;
    let last = first + 2;
    while (last < limit && (this.#ranges[last + 1] ?? 0) - start <= bytes) last += 2;
    return this.#takeUpTo(last);
  }

  #isOpenTooLarge(): boolean {
    // One more, as the last byte may be the CR of a line end.
    return this.#used - this.#open > this.#maxEventBytes + 1;
  }

  #scan(): void {
    const filled = this.#bytes.subarray(0, this.#used);
    let newline = this.#scanner.find(filled, this.#open);
    while (newline !== -1) {
      if (newline - this.#open > this.#maxEventBytes && this.#hasNewline(newline)) {
        this.#scanner.giveUp(this.#open);
      } else {
        this.#add(this.#open, newline);
        this.#open = newline + 1;
      }
      newline = this.#scanner.find(filled, this.#open);
    }
  }

  /** Whether the unfinished record spans lines, as far as a position. */
  #hasNewline(end: number): boolean {
    const newline = this.#bytes.indexOf(NEWLINE, this.#open);
    return newline !== -1 && newline < end;
  }

  #add(start: number, newline: number): void {
    const end = newline > start && this.#bytes[newline - 1] === CARRIAGE_RETURN ? newline - 1 : newline;
    if (end === start) return;
    if (this.#isHeaderDue) this.#isHeaderDue = false;
    else if (this.#base + start >= this.#from) this.#ranges.push(start, end);
  }

  #takeUpTo(last: number): Piece {
    const start = this.#ranges[this.#first] ?? 0;
    const end = this.#ranges[last - 1] ?? start;
    const ranges = new Uint32Array(last - this.#first);
    for (let i = 0; i < ranges.length; i++) ranges[i] = (this.#ranges[this.#first + i] ?? 0) - start;
    this.#first = last;
    if (last === this.#ranges.length) {
      this.#first = 0;
      this.#ranges = [];
    }
    return {
      block: { bytes: this.#bytes.subarray(start, end), ranges },
      offset: this.#base + start,
      end: this.#base + end,
      line: this.#lineOf(start),
    };
  }

  #lineOf(position: number): number {
    this.#line += countNewlines(this.#bytes, this.#linePosition, position);
    this.#linePosition = position;
    return this.#line;
  }

  /** Lets the bytes of the unfinished record go. What is complete must leave the buffer with them. */
  #drop(): void {
    if (this.#first < this.#ranges.length) this.#queue.push(this.#takeUpTo(this.#ranges.length));
    this.#lineOf(this.#open);
    this.#dropped = this.#used - this.#open;
    this.#base += this.#dropped;
    this.#used = this.#open;
  }

  /** Goes to the end of the line that is being dropped; returns what follows it. */
  #afterDropped(chunk: Uint8Array): Uint8Array {
    const newline = chunk.indexOf(NEWLINE);
    const dropped = newline === -1 ? chunk.length : newline;
    this.#dropped += dropped;
    this.#base += dropped;
    if (newline === -1) return chunk.subarray(chunk.length);
    this.#addTooLarge();
    return chunk.subarray(newline + 1);
  }

  #addTooLarge(): void {
    const size = this.#dropped;
    const end = this.#base + this.#open;
    const line = this.#line++;
    this.#dropped = 0;
    // The newline is not kept either.
    this.#base++;
    this.#scanner.restart(this.#open);
    if (end - size < this.#from) return;
    this.#queue.push({
      block: { bytes: new Uint8Array(0), ranges: new Uint32Array(2) },
      offset: end - size,
      end,
      line,
      fault: { stage: "split", ...tooLargeFault(size, this.#maxEventBytes) },
    });
  }

  #makeRoom(length: number): void {
    if (this.#used + length <= this.#bytes.length) return;
    const keep = this.#ranges[this.#first] ?? this.#open;
    this.#lineOf(keep);
    const kept = this.#used - keep;
    const next = new Uint8Array(Math.max(SMALLEST_BUFFER, kept + length + Math.max(kept, length)));
    next.set(this.#bytes.subarray(keep, this.#used));
    this.#ranges = this.#ranges.slice(this.#first).map((at) => at - keep);
    this.#first = 0;
    this.#bytes = next;
    this.#base += keep;
    this.#used = kept;
    this.#open -= keep;
    this.#linePosition = 0;
    this.#scanner.shift(keep);
  }
}
