import { PackflowError } from "../base/errors.ts";

/** An archive's bytes, which can be read from any place. */
export interface ByteSource {
  /** How many there are. */
  readonly size: number;
  /** Up to `length` bytes from a position on, fewer only where they end. */
  read(position: number, length: number): Promise<Uint8Array>;
}

/** Bytes per read. */
const CHUNK = 256 * 1024;

/** Bytes in memory as a source. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (position, length) => Promise.resolve(bytes.subarray(position, position + length)),
  };
}

/**
 * A part of a source, in pieces.
 *
 * @throws {PackflowError} package.corrupt where it ends before.
 */
export async function* sourceChunks(
  source: ByteSource,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = from; at < to;) {
    const chunk = await source.read(at, Math.min(CHUNK, to - at));
    if (chunk.length === 0) {
      throw new PackflowError("package.corrupt", "Cannot read package as it must not be cut short");
    }
    at += chunk.length;
    yield chunk;
  }
}
