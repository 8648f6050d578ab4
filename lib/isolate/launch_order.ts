import type { Confinement, Start } from "../host/linux_process.ts";

/** What a launcher becomes: the worker, kept to what it may do. */
export type LaunchOrder = Start & Confinement;

/** Bytes of the length that an order begins with. */
export const ORDER_HEAD_BYTES = 4;

/** The bytes that a launcher reads first: their number, then the order as JSON. The worker's own input follows. */
export function encodeOrder(order: LaunchOrder): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(order));
  const bytes = new Uint8Array(ORDER_HEAD_BYTES + text.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, ORDER_HEAD_BYTES);
  return bytes;
}

/**
 * Reads an order and nothing behind it.
 *
 * @param read Gives exactly so many bytes, or null where the input ends before.
 * @returns undefined where the input ends: no worker is wanted.
 */
export function readOrder(read: (length: number) => Uint8Array | null): LaunchOrder | undefined {
  const head = read(ORDER_HEAD_BYTES);
  if (head === null) return undefined;
  const text = read(new DataView(head.buffer, head.byteOffset).getUint32(0, true));
  // Written by `encodeOrder` of this very program.
  return text === null ? undefined : JSON.parse(new TextDecoder().decode(text));
}
