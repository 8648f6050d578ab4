import { messageOf, PackflowError } from "../base/errors.ts";
import { Notice } from "../stream/notice.ts";
import { BatchBuilder, type NewRecord } from "./batch_builder.ts";
import type { KafkaClient, ProduceAnswer } from "./kafka_client.ts";
import { KafkaFault } from "./kafka_fault.ts";
import type { Outage } from "./outage.ts";

/** A batch of more bytes is not added to. */
const BATCH_BYTES = 512 * 1024;
/** Bytes that may wait for the cluster to take them. */
const MOST_PENDING_BYTES = 8 * 1024 * 1024;
const RETRY_MS = 100;

/** Where records go. */
export interface ProducerOptions {
  readonly topic: string;
  readonly leaders: readonly number[];
  readonly crc32c: (bytes: Uint8Array) => number;
  /** Whether nobody waits for an outage to be over any more. */
  readonly isOver: () => boolean;
}

/** Who this is to the cluster. */
interface Producer {
  readonly id: bigint;
  readonly epoch: number;
}

/** Records on their way to a partition. */
interface Batch {
  readonly builder: BatchBuilder;
  readonly bytes: number;
  readonly taken: Promise<void>;
  readonly settle: () => void;
  stamp?: { readonly producer: Producer; readonly sequence: number };
}

/** A partition and what waits for it. */
interface Lane {
  readonly partition: number;
  building: BatchBuilder | undefined;
  /** Full batches; the first may be on its way. */
  readonly batches: Batch[];
  /** The first is on its way. */
  isSending: boolean;
  producer: Producer | undefined;
  sequence: number;
}

/**
 * Sends records to a topic, in the order in which each partition got them and each once: batches are known to the
 * cluster by a number, and the next of a partition goes when it has taken the one before.
 */
export class KafkaProducer {
  readonly #client: KafkaClient;
  readonly #options: ProducerOptions;
  readonly #outage: Outage;
  readonly #lanes: readonly Lane[];
  readonly #changed = new Notice();
  #leaders: readonly number[];
  #producer: Producer | undefined;
  readonly #loops = new Set<number>();
  #pending = 0;
  #fault: PackflowError | undefined;

  constructor(client: KafkaClient, options: ProducerOptions, outage: Outage) {
    this.#client = client;
    this.#options = options;
    this.#outage = outage;
    this.#leaders = options.leaders;
    this.#lanes = options.leaders.map((_, partition) => ({
      partition,
      building: undefined,
      batches: [],
      isSending: false,
      producer: undefined,
      sequence: 0,
    }));
  }

  get partitions(): number {
    return this.#lanes.length;
  }

  /** Takes a record; it is sent by {@linkcode flush}, or when a batch is full. */
  add(partition: number, record: NewRecord): void {
    const lane = this.#lanes[partition];
    if (lane === undefined) return;
    lane.building ??= new BatchBuilder();
    lane.building.add(record);
    if (lane.building.size >= BATCH_BYTES) this.#seal(lane);
  }

  /** Sends what was added; resolves when there is room for more. @throws {PackflowError} `sink.write_failed`. */
  async flush(): Promise<void> {
    this.#startAll();
    while (this.#pending + this.#building() > MOST_PENDING_BYTES && this.#fault === undefined) {
      await this.#changed.wait();
    }
    if (this.#fault !== undefined) throw this.#fault;
  }

  /** Resolves when the cluster has taken all that was added before. @throws Like {@linkcode flush}. */
  async sync(): Promise<void> {
    // Nothing takes what was added after the fault.
    if (this.#fault !== undefined) throw this.#fault;
    for (const lane of this.#lanes) this.#seal(lane);
    const batches = this.#lanes.flatMap((lane) => lane.batches);
    this.#startAll();
    await Promise.all(batches.map(({ taken }) => taken));
    if (this.#fault !== undefined) throw this.#fault;
  }

  /** Gives up: what was not taken is lost to this run. */
  fail(fault: PackflowError): void {
    this.#fault ??= fault;
    for (const { batches } of this.#lanes) for (const batch of batches) batch.settle();
    this.#changed.give();
  }

  #building(): number {
    return this.#lanes.reduce((sum, { building }) => sum + (building?.size ?? 0), 0);
  }

  #seal(lane: Lane): void {
    const { building } = lane;
    if (building === undefined) return;
    lane.building = undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    lane.batches.push({ builder: building, bytes: building.size, taken: promise, settle: resolve });
    this.#pending += building.size;
  }

  #startAll(): void {
    for (const { partition, building, batches } of this.#lanes) {
      if (building !== undefined || batches.length > 0) this.#start(this.#leaders[partition] ?? -1);
    }
  }

  #start(node: number): void {
    if (this.#loops.has(node) || this.#fault !== undefined) return;
    this.#loops.add(node);
    this.#loop(node).catch((error) => this.fail(this.#failure(error)));
  }

  /** Sends to a node as long as there is something for it. */
  async #loop(node: number): Promise<void> {
    // What else is added in this turn goes along.
    await Promise.resolve();
    for (;;) {
      const lanes = this.#lanes.filter(({ partition, building, batches, isSending }) =>
        !isSending && (this.#leaders[partition] ?? -1) === node &&
        (building !== undefined || batches.length > 0)
      );
      if (lanes.length === 0 || this.#fault !== undefined) {
        // At once: what is added from now on starts another one.
        this.#loops.delete(node);
        return;
      }
      try {
        this.#take(await this.#send(node, lanes), lanes);
        this.#outage.end();
        // Partitions that have another leader by now.
        this.#startAll();
      } catch (error) {
        if (!(error instanceof KafkaFault) || !error.isPassing || this.#options.isOver()) throw error;
        this.#outage.begin(error);
        await this.#outage.pause(RETRY_MS);
        await this.#findLeaders();
      }
    }
  }

  async #send(node: number, lanes: readonly Lane[]): Promise<ProduceAnswer[]> {
    if (node === -1) throw new KafkaFault("LEADER_NOT_AVAILABLE", "partitions have no leader");
    const producer = this.#producer ??= await this.#client.initProducer();
    const batches = lanes.map((lane) => {
      if (lane.batches.length === 0) this.#seal(lane);
      lane.isSending = true;
      return { partition: lane.partition, bytes: this.#stamped(lane, producer) };
    });
    try {
      return await this.#client.produce(node, this.#options.topic, batches);
    } finally {
      for (const lane of lanes) lane.isSending = false;
    }
  }

  /** The first batch of a lane, numbered: the same number each time it is sent, unless the producer is another. */
  #stamped(lane: Lane, producer: Producer): Uint8Array {
    const [batch] = lane.batches;
    if (batch === undefined) return new Uint8Array(0);
    if (lane.producer !== producer) {
      lane.producer = producer;
      lane.sequence = 0;
    }
    if (batch.stamp?.producer !== producer) {
      batch.stamp = { producer, sequence: lane.sequence };
      lane.sequence = (lane.sequence + batch.builder.count) % 0x8000_0000;
    }
    return batch.builder.finish({ ...producer, sequence: batch.stamp.sequence }, this.#options.crc32c);
  }

  #take(answers: readonly ProduceAnswer[], lanes: readonly Lane[]): void {
    let passing: KafkaFault | undefined;
    for (const lane of lanes) {
      const answer = answers.find(({ partition }) => partition === lane.partition);
      const error = answer === undefined ? "NETWORK" : answer.error;
      if (error === undefined || error === "DUPLICATE_SEQUENCE_NUMBER") {
        const batch = lane.batches.shift();
        this.#pending -= batch?.bytes ?? 0;
        batch?.settle();
        continue;
      }
      const fault = new KafkaFault(
        error,
        `partition ${lane.partition} of "${this.#options.topic}" answered ${error}`,
      );
      if (FORGOTTEN.has(error)) this.#producer = undefined;
      else if (!fault.isPassing) throw fault;
      passing = FORGOTTEN.has(error) ? new KafkaFault("NETWORK", fault.message) : fault;
    }
    this.#changed.give();
    if (passing !== undefined) throw passing;
  }

  async #findLeaders(): Promise<void> {
    try {
      const info = await this.#client.describe(this.#options.topic);
      if (info !== undefined) {
        this.#leaders = this.#lanes.map((_, partition) => info.leaders[partition] ?? -1);
      }
      this.#startAll();
    } catch (error) {
      if (!(error instanceof KafkaFault) || !error.isPassing) throw error;
    }
  }

  #failure(cause: unknown): PackflowError {
    const { topic } = this.#options;
    const reason = cause instanceof KafkaFault && TOO_LARGE.has(cause.id)
      ? `a record is larger than the topic takes: ${cause.message}`
      : messageOf(cause);
    return new PackflowError("sink.write_failed", `Cannot write to topic "${topic}" as ${reason}`, {
      cause,
      remedy: cause instanceof KafkaFault && TOO_LARGE.has(cause.id)
        ? "Raise max.message.bytes of the topic"
        : "See that the cluster runs and lets this user write to the topic",
    });
  }
}

/** The cluster knows the producer no more: it becomes another one, and what was not taken is numbered anew. */
const FORGOTTEN: ReadonlySet<string> = new Set([
  "INVALID_PRODUCER_EPOCH",
  "INVALID_PRODUCER_ID_MAPPING",
  "OUT_OF_ORDER_SEQUENCE_NUMBER",
  "PRODUCER_FENCED",
  "UNKNOWN_PRODUCER_ID",
]);
const TOO_LARGE: ReadonlySet<string> = new Set(["MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE"]);
