import { ByteCursor } from "./byte_cursor.ts";

/** Bytes of a batch before its records. */
export const BATCH_HEAD_BYTES = 61;
/** Where in a batch the head says how many bytes follow, the attributes, and how many records there are. */
const LENGTH_AT = 8;
const ATTRIBUTES_AT = 21;
const COUNT_AT = 57;

const COMPRESSION = 0b111;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

/** A transaction whose records do not count. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

/** A batch of records as a broker keeps it. */
export interface RecordBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly baseTimestamp: number;
  readonly count: number;
  /** The records, unpacked. */
  readonly records: Uint8Array;
}

/** Unpacks bytes that were packed in a way, which its number in Kafka's protocol names. */
export type Unpack = (bytes: Uint8Array, compression: number) => Uint8Array;

/** What the bytes of a partition hold. */
export interface ReadBatches {
  /** The batches whose records count. */
  readonly batches: readonly RecordBatch[];
  /** The offset after the last whole batch; undefined if there is none. */
  readonly next: number | undefined;
}

/**
 * Reads the batches of a partition, those left out whose transaction was aborted, and the marks of transactions. A
 * batch that is cut off at the end is left for the next time.
 *
 * @throws {RangeError} For bytes that are none.
 */
export function readBatches(
  bytes: Uint8Array,
  { aborted, unpack }: { aborted: readonly AbortedTransaction[]; unpack: Unpack },
): ReadBatches {
  const batches: RecordBatch[] = [];
  const open = new OpenAborts(aborted);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let next: number | undefined;
  for (let at = 0; at + LENGTH_AT + 4 <= bytes.length;) {
    const end = at + LENGTH_AT + 4 + view.getInt32(at + LENGTH_AT);
    if (end > bytes.length) break;
    const cursor = new ByteCursor(bytes.subarray(at, end));
    const baseOffset = cursor.int64();
    cursor.at = ATTRIBUTES_AT;
    const attributes = cursor.int16();
    const lastOffset = baseOffset + cursor.int32();
    const baseTimestamp = cursor.int64();
    cursor.skip(8);
    const producerId = cursor.int64();
    cursor.at = COUNT_AT;
    const count = cursor.int32();
    next = lastOffset + 1;
    const packed = bytes.subarray(at + BATCH_HEAD_BYTES, end);
    at = end;
    open.upTo(lastOffset);
    if ((attributes & CONTROL) !== 0) {
      open.end(producerId);
      continue;
    }
    if ((attributes & TRANSACTIONAL) !== 0 && open.has(producerId)) continue;
    const compression = attributes & COMPRESSION;
    const records = compression === 0 ? packed : unpack(packed, compression);
    batches.push({ baseOffset, lastOffset, baseTimestamp, count, records });
  }
  return { batches, next };
}

/** The aborted transactions that are open at a place in a partition. */
class OpenAborts {
  readonly #coming: AbortedTransaction[];
  readonly #open = new Set<number>();

  constructor(aborted: readonly AbortedTransaction[]) {
    this.#coming = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  }

  upTo(offset: number): void {
    for (;;) {
      const [first] = this.#coming;
      if (first === undefined || first.firstOffset > offset) return;
      this.#open.add(first.producerId);
      this.#coming.shift();
    }
  }

  end(producerId: number): void {
    this.#open.delete(producerId);
  }

  has(producerId: number): boolean {
    return this.#open.has(producerId);
  }
}

/** Where the parts of a record lie in the records of its batch. */
export interface RecordSpan {
  offset: number;
  timestamp: number;
  /** -1 where there is no key. */
  keyStart: number;
  keyEnd: number;
  /** -1 where there is no value. */
  valueStart: number;
  valueEnd: number;
  /** The headers, their number not among them. */
  headersStart: number;
  headersEnd: number;
  headers: number;
}

/** Calls back for each record of a batch, always with the same object. */
export function eachRecord(batch: RecordBatch, visit: (span: RecordSpan) => void): void {
  const cursor = new ByteCursor(batch.records);
  const span: RecordSpan = {
    offset: 0,
    timestamp: 0,
    keyStart: -1,
    keyEnd: -1,
    valueStart: -1,
    valueEnd: -1,
    headersStart: 0,
    headersEnd: 0,
    headers: 0,
  };
  for (let left = batch.count; left > 0; left--) {
    const length = cursor.varint();
    const end = cursor.at + length;
    cursor.at++;
    span.timestamp = batch.baseTimestamp + cursor.varint();
    span.offset = batch.baseOffset + cursor.varint();
    const key = cursor.varint();
    span.keyStart = key < 0 ? -1 : cursor.at;
    span.keyEnd = key < 0 ? -1 : cursor.at += key;
    const value = cursor.varint();
    span.valueStart = value < 0 ? -1 : cursor.at;
    span.valueEnd = value < 0 ? -1 : cursor.at += value;
    span.headers = cursor.varint();
    span.headersStart = cursor.at;
    span.headersEnd = end;
    if (end > batch.records.length) throw new RangeError("Cannot read a record past the end of its batch");
    visit(span);
    cursor.at = end;
  }
}
