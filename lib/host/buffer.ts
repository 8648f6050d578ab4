import { Buffer } from "node:buffer";

/** The same bytes as code written for Node wants them. */
export function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
