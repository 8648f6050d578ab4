/** A part of some bytes. */
export interface Slice {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Fewer bytes are copied faster one by one. */
const SMALL = 48;

/** Copies a part into bytes at a position; returns the position after it. */
export function copyTo(target: Uint8Array, at: number, { bytes, start, end }: Slice): number {
  if (end - start > SMALL) target.set(bytes.subarray(start, end), at);
  else for (let i = start, j = at; i < end; i++, j++) target[j] = bytes[i] ?? 0;
  return at + end - start;
}
