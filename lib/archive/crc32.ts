/** The CRC-32 of gzip and zip. The library that inflates does not check it, so it is computed here. */
const POLYNOMIAL = 0xedb88320;

let table: Int32Array | undefined;

function makeTable(): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? POLYNOMIAL ^ (value >>> 1) : value >>> 1;
    return value;
  });
}

/**
 * The CRC-32 of bytes.
 *
 * @param bytes What to sum.
 * @param before The sum of what came before, to go on from.
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  table ??= makeTable();
  let sum = ~before;
  for (let i = 0; i < bytes.length; i++) {
    sum = (table[(sum ^ (bytes[i] ?? 0)) & 255] ?? 0) ^ (sum >>> 8);
  }
  return ~sum >>> 0;
}
