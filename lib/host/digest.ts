import { createHash, timingSafeEqual } from "node:crypto";
import { crc32 as zlibCrc32 } from "node:zlib";

/** A SHA-256 of bytes that come piece by piece, which WebCrypto cannot make. */
export interface Sha256 {
  update(bytes: Uint8Array): void;
  /** 64 hexadecimal digits in lower case; nothing may be added after. */
  hex(): string;
}

/** Begins a SHA-256. */
export function createSha256(): Sha256 {
  const hash = createHash("sha256");
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest("hex") };
}

/**
 * The CRC-32 of gzip and zip.
 *
 * @param bytes What to sum.
 * @param before The sum of what came before, to go on from.
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  return zlibCrc32(bytes, before);
}

/** Whether two texts are equal, found out in a time that tells neither where they differ nor how long they are. */
export function equalInConstantTime(one: string, other: string): boolean {
  const digestOf = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digestOf(one), digestOf(other));
}
