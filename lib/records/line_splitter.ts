import { RecordSplitter } from "./record_splitter.ts";

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;

/** Cuts NDJSON: one record per line, ended by LF or CRLF or the end of the stream. Blank lines are no records. */
export class LineSplitter extends RecordSplitter {
  protected override scan(): void {
    const filled = this.bytes.subarray(0, this.used);
    if (this.open < 0) this.open = this.scanned;
    let at = filled.indexOf(NEWLINE, this.scanned);
    while (at !== -1) {
      this.#addLine(this.open, at);
      this.open = at + 1;
      this.line++;
      at = filled.indexOf(NEWLINE, at + 1);
    }
    this.scanned = this.used;
  }

  protected override finish(): void {
    if (this.open < 0) return;
    this.#addLine(this.open, this.used);
    this.open = -1;
  }

  #addLine(start: number, newline: number): void {
    const end = newline > start && this.bytes[newline - 1] === CARRIAGE_RETURN ? newline - 1 : newline;
    const mayBeBlank = start === end || (this.bytes[start] ?? 0) <= SPACE;
    if (mayBeBlank && !this.truncated && isBlank(this.bytes.subarray(start, end))) return;
    this.add(start, end, { line: this.line, column: 1 });
  }
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === SPACE || byte === TAB || byte === CARRIAGE_RETURN);
}
