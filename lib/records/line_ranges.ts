const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;

/** The lines of a block. */
export interface LineRanges {
  /** Byte ranges `[start, end)` of the lines that are records, as pairs, without their ends. */
  readonly ranges: readonly number[];
  /** Newlines in all, those of blank lines included. */
  readonly newlines: number;
}

/** Finds the records of NDJSON: lines ended by LF or CRLF or the end of the bytes. Blank lines are no records. */
export function lineRanges(bytes: Uint8Array): LineRanges {
  const ranges: number[] = [];
  let newlines = 0;
  let start = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, start)) {
    newlines++;
    addLine(ranges, bytes, { start, end: at });
    start = at + 1;
  }
  addLine(ranges, bytes, { start, end: bytes.length });
  return { ranges, newlines };
}

function addLine(ranges: number[], bytes: Uint8Array, { start, end }: { start: number; end: number }): void {
  const last = end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
  if (last === start || ((bytes[start] ?? 0) <= SPACE && isBlank(bytes, start, last))) return;
  ranges.push(start, last);
}

/** Whether a part of some bytes holds nothing but spaces, tabs and carriage returns. */
export function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte !== SPACE && byte !== TAB && byte !== CARRIAGE_RETURN) return false;
  }
  return true;
}
