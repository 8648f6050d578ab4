import type {
  FetchedPartition,
  Heartbeat,
  HeartbeatAnswer,
  JoinAnswer,
  KafkaClient,
  Membership,
  ProduceAnswer,
} from "../../lib/kafka/kafka_client.ts";
import { KafkaFault } from "../../lib/kafka/kafka_fault.ts";
import { BatchBuilder } from "../../lib/kafka/batch_builder.ts";
import { eachRecord, readBatches } from "../../lib/kafka/record_batches.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A record as tests write and read it. */
export interface FakeRecord {
  readonly value: string | null;
  readonly key?: string;
  readonly timestamp?: number;
  readonly headers?: Uint8Array;
}

/** One batch as a broker keeps it, from an offset on. */
export function batchOf(records: readonly FakeRecord[], baseOffset = 0): Uint8Array {
  const builder = new BatchBuilder();
  for (const { value, key, timestamp = 1000, headers } of records) {
    const slice = (text: string) => {
      const bytes = encoder.encode(text);
      return { bytes, start: 0, end: bytes.length };
    };
    builder.add({
      timestamp,
      key: key === undefined ? undefined : slice(key),
      value: value === null ? undefined : slice(value),
      headers: headers === undefined ? [] : [{ bytes: headers, start: 0, end: headers.length }],
      headerCount: headers === undefined ? 0 : 1,
    });
  }
  const bytes = builder.finish({ id: -1n, epoch: -1, sequence: -1 }, () => 0).slice();
  new DataView(bytes.buffer).setBigInt64(0, BigInt(baseOffset));
  return bytes;
}

/** The records of a batch. */
export function recordsOf(batch: Uint8Array): (FakeRecord & { offset: number; headerCount: number })[] {
  const found: (FakeRecord & { offset: number; headerCount: number })[] = [];
  for (const each of readBatches(batch, { aborted: [], unpack: (bytes) => bytes }).batches) {
    eachRecord(each, (span) => {
      const text = (start: number, end: number) => decoder.decode(each.records.subarray(start, end));
      found.push({
        offset: span.offset,
        timestamp: span.timestamp,
        headerCount: span.headers,
        headers: each.records.slice(span.headersStart, span.headersEnd),
        value: span.valueStart === -1 ? null : text(span.valueStart, span.valueEnd),
        ...(span.keyStart === -1 ? {} : { key: text(span.keyStart, span.keyEnd) }),
      });
    });
  }
  return found;
}

/** A cluster of one broker with one topic, in memory. What it is asked can be made to fail. */
export class FakeKafka implements KafkaClient {
  readonly logs: FakeRecord[][];
  readonly offsetsOfGroup = new Map<number, number>();
  /** Commits in the order in which they came. */
  readonly commits: Map<number, number>[] = [];
  readonly heartbeats: Heartbeat[] = [];
  /** What the next calls of a name fail with, first one first. */
  readonly failures = new Map<keyof KafkaClient, (string | undefined)[]>();
  /** Batches as they were sent, with producer and sequence. */
  readonly produced: { partition: number; id: bigint; sequence: number; values: (string | null)[] }[] = [];
  readonly taken = new Map<string, Set<number>>();
  assigned: readonly number[] | undefined;
  epoch = 1;
  connections = 1;
  isClosed = false;
  /** Most records of a partition in one answer. */
  most = 100;
  #producers = 0n;
  #waiting: (() => void)[] = [];

  constructor(partitions: number) {
    this.logs = Array.from({ length: partitions }, () => []);
  }

  fail(name: keyof KafkaClient, ...ids: (string | undefined)[]): void {
    this.failures.set(name, [...this.failures.get(name) ?? [], ...ids]);
  }

  append(partition: number, ...records: FakeRecord[]): void {
    this.logs[partition]?.push(...records);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #check(name: keyof KafkaClient): void {
    const id = this.failures.get(name)?.shift();
    if (id !== undefined) throw new KafkaFault(id, `made to fail with ${id}`);
  }

  knowsConsumerGroups(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async describe() {
    await Promise.resolve();
    this.#check("describe");
    return { id: "topic-id", leaders: this.logs.map(() => 1) };
  }

  async offsets(_topic: string, at: "earliest" | "latest", partitions: readonly number[]) {
    await Promise.resolve();
    this.#check("offsets");
    return new Map(partitions.map((each) => [each, at === "earliest" ? 0 : this.logs[each]?.length ?? 0]));
  }

  async fetch(
    _node: number,
    { partitions }: Parameters<KafkaClient["fetch"]>[1],
  ): Promise<FetchedPartition[]> {
    await Promise.resolve();
    this.#check("fetch");
    const hasAny = partitions.some(({ partition, offset }) => (this.logs[partition]?.length ?? 0) > offset);
    if (!hasAny) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return partitions.map(({ partition, offset }) => {
      const log = this.logs[partition] ?? [];
      const records = log.slice(offset, offset + this.most);
      const bytes = records.length === 0 ? new Uint8Array(0) : batchOf(records, offset);
      return { partition, from: offset, bytes, aborted: [], end: log.length };
    });
  }

  async initProducer() {
    await Promise.resolve();
    this.#check("initProducer");
    return { id: ++this.#producers, epoch: 0 };
  }

  async produce(
    _node: number,
    _topic: string,
    batches: readonly { partition: number; bytes: Uint8Array }[],
  ): Promise<ProduceAnswer[]> {
    await Promise.resolve();
    this.#check("produce");
    const answers = batches.map(({ partition, bytes }): ProduceAnswer => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const id = view.getBigInt64(43);
      const sequence = view.getInt32(53);
      const key = `${id}-${partition}`;
      const known = this.taken.get(key) ?? new Set();
      this.taken.set(key, known);
      if (known.has(sequence)) return { partition, error: "DUPLICATE_SEQUENCE_NUMBER" };
      known.add(sequence);
      const records = recordsOf(bytes);
      this.produced.push({ partition, id, sequence, values: records.map(({ value }) => value) });
      this.append(partition, ...records);
      return { partition };
    });
    // The answer is lost on the way: the batch was taken all the same.
    this.#check("close");
    return answers;
  }

  async heartbeat(heartbeat: Heartbeat): Promise<HeartbeatAnswer> {
    await Promise.resolve();
    this.heartbeats.push(heartbeat);
    this.#check("heartbeat");
    const { assigned } = this;
    return {
      member: heartbeat.member,
      epoch: this.epoch,
      intervalMs: 1,
      ...(assigned === undefined ? {} : { assigned: [{ topicId: "topic-id", partitions: assigned }] }),
    };
  }

  async join(): Promise<JoinAnswer> {
    await Promise.resolve();
    this.#check("join");
    const members = [{ member: "me", metadata: new Uint8Array(0) }];
    return { member: "me", generation: this.epoch, protocol: "range", isLeader: true, members };
  }

  async sync(
    _membership: Membership,
    assignments: readonly { readonly member: string; readonly assignment: Uint8Array }[],
  ) {
    await Promise.resolve();
    this.#check("sync");
    return assignments[0]?.assignment ?? new Uint8Array(0);
  }

  async classicHeartbeat() {
    await Promise.resolve();
    this.#check("classicHeartbeat");
  }

  async classicLeave() {
    await Promise.resolve();
    this.#check("classicLeave");
  }

  async commit(_membership: Membership, _topic: string, offsets: ReadonlyMap<number, number>) {
    await Promise.resolve();
    this.#check("commit");
    this.commits.push(new Map(offsets));
    for (const [partition, offset] of offsets) this.offsetsOfGroup.set(partition, offset);
  }

  async committed(_membership: unknown, _topic: string, partitions: readonly number[]) {
    await Promise.resolve();
    this.#check("committed");
    return new Map([...this.offsetsOfGroup].filter(([partition]) => partitions.includes(partition)));
  }

  close(): Promise<void> {
    this.isClosed = true;
    for (const wake of this.#waiting.splice(0)) wake();
    return Promise.resolve();
  }
}
