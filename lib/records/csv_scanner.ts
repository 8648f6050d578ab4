const QUOTE = 0x22;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** Bytes that are looked at one by one before the search that costs more to call. */
const NEAR = 24;

/** What a quote inside a quoted field is; `cut` where the bytes that tell have not come yet. */
type QuoteRole = "doubled" | "closing" | "broken" | "cut";

/**
 * Finds the ends of CSV records by their quotes alone, in the bytes of a stream as they come.
 *
 * A quote that is neither doubled nor at the beginning or end of a field breaks its record, which then ends with its
 * first line: one slip costs one line, not the rest of the stream. In lines that were looked at as part of a
 * broken record quotes open and close the other way round, so each is looked at twice at most.
 */
export class CsvScanner {
  readonly #delimiter: number;
  /** Position up to which the bytes of the record were looked at. */
  #at = 0;
  #inQuotes = false;
  #broken = false;
  /** Position of the first quote from `#at` on, as far as the bytes were searched; `#searched` if there is none. */
  #quote = 0;
  #searched = 0;

  /** @param delimiter The byte between fields. */
  constructor(delimiter: number) {
    this.#delimiter = delimiter;
  }

  /** Whether the record that was looked at last stands open in a quoted field. */
  get inQuotes(): boolean {
    return this.#inQuotes;
  }

  /** The index of the newline that ends the record which begins at an index; -1 while it has not come. */
  find(bytes: Uint8Array, start: number): number {
    if (this.#at < start) this.#at = start;
    for (;;) {
      const quote = this.#nextQuote(bytes);
      if (this.#inQuotes) {
        if (quote === bytes.length) return this.#wait(quote);
        const role = this.#roleOf(bytes, quote);
        if (role === "cut") return this.#wait(quote);
        if (role === "broken") this.giveUp(start);
        else {
          this.#inQuotes = role === "doubled";
          this.#at = quote + (role === "doubled" ? 2 : 1);
        }
        continue;
      }
      const newline = indexOfByte(bytes, NEWLINE, this.#at);
      if (!this.#broken && quote < (newline === -1 ? bytes.length : newline)) {
        const opens = quote === start || bytes[quote - 1] === this.#delimiter;
        if (opens) this.#inQuotes = true;
        else this.#broken = true;
        this.#at = quote + 1;
        continue;
      }
      if (newline === -1) return this.#wait(bytes.length);
      this.#at = newline + 1;
      this.#broken = false;
      return newline;
    }
  }

  /** Begins anew with the record that starts at an index. */
  restart(start: number): void {
    this.#inQuotes = false;
    this.#broken = false;
    this.#at = start;
    this.#quote = start;
    this.#searched = start;
  }

  /** The record that starts at an index is broken: it ends with its first line. */
  giveUp(start: number): void {
    this.restart(start);
    this.#broken = true;
  }

  /** The bytes now begin so much further on. */
  shift(by: number): void {
    this.#at -= by;
    this.#quote -= by;
    this.#searched -= by;
  }

  #wait(at: number): -1 {
    this.#at = at;
    return -1;
  }

  #nextQuote(bytes: Uint8Array): number {
    const { length } = bytes;
    if (this.#quote >= this.#at && (this.#quote < this.#searched || this.#quote === length)) {
      return this.#quote;
    }
    const found = indexOfByte(bytes, QUOTE, Math.max(this.#at, this.#quote >= this.#at ? this.#searched : 0));
    this.#quote = found === -1 ? length : found;
    this.#searched = found === -1 ? length : found + 1;
    return this.#quote;
  }

  #roleOf(bytes: Uint8Array, quote: number): QuoteRole {
    const next = bytes[quote + 1];
    if (next === undefined) return "cut";
    if (next === QUOTE) return "doubled";
    if (next === this.#delimiter || next === NEWLINE) return "closing";
    if (next !== CARRIAGE_RETURN) return "broken";
    const second = bytes[quote + 2];
    if (second === undefined) return "cut";
    return second === NEWLINE ? "closing" : "broken";
  }
}

/** Why a record cannot be read. */
export interface CsvFault {
  /** Bytes of the record before the fault. */
  readonly at: number;
  /** What must hold there. */
  readonly reason: string;
}

/** The first fault in the quoting of a record, given without its line end; undefined where there is none. */
export function findCsvFault(record: Uint8Array, delimiter: number): CsvFault | undefined {
  for (let quote = indexOfByte(record, QUOTE, 0); quote !== -1;) {
    if (quote > 0 && record[quote - 1] !== delimiter) {
      return { at: quote, reason: "a quote inside a field must be doubled, and the field quoted" };
    }
    const close = closingQuote(record, quote + 1);
    if (close === -1) return { at: quote, reason: "the quote must be closed" };
    const next = record[close + 1];
    if (next !== undefined && next !== delimiter) {
      return { at: close, reason: "a quote inside a quoted field must be doubled" };
    }
    quote = indexOfByte(record, QUOTE, close + 1);
  }
  return undefined;
}

/** Index of the quote that closes the field whose text begins at an index; -1 if none does. */
function closingQuote(record: Uint8Array, from: number): number {
  let quote = indexOfByte(record, QUOTE, from);
  while (quote !== -1 && record[quote + 1] === QUOTE) quote = indexOfByte(record, QUOTE, quote + 2);
  return quote;
}

/** Index of the first such byte from a position on; -1 if there is none. */
function indexOfByte(bytes: Uint8Array, byte: number, from: number): number {
  const near = Math.min(bytes.length, from + NEAR);
  for (let at = from; at < near; at++) if (bytes[at] === byte) return at;
  return near === bytes.length ? -1 : bytes.indexOf(byte, near);
}
