const SEED = 0x9747b28c;
const MIX = 0x5bd1e995;

/** The partition that Kafka's own clients choose for a key. */
export function partitionOfKey(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}

/** The hash of 32 bits that Kafka's clients use. */
export function murmur2(data: Uint8Array): number {
  const { length } = data;
  let hash = SEED ^ length;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    const word = (data[at] ?? 0) | (data[at + 1] ?? 0) << 8 | (data[at + 2] ?? 0) << 16 |
      (data[at + 3] ?? 0) << 24;
    let mixed = Math.imul(word, MIX);
    mixed ^= mixed >>> 24;
    hash = Math.imul(hash, MIX) ^ Math.imul(mixed, MIX);
  }
  const left = length - at;
  if (left === 3) hash ^= (data[at + 2] ?? 0) << 16;
  if (left >= 2) hash ^= (data[at + 1] ?? 0) << 8;
  if (left >= 1) hash = Math.imul(hash ^ (data[at] ?? 0), MIX);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, MIX);
  return hash ^ hash >>> 15;
}
