import { copyTo } from "./byte_slice.ts";
import {
  type AbortedTransaction,
  eachRecord,
  readBatches,
  type RecordBatch,
  type Unpack,
} from "./record_batches.ts";

/** What becomes of a record without a value, which in a compacted topic means that its key is gone. */
export const TOMBSTONES = ["skip", "pass", "fail"] as const;
/** What becomes of a record without a value. */
export type Tombstones = typeof TOMBSTONES[number];

const NEWLINE = 0x0a;

/** The records of one partition in a broker's answer, from an offset on. */
export interface FetchedRecords {
  readonly partition: number;
  /** Records before it are left out: they have been taken. */
  readonly from: number;
  /** Records from there on are left out, as they came after the run began. */
  readonly to?: number;
  readonly bytes: Uint8Array;
  readonly aborted: readonly AbortedTransaction[];
}

/** Records of one partition in a page. */
export interface PageRun {
  readonly partition: number;
  /** Records of the page from `first` to before `last`. */
  readonly first: number;
  readonly last: number;
  /** The offset after the run: what lies between, such as a mark of a transaction, is done with too. */
  readonly next: number;
}

/** The offsets that count. */
interface Cut {
  readonly from: number;
  readonly to: number;
}

/** Where keys and headers of some records of a page are. */
interface Source {
  readonly first: number;
  readonly bytes: Uint8Array;
}

/**
 * Records as one answer of a broker has them: the values joined by newlines, in the order of partitions and offsets,
 * and beside them what else a record has. A record without a value is an empty one.
 */
export class RecordPage {
  /** The values, each with a newline behind it. */
  readonly bytes: Uint8Array;
  readonly runs: readonly PageRun[];
  readonly count: number;
  /** End of each value in the bytes; the next one starts after the newline. */
  readonly ends: Uint32Array;
  readonly offsets: Float64Array;
  readonly timestamps: Float64Array;
  /** Per record: start and end of the key, start and end of the headers, number of headers. */
  readonly parts: Int32Array;
  /** 1 for a record that is not to be answered but passed on without a value, 2 when that was done. */
  readonly passed: Uint8Array;
  readonly #sources: readonly Source[];
  /** Index among the sources of the one that was asked for last. */
  #source = 0;

  /** @throws {RangeError} For bytes that are no batches of records. */
  constructor(
    fetched: readonly FetchedRecords[],
    { unpack, tombstones }: { unpack: Unpack; tombstones: Tombstones },
  ) {
    const read = fetched.map(({ bytes, aborted }) => readBatches(bytes, { aborted, unpack }));
    const batches = read.flatMap((each) => each.batches);
    const most = batches.reduce((sum, { count }) => sum + count, 0);
    const size = batches.reduce((sum, { records }) => sum + records.length, 0);
    const target = this.bytes = new Uint8Array(size + most);
    this.ends = new Uint32Array(most);
    this.offsets = new Float64Array(most);
    this.timestamps = new Float64Array(most);
    this.parts = new Int32Array(5 * most);
    this.passed = new Uint8Array(most);
    const sources: Source[] = [];
    const runs: PageRun[] = [];
    let used = 0;
    let count = 0;
    fetched.forEach(({ partition, from, to = Infinity }, index) => {
      const first = count;
      for (const batch of read[index]?.batches ?? []) {
        if (batch.lastOffset < from) continue;
        sources.push({ first: count, bytes: batch.records });
        ({ used, count } = this.#add(batch, { from, to, used, count, tombstones }));
      }
      runs.push({
        partition,
        first,
        last: count,
        next: Math.min(Math.max(from, read[index]?.next ?? from), to),
      });
    });
    this.bytes = target.subarray(0, used);
    this.count = count;
    this.runs = runs;
    this.#sources = sources;
  }

  #add(
    batch: RecordBatch,
    { from, to, tombstones, ...at }: Cut & { used: number; count: number; tombstones: Tombstones },
  ): { used: number; count: number } {
    const { bytes: target, ends, offsets, timestamps, parts, passed } = this;
    const { records } = batch;
    let { used, count } = at;
    eachRecord(batch, (span) => {
      const isNull = span.valueStart === -1;
      if (span.offset < from || span.offset >= to || (isNull && tombstones === "skip")) return;
      if (isNull) passed[count] = tombstones === "pass" ? 1 : 0;
      else used = copyTo(target, used, { bytes: records, start: span.valueStart, end: span.valueEnd });
      ends[count] = used;
      target[used++] = NEWLINE;
      offsets[count] = span.offset;
      timestamps[count] = span.timestamp;
      const part = 5 * count;
      parts[part] = span.keyStart;
      parts[part + 1] = span.keyEnd;
      parts[part + 2] = span.headersStart;
      parts[part + 3] = span.headersEnd;
      parts[part + 4] = span.headers;
      count++;
    });
    return { used, count };
  }

  /** Where in the bytes a record's value starts. */
  startOf(record: number): number {
    return record === 0 ? 0 : (this.ends[record - 1] ?? 0) + 1;
  }

  /** The bytes in which a record's key and headers lie, as its parts say. */
  sourceOf(record: number): Uint8Array {
    const sources = this.#sources;
    let at = (sources[this.#source]?.first ?? 0) <= record ? this.#source : 0;
    while ((sources[at + 1]?.first ?? Infinity) <= record) at++;
    this.#source = at;
    return sources[at]?.bytes ?? NOTHING;
  }

  /** The run that a record belongs to. */
  runOf(record: number): PageRun | undefined {
    return this.runs.find(({ first, last }) => record >= first && record < last);
  }
}

const NOTHING = new Uint8Array(0);
