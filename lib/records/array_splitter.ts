import { type Defect, RecordSplitter } from "./record_splitter.ts";

const NEWLINE = 0x0a;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const EMPTY_ELEMENT: Defect = {
  code: "event.invalid_json",
  message: "Cannot read event as it must be a JSON object: there is nothing between two commas of the array",
};
const UNCLOSED: Defect = {
  code: "event.invalid_json",
  message: 'Cannot read to the end of the JSON array as it must be closed by "]": the input ends before',
};
const AFTER_END: Defect = {
  code: "event.invalid_json",
  message: "Cannot read what follows the JSON array as nothing may follow it: the input goes on",
};

/**
 * Cuts a JSON array into its elements without reading it whole, by brackets and strings alone: whether an element
 * is good JSON is told by whoever parses it. Input that is no array but one JSON value is one record.
 *
 * A fault of the array itself (no closing bracket, text after it, an empty place) is a record that failed.
 */
export class ArraySplitter extends RecordSplitter {
  /** `start`: nothing seen. `gap`: between elements. `single`: the input is no array. `after`: past the end. */
  #phase: "start" | "gap" | "element" | "single" | "after" = "start";
  /** Whether a comma was the last thing seen in a gap. */
  #afterComma = false;
  /** Brackets open inside the element. */
  #depth = 0;
  #inString = false;
  #escaped = false;
  #openLine = 1;
  #openColumn = 1;

  protected override scan(): void {
    while (this.scanned < this.used) {
      if (this.#phase === "element") this.#scanElement();
      else if (this.open >= 0) this.#countLines();
      else this.#scanGap();
    }
  }

  protected override finish(): void {
    if (this.#phase === "start" || (this.#phase === "after" && this.open < 0)) return;
    if (this.#phase === "single") return this.#close(this.used);
    if (this.#phase === "after") return this.#close(this.used, AFTER_END);
    const whole = this.#depth === 0 && !this.#inString;
    if (this.#phase === "element") this.#close(this.used);
    // An element that was cut is one failure already.
    if (whole) {
      this.#begin(this.used);
      this.#close(this.used, UNCLOSED);
    }
  }

  #begin(at: number): void {
    this.open = at;
    this.#openLine = this.line;
    this.#openColumn = this.offsetOf(at) - this.lineStart + 1;
  }

  #close(end: number, defect?: Defect): void {
    let last = end;
    while (last > this.open && (this.bytes[last - 1] ?? 0) <= SPACE) last--;
    this.add(this.open, last, {
      line: this.#openLine,
      column: this.#openColumn,
      ...(defect === undefined ? {} : { defect }),
    });
    this.open = -1;
  }

  #newline(at: number): void {
    this.line++;
    this.lineStart = this.offsetOf(at) + 1;
  }

  /** Looks for the next thing that is not white space, and decides what it begins. */
  #scanGap(): void {
    const { bytes, used } = this;
    let at = this.scanned;
    for (; at < used; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === NEWLINE) this.#newline(at);
      if (!isWhiteSpace(byte)) break;
    }
    this.scanned = at;
    if (at === used) return;
    const byte = bytes[at] ?? 0;
    if (this.#phase === "gap") return this.#leaveGap(at, byte);
    if (this.#phase === "start" && byte === OPEN_BRACKET) {
      this.#phase = "gap";
      this.scanned = at + 1;
      return;
    }
    if (this.#phase === "start") this.#phase = "single";
    this.#begin(at);
  }

  #leaveGap(at: number, byte: number): void {
    const ends = byte === CLOSE_BRACKET;
    if (!ends && byte !== COMMA) {
      this.#begin(at);
      this.#phase = "element";
      return;
    }
    if (byte === COMMA || this.#afterComma) {
      this.#begin(at);
      this.#close(at, EMPTY_ELEMENT);
    }
    this.#endElement(at, ends);
  }

  #endElement(at: number, isLast: boolean): void {
    this.#phase = isLast ? "after" : "gap";
    this.#afterComma = !isLast;
    this.scanned = at + 1;
  }

  #scanElement(): void {
    const { bytes, used } = this;
    let at = this.scanned;
    while (at < used) {
      if (this.#inString) {
        at = this.#scanString(at);
        continue;
      }
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) this.#inString = true;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth++;
      else if (this.#depth === 0 && (byte === COMMA || byte === CLOSE_BRACKET)) {
        this.#close(at);
        return this.#endElement(at, byte === CLOSE_BRACKET);
      } else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && this.#depth > 0) this.#depth--;
      else if (byte === NEWLINE) this.#newline(at);
      at++;
    }
    this.scanned = at;
  }

  /** Goes on inside a string; returns the position after it, or the end of the bytes. */
  #scanString(from: number): number {
    const { bytes, used } = this;
    let escaped = this.#escaped;
    for (let at = from; at < used; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === NEWLINE) this.#newline(at);
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = true;
      else if (byte === QUOTE) {
        this.#inString = false;
        this.#escaped = false;
        return at + 1;
      }
    }
    this.#escaped = escaped;
    return used;
  }

  #countLines(): void {
    for (let at = this.scanned; at < this.used; at++) {
      if (this.bytes[at] === NEWLINE) this.#newline(at);
    }
    this.scanned = this.used;
  }
}

function isWhiteSpace(byte: number): boolean {
  return byte === SPACE || byte === NEWLINE || byte === 0x09 || byte === 0x0d;
}
