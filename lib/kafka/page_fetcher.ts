import { log } from "../base/log.ts";
import { messageOf, PackflowError } from "../base/errors.ts";
import { Notice } from "../stream/notice.ts";
import type { FetchedPartition, KafkaClient } from "./kafka_client.ts";
import { KafkaFault } from "./kafka_fault.ts";
import type { Outage } from "./outage.ts";
import type { PartitionState } from "./partition_state.ts";
import type { Unpack } from "./record_batches.ts";
import { type FetchedRecords, RecordPage, type Tombstones } from "./record_page.ts";

/** Most bytes of one answer, as far as they are more than one batch. */
const MOST_BYTES = 1024 * 1024;
/** How long a broker waits for records before it answers that there are none. */
const WAIT_MS = 500;
/** Answers that may wait to be handed out. */
const MOST_AHEAD = 2;
const MOVED_PAUSE_MS = 100;

/** How to fetch. */
export interface FetcherOptions {
  readonly topic: string;
  readonly from: "earliest" | "latest";
  readonly tombstones: Tombstones;
  readonly unpack: Unpack;
}

/** Records that were fetched, and their partitions. */
interface Fetched {
  readonly records: readonly FetchedRecords[];
  readonly states: readonly PartitionState[];
  readonly page: RecordPage;
}

/** Fetches the records of partitions ahead of whoever takes them, but only so far. */
export class PageFetcher {
  readonly #client: KafkaClient;
  readonly #options: FetcherOptions;
  readonly #outage: Outage;
  readonly #changed = new Notice();
  #states: PartitionState[] = [];
  #leaders: readonly number[] = [];
  #queue: Fetched[] = [];
  readonly #loops = new Set<number>();
  #fault: unknown;
  #isClosed = false;

  constructor(client: KafkaClient, options: FetcherOptions, outage: Outage) {
    this.#client = client;
    this.#options = options;
    this.#outage = outage;
  }

  /** The partitions that are read. */
  get states(): readonly PartitionState[] {
    return this.#states;
  }

  /** Pages that wait. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Reads these partitions too. */
  async add(states: readonly PartitionState[]): Promise<void> {
    this.#states = [...this.#states, ...states];
    await this.#findLeaders();
    this.wake();
  }

  /** Hands nothing more of these partitions out: what waits is dropped, as if it had not been fetched. */
  hold(states: readonly PartitionState[]): void {
    for (const state of states) state.isHeld = true;
    this.#queue = this.#queue.map((fetched) => {
      if (!fetched.states.some(({ isHeld }) => isHeld)) return fetched;
      fetched.records.forEach(({ from }, index) => {
        const state = fetched.states[index];
        if (state?.isHeld === true) state.position = Math.min(state.position, from);
      });
      const records = fetched.records.filter((_, index) => fetched.states[index]?.isHeld === false);
      return { records, states: fetched.states.filter(({ isHeld }) => !isHeld), page: this.#read(records) };
    });
    this.wake();
  }

  /** Reads these partitions no more. */
  remove(states: readonly PartitionState[]): void {
    this.#states = this.#states.filter((state) => !states.includes(state));
    this.wake();
  }

  /** Has whoever waits look again. */
  wake(): void {
    this.#changed.give();
  }

  /** Stops; a request under way is not waited for. */
  close(): void {
    this.#isClosed = true;
    this.wake();
  }

  /**
   * The next page; undefined if there is none at the moment.
   *
   * @throws What ended the fetching.
   */
  take(): { page: RecordPage; states: readonly PartitionState[] } | undefined {
    const fetched = this.#queue.shift();
    if (fetched === undefined) {
      if (this.#fault !== undefined) throw this.#fault;
      return undefined;
    }
    this.wake();
    return fetched;
  }

  /** Resolves when something has changed. */
  change(): Promise<void> {
    return this.#changed.wait();
  }

  async #findLeaders(): Promise<void> {
    const info = await this.#outage.patiently(
      () => this.#client.describe(this.#options.topic),
      () => this.#isClosed,
    );
    if (info !== undefined) this.#leaders = info.leaders;
    for (const { partition } of this.#states) this.#start(this.#leaders[partition] ?? -1);
  }

  #start(node: number): void {
    if (this.#loops.has(node) || this.#isClosed) return;
    this.#loops.add(node);
    this.#loop(node).catch((error) => {
      this.#fault ??= error;
      this.close();
    });
  }

  async #loop(node: number): Promise<void> {
    while (!this.#isClosed) {
      const own = this.#states.filter((state) => this.#isWanted(state, node));
      if (own.length === 0 || this.#queue.length >= MOST_AHEAD) {
        if (!this.#states.some(({ partition }) => (this.#leaders[partition] ?? -1) === node)) break;
        await this.change();
        continue;
      }
      await this.#fetch(node, own);
    }
    this.#loops.delete(node);
  }

  #isWanted({ partition, isHeld, isAtEnd }: PartitionState, node: number): boolean {
    return !isHeld && !isAtEnd && (this.#leaders[partition] ?? -1) === node;
  }

  async #fetch(node: number, own: readonly PartitionState[]): Promise<void> {
    const { topic } = this.#options;
    const partitions = own.map(({ partition, position }) => ({ partition, offset: position }));
    let answers: readonly FetchedPartition[];
    try {
      if (node === -1) throw new KafkaFault("LEADER_NOT_AVAILABLE", "partitions have no leader");
      answers = await this.#client.fetch(node, {
        topic,
        partitions,
        maxBytes: MOST_BYTES,
        maxWaitMs: WAIT_MS,
      });
    } catch (error) {
      if (this.#isClosed) return;
      await this.#moved(error);
      return;
    }
    this.#outage.end();
    if (!this.#isClosed) await this.#take(answers, own);
  }

  /** The broker cannot be reached, or leads the partitions no more. */
  async #moved(error: unknown): Promise<void> {
    if (!(error instanceof KafkaFault) || !error.isPassing) throw this.#failure(error);
    this.#outage.begin(error);
    await this.#outage.pause(MOVED_PAUSE_MS);
    await this.#findLeaders();
    this.wake();
  }

  async #take(answers: readonly FetchedPartition[], own: readonly PartitionState[]): Promise<void> {
    const records: FetchedRecords[] = [];
    const states: PartitionState[] = [];
    for (const answer of answers) {
      const state = own.find(({ partition }) => partition === answer.partition);
      if (state === undefined || state.isHeld || state.position !== answer.from) continue;
      if (answer.error !== undefined) await this.#refused(state, answer.error);
      else {
        state.end = answer.end;
        if (answer.bytes.length === 0) continue;
        records.push({ ...answer, ...(state.until === Infinity ? {} : { to: state.until }) });
        states.push(state);
      }
    }
    if (records.length === 0) return;
    const page = this.#read(records);
    page.runs.forEach(({ next }, index) => {
      const state = states[index];
      if (state !== undefined) state.position = next;
    });
    // A broker fills its answer in this order: those that had their turn come last in the next one.
    this.#states = [
      ...this.#states.filter((state) => !states.includes(state)),
      ...states.filter((state) => this.#states.includes(state)),
    ];
    this.#queue.push({ records, states, page });
    this.wake();
  }

  #read(records: readonly FetchedRecords[]): RecordPage {
    try {
      return new RecordPage(records, this.#options);
    } catch (cause) {
      const places = records.map(({ partition, from }) => `partition ${partition} from offset ${from}`).join(
        ", ",
      );
      throw new PackflowError(
        "source.read_failed",
        `Cannot read topic "${this.#options.topic}" as its records must be whole: ${places}: ${
          messageOf(cause)
        }`,
        { cause },
      );
    }
  }

  async #refused(state: PartitionState, id: string): Promise<void> {
    const { topic, from } = this.#options;
    const { partition, position } = state;
    if (id !== "OFFSET_OUT_OF_RANGE") {
      return await this.#moved(new KafkaFault(id, `partition ${partition} of "${topic}" answered ${id}`));
    }
    const found = await this.#outage.patiently(
      () => this.#client.offsets(topic, from, [partition]),
      () => this.#isClosed,
    );
    state.position = found.get(partition) ?? position;
    log(
      "warn",
      `Records of partition ${partition} of "${topic}" from offset ${position} on are gone: reading on at ${state.position}`,
    );
  }

  #failure(cause: unknown): PackflowError {
    const { topic } = this.#options;
    return new PackflowError(
      "source.read_failed",
      `Cannot read topic "${topic}" to its end as reading failed: ${messageOf(cause)}`,
      { cause },
    );
  }
}
