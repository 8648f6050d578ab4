import { gzipSync } from "node:zlib";

/** Bytes packed as one member of gzip. */
export function gzip(bytes: Uint8Array | string): Uint8Array {
  return new Uint8Array(gzipSync(bytes));
}
