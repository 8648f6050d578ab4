import type { Block } from "./block.ts";
import type { DirectReader } from "./direct_reader.ts";
import { isBlank } from "./line_ranges.ts";

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;

/** The byte range of a record. */
export interface RecordRange {
  start: number;
  end: number;
  /** Whether the reader has filled the record's row. */
  matched: boolean;
}

/**
 * Walks over the records of a block. A line whose shape the reader knows ends where its shape ends: only other lines
 * are searched for their newline.
 */
export class RecordWalk {
  readonly #bytes: Uint8Array;
  readonly #ranges: Uint32Array | undefined;
  readonly #reader: DirectReader;
  /** Start of the next line, or index of the next range. */
  #next = 0;
  #newlines = 0;
  /** One object for all records, as its reader is done with each before the next. */
  readonly #record: RecordRange = { start: 0, end: 0, matched: false };

  constructor({ bytes, ranges }: Block, reader: DirectReader) {
    this.#bytes = bytes;
    this.#ranges = ranges;
    this.#reader = reader;
  }

  /** Newlines passed so far; 0 where ranges are given. */
  get newlines(): number {
    return this.#newlines;
  }

  /** The next record, read into a row of the reader if its shape is known; undefined at the end. */
  next(row: number): RecordRange | undefined {
    const record = this.#record;
    if (this.#ranges !== undefined) {
      if (this.#next >= this.#ranges.length) return undefined;
      record.start = this.#ranges[this.#next++] ?? 0;
      record.end = this.#ranges[this.#next++] ?? 0;
      record.matched = this.#reader.match(record.start, row) === record.end;
      return record;
    }
    while (this.#next < this.#bytes.length) {
      record.start = this.#next;
      record.end = this.#reader.match(record.start, row);
      record.matched = record.end >= 0 && this.#endLine(record.end);
      if (record.matched) return record;
      if (this.#searchLine(record)) return record;
    }
    return undefined;
  }

  /** Goes past the end of a line at a position; false if there is none. */
  #endLine(end: number): boolean {
    const byte = end < this.#bytes.length ? this.#bytes[end] : NEWLINE;
    // A shape learnt from a line that ends in CR CR LF has a CR of its own, which elsewhere ends the line.
    if (byte === NEWLINE && this.#bytes[end - 1] !== CARRIAGE_RETURN) this.#next = end + 1;
    else if (byte === CARRIAGE_RETURN && this.#bytes[end + 1] === NEWLINE) this.#next = end + 2;
    else return false;
    if (this.#next <= this.#bytes.length) this.#newlines++;
    return true;
  }

  /** Finds the end of a line by its newline; false if the line is blank. */
  #searchLine(record: RecordRange): boolean {
    const bytes = this.#bytes;
    const newline = bytes.indexOf(NEWLINE, record.start);
    const end = newline === -1 ? bytes.length : newline;
    this.#next = end + 1;
    if (newline !== -1) this.#newlines++;
    record.end = end > record.start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
    return (bytes[record.start] ?? 0) > SPACE || !isBlank(bytes, record.start, record.end);
  }
}
