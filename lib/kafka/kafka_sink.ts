import type { LineOrigin, Sink } from "../stream/sink.ts";
import type { Syncable } from "./committer.ts";
import type { Slice } from "./byte_slice.ts";
import type { KafkaProducer } from "./kafka_producer.ts";
import { keyOfField } from "./key_field.ts";
import { partitionOfKey } from "./murmur2.ts";
import { OriginHeader } from "./origin_header.ts";
import type { LedgerPage, RecordLedger } from "./record_ledger.ts";

const NEWLINE = 0x0a;

/** How a topic is written. */
export interface KafkaSinkOptions {
  /** What messages call it. */
  readonly name: string;
  readonly producer: KafkaProducer;
  /** The input, where it is a topic too: keys, headers and times are those of its records. */
  readonly input?: { readonly ledger: RecordLedger; readonly topic: string } | undefined;
  /** Field of the answer that is the key of its record. */
  readonly keyField?: string | undefined;
  /** Whether records without a value are passed on here. */
  readonly passes: boolean;
  readonly now: () => number;
  readonly close: () => Promise<void>;
}

/** A topic that lines are written to, each as the value of a record. */
export class KafkaSink implements Sink, Syncable {
  readonly name: string;
  readonly #options: KafkaSinkOptions;
  /** The partition for records without a key, of an input that has no partitions. */
  #next = 0;

  constructor(options: KafkaSinkOptions) {
    this.name = options.name;
    this.#options = options;
  }

  async write(bytes: Uint8Array): Promise<void> {
    const { producer, now, keyField } = this.#options;
    const timestamp = now();
    this.#next = (this.#next + 1) % producer.partitions;
    for (const value of linesOf(bytes)) {
      const key = keyField === undefined ? undefined : keyOfField(value, keyField);
      const partition = key === undefined
        ? this.#next
        : partitionOfKey(key.bytes.subarray(key.start, key.end), producer.partitions);
      producer.add(partition, { timestamp, key, value, headers: [], headerCount: 0 });
    }
    await producer.flush();
  }

  async writeFrom(bytes: Uint8Array, origin: LineOrigin): Promise<void> {
    const { input, producer } = this.#options;
    if (input === undefined) return await this.write(bytes);
    if (origin.offsets === undefined) this.#inRow(bytes, origin, input.ledger);
    else this.#scattered(bytes, origin.offsets, input.ledger);
    await producer.flush();
  }

  async sync(): Promise<void> {
    await this.#options.producer.sync();
  }

  async close(): Promise<void> {
    await this.#options.close();
  }

  /** Lines of records that follow one another in the stream. */
  #inRow(bytes: Uint8Array, { offset, end, indexes }: LineOrigin, ledger: RecordLedger): void {
    const found = ledger.find(offset);
    if (found === undefined) return;
    const { entry } = found;
    const { page } = entry;
    const writer = new RecordWriter(this.#options, entry);
    let { record } = found;
    // Those just before belong to this piece, if they do to none before it.
    while (page.passed[record - 1] === 1) record--;
    let index = 0;
    let line = 0;
    let wanted = indexes?.[0] ?? 0;
    const lines = linesOf(bytes);
    for (; record < page.count && entry.start + page.startOf(record) < end; record++) {
      if (page.passed[record] !== 0) {
        writer.pass(record);
        continue;
      }
      if (index++ !== wanted) continue;
      const { value, done } = lines.next();
      if (done !== true) writer.add(record, value);
      line++;
      wanted = indexes === undefined ? line : indexes[line] ?? -1;
    }
  }

  /** Lines of records from here and there. */
  #scattered(bytes: Uint8Array, offsets: readonly number[], ledger: RecordLedger): void {
    const lines = linesOf(bytes);
    for (const offset of offsets) {
      const found = ledger.find(offset);
      const { value, done } = lines.next();
      if (found === undefined || done === true) continue;
      new RecordWriter(this.#options, found.entry).add(found.record, value);
    }
  }
}

/** Makes records of the lines that came of a page's records. */
class RecordWriter {
  readonly #options: KafkaSinkOptions;
  readonly #entry: LedgerPage;
  #run: { readonly partition: number; readonly last: number; readonly first: number } | undefined;

  #mark = new OriginHeader("", 0);

  constructor(options: KafkaSinkOptions, entry: LedgerPage) {
    this.#options = options;
    this.#entry = entry;
  }

  /** Passes a record without a value on, once. */
  pass(record: number): void {
    const { passed } = this.#entry.page;
    if (!this.#options.passes || passed[record] !== 1) return;
    passed[record] = 2;
    this.add(record, undefined);
  }

  add(record: number, value: Slice | undefined): void {
    const { producer, keyField, input } = this.#options;
    const { page } = this.#entry;
    if (this.#run === undefined || record >= this.#run.last || record < this.#run.first) {
      this.#run = page.runOf(record);
      this.#mark = new OriginHeader(input?.topic ?? "", this.#run?.partition ?? 0);
    }
    const from = this.#run?.partition ?? 0;
    const bytes = page.sourceOf(record);
    const { parts } = page;
    const at = 5 * record;
    const own = parts[at] ?? -1;
    const key = keyField !== undefined && value !== undefined
      ? keyOfField(value, keyField)
      : own === -1
      ? undefined
      : { bytes, start: own, end: parts[at + 1] ?? own };
    const partition = key === undefined
      ? from % producer.partitions
      : partitionOfKey(key.bytes.subarray(key.start, key.end), producer.partitions);
    producer.add(partition, {
      timestamp: page.timestamps[record] ?? 0,
      key,
      value,
      headers: [
        { bytes, start: parts[at + 2] ?? 0, end: parts[at + 3] ?? 0 },
        this.#mark.of(page.offsets[record] ?? 0),
      ],
      headerCount: (parts[at + 4] ?? 0) + 1,
    });
  }
}

function* linesOf(bytes: Uint8Array): Generator<Slice, undefined> {
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline;
    yield { bytes, start, end };
    start = end + 1;
  }
  return undefined;
}
