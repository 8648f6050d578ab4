import { copyTo, type Slice } from "./byte_slice.ts";
import { BATCH_HEAD_BYTES } from "./record_batches.ts";

/** A record to be added to a batch. */
export interface NewRecord {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly key: Slice | undefined;
  /** Undefined for a record that says that its key is gone. */
  readonly value: Slice | undefined;
  /** Headers as a batch holds them. */
  readonly headers: readonly Slice[];
  readonly headerCount: number;
}

/** Who sends a batch, by which the cluster knows one that comes twice. */
export interface ProducerStamp {
  readonly id: bigint;
  readonly epoch: number;
  readonly sequence: number;
}

const SMALLEST = 16 * 1024;
/** Where in the head what follows is. */
const AT = {
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffset: 23,
  firstTimestamp: 27,
  lastTimestamp: 35,
  producerId: 43,
  epoch: 51,
  sequence: 53,
  count: 57,
} as const;
const FORMAT = 2;

/** Puts records into a batch as Kafka keeps them. */
export class BatchBuilder {
  #bytes = new Uint8Array(SMALLEST);
  #used = BATCH_HEAD_BYTES;
  #count = 0;
  #firstTimestamp = 0;
  #lastTimestamp = 0;

  get count(): number {
    return this.#count;
  }

  get size(): number {
    return this.#used;
  }

  add({ timestamp, key, value, headers, headerCount }: NewRecord): void {
    if (this.#count === 0) this.#firstTimestamp = this.#lastTimestamp = timestamp;
    else if (timestamp > this.#lastTimestamp) this.#lastTimestamp = timestamp;
    const delta = timestamp - this.#firstTimestamp;
    let length = 1 + sizeOf(delta) + sizeOf(this.#count) + sizeOfSlice(key) + sizeOfSlice(value) +
      sizeOf(headerCount);
    for (const { start, end } of headers) length += end - start;
    this.#makeRoom(length + 5);
    this.#varint(length);
    this.#bytes[this.#used++] = 0;
    this.#varint(delta);
    this.#varint(this.#count);
    this.#slice(key);
    this.#slice(value);
    this.#varint(headerCount);
    for (const header of headers) this.#used = copyTo(this.#bytes, this.#used, header);
    this.#count++;
  }

  /** The batch. @param crc32c Makes the sum that brokers check. */
  finish({ id, epoch, sequence }: ProducerStamp, crc32c: (bytes: Uint8Array) => number): Uint8Array {
    const bytes = this.#bytes.subarray(0, this.#used);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    view.setInt32(AT.length, bytes.length - AT.leaderEpoch);
    view.setInt32(AT.leaderEpoch, -1);
    view.setInt8(AT.magic, FORMAT);
    view.setInt32(AT.lastOffset, this.#count - 1);
    view.setBigInt64(AT.firstTimestamp, BigInt(this.#firstTimestamp));
    view.setBigInt64(AT.lastTimestamp, BigInt(this.#lastTimestamp));
    view.setBigInt64(AT.producerId, id);
    view.setInt16(AT.epoch, epoch);
    view.setInt32(AT.sequence, sequence);
    view.setInt32(AT.count, this.#count);
    view.setUint32(AT.crc, crc32c(bytes.subarray(AT.attributes)));
    return bytes;
  }

  #makeRoom(length: number): void {
    if (this.#used + length <= this.#bytes.length) return;
    const bytes = new Uint8Array(Math.max(2 * this.#bytes.length, this.#used + length));
    bytes.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = bytes;
  }

  #slice(slice: Slice | undefined): void {
    if (slice === undefined) return this.#varint(-1);
    this.#varint(slice.end - slice.start);
    this.#used = copyTo(this.#bytes, this.#used, slice);
  }

  #varint(value: number): void {
    let rest = value >= 0 ? 2 * value : -2 * value - 1;
    for (; rest >= 0x80; rest = Math.floor(rest / 128)) this.#bytes[this.#used++] = rest % 128 | 0x80;
    this.#bytes[this.#used++] = rest;
  }
}

function sizeOf(value: number): number {
  let rest = value >= 0 ? 2 * value : -2 * value - 1;
  let size = 1;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) size++;
  return size;
}

function sizeOfSlice(slice: Slice | undefined): number {
  if (slice === undefined) return 1;
  const length = slice.end - slice.start;
  return sizeOf(length) + length;
}

/** A header as a batch holds it. */
export function encodeHeader(key: string, value: Uint8Array): Uint8Array {
  const name = encoder.encode(key);
  const bytes: number[] = [];
  for (const part of [name, value]) {
    let rest = 2 * part.length;
    for (; rest >= 0x80; rest >>>= 7) bytes.push(rest & 0x7f | 0x80);
    bytes.push(rest, ...part);
  }
  return Uint8Array.from(bytes);
}

const encoder = new TextEncoder();
