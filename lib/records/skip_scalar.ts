import { sequenceLength } from "./utf8_fault.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LOWER_U = 0x75;
/** What may follow a backslash, apart from u and its four digits. */
const ESCAPES: ReadonlySet<number> = new Set(Array.from('"\\/bfnrt', (escape) => escape.charCodeAt(0)));

/** The position after the JSON string that starts at a position; -1 unless a good one does. */
export function skipString(bytes: Uint8Array, start: number): number {
  if (bytes[start] !== QUOTE) return -1;
  let at = start + 1;
  for (;;) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) return at + 1;
    if (byte < 0x20) return -1;
    const length = byte === BACKSLASH ? escapeLength(bytes, at) : byte < 0x80 ? 1 : sequenceLength(bytes, at);
    if (length === 0) return -1;
    at += length;
  }
}

/** The position after a word such as "true" that stands at a position; -1 if it does not. */
export function skipWord(bytes: Uint8Array, start: number, word: string): number {
  for (let i = 0; i < word.length; i++) {
    if (bytes[start + i] !== word.charCodeAt(i)) return -1;
  }
  return start + word.length;
}

function escapeLength(bytes: Uint8Array, at: number): number {
  const kind = bytes[at + 1] ?? 0;
  if (kind !== LOWER_U) return ESCAPES.has(kind) ? 2 : 0;
  for (let i = 2; i < 6; i++) {
    if (!isHexDigit(bytes[at + i] ?? 0)) return 0;
  }
  return 6;
}

function isHexDigit(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}
