import { log } from "../base/log.ts";
import { PackflowError } from "../base/errors.ts";
import type { Source } from "../stream/source.ts";
import type { CommitTarget } from "./committer.ts";
import type { GroupEvents, GroupMember } from "./group.ts";
import { GroupOffsets } from "./group_offsets.ts";
import type { KafkaFigures } from "./kafka_figures.ts";
import type { KafkaClient } from "./kafka_client.ts";
import { isPassing } from "./kafka_fault.ts";
import type { Outage } from "./outage.ts";
import { PageCutter } from "./page_cutter.ts";
import type { PageFetcher } from "./page_fetcher.ts";
import { PartitionState } from "./partition_state.ts";
import { FIRST_OFFSET, type LedgerPage, type RecordLedger } from "./record_ledger.ts";

/** How a topic is read. */
export interface KafkaSourceOptions {
  /** What messages call it. */
  readonly name: string;
  readonly topic: string;
  readonly from: "earliest" | "latest";
  /** Offsets to stop at, one for each partition; none for a run without an end. */
  readonly until?: ReadonlyMap<number, number> | undefined;
  /** How long partitions that others are to have may still be worked on. */
  readonly drainMs: number;
  /** Whether nobody waits for an outage to be over any more. */
  readonly isOver: () => boolean;
}

/** What a {@linkcode KafkaSource} works with. */
export interface SourceParts {
  /** For all but fetching. */
  readonly client: KafkaClient;
  readonly fetcher: PageFetcher;
  readonly ledger: RecordLedger;
  readonly outage: Outage;
  readonly join: (events: GroupEvents) => GroupMember;
  /** Connections to be let go in the end. */
  readonly closing: readonly { close(): Promise<void> }[];
}

/** Time between two looks at whether the other members are done. */
const POLL_MS = 300;

/** A topic as a stream of the values of its records, read as a member of a group. */
export class KafkaSource implements Source, CommitTarget {
  readonly name: string;
  readonly mayPause = true;
  readonly offset = FIRST_OFFSET;
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly #options: KafkaSourceOptions;
  readonly #parts: SourceParts;
  readonly #member: GroupMember;
  readonly #offsets: GroupOffsets;
  /** Pages whose bytes were handed out and that nobody has cut yet. */
  readonly #handedOut: LedgerPage[] = [];
  #settle: () => Promise<void> = () => Promise.resolve();
  #fault: unknown;
  #isStopped = false;
  /** Partitions that this member lost without having given them back. */
  #lost: PartitionState[] = [];
  #isAssigned = false;
  #commits = 0;
  #rebalances = 0;

  constructor(options: KafkaSourceOptions, parts: SourceParts) {
    this.name = options.name;
    this.#options = options;
    this.#parts = parts;
    this.#member = parts.join({
      assigned: (partitions) => this.#assigned(partitions),
      revoked: (partitions) => this.#revoked(partitions),
      lost: (partitions) => this.#lose(this.#statesOf(partitions)),
      failed: (error) => this.fail(error),
    });
    const { topic, from } = options;
    this.#offsets = new GroupOffsets({
      topic,
      from,
      member: this.#member,
      isOver: () => this.#fault !== undefined || options.isOver(),
    }, parts);
    this.chunks = {
      [Symbol.asyncIterator]: () => ({ next: () => this.#next(), return: () => this.#stop() }),
    };
  }

  /** What cuts the stream into blocks. */
  cutter(): PageCutter {
    return new PageCutter(this.#handedOut);
  }

  /** Begins to take part in the group. @param settle Writes, syncs and commits what was given so far. */
  start(settle: () => Promise<void>): void {
    this.#settle = settle;
    this.#member.start();
  }

  /** How far the run is in its partitions. */
  get figures(): KafkaFigures {
    const { client, fetcher } = this.#parts;
    return {
      commits: this.#commits,
      rebalances: this.#rebalances,
      reconnects: Math.max(0, client.connections - 1),
      partitions: [...fetcher.states].sort((a, b) => a.partition - b.partition).map((state) => {
        const { partition, committed, given, end } = state;
        const lag = end === undefined ? undefined : Math.max(0, end - (committed ?? given));
        return { topic: this.#options.topic, partition, committed, lag };
      }),
    };
  }

  placeOf(offset: number): { topic: string; partition: number; offset: number } | undefined {
    const place = this.#parts.ledger.placeOf(offset);
    return place && { topic: this.#options.topic, ...place };
  }

  give(offset: number): void {
    this.#parts.ledger.give(offset);
  }

  snapshot(): ReadonlyMap<number, number> {
    const due = this.#parts.fetcher.states.filter(({ given, committed, isReleased }) =>
      !isReleased && given > (committed ?? -1)
    );
    return new Map(due.map(({ partition, given }) => [partition, given]));
  }

  async commit(offsets: ReadonlyMap<number, number>): Promise<void> {
    const states = () =>
      this.#parts.fetcher.states.filter(({ isReleased, partition }) => !isReleased && offsets.has(partition));
    const committed = await this.#offsets.commit(() => {
      return new Map(states().map(({ partition }) => [partition, offsets.get(partition) ?? 0]));
    });
    if (committed.size === 0) return;
    this.#commits++;
    for (const state of states()) state.committed = committed.get(state.partition) ?? state.committed;
  }

  /** Leaves the group, and lets the connections go. */
  async close(): Promise<void> {
    await this.#stop();
    await this.#member.close();
    for (const each of this.#parts.closing) await each.close();
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    const { fetcher, ledger } = this.#parts;
    for (;;) {
      if (this.#fault !== undefined) throw this.#fault;
      if (this.#isStopped) return { done: true, value: undefined };
      const taken = fetcher.take();
      if (taken !== undefined) {
        const entry = ledger.add(taken.page, taken.states);
        // Nothing but offsets moved on: that is for the next commit.
        if (taken.page.count === 0) continue;
        this.#handedOut.push(entry);
        return { done: false, value: taken.page.bytes };
      }
      if (this.#isAtEnd()) {
        if (await this.#areOthersDone()) return { done: true, value: undefined };
        await Promise.race([fetcher.change(), this.#parts.outage.pause(POLL_MS)]);
      } else await fetcher.change();
    }
  }

  #stop(): Promise<IteratorResult<Uint8Array>> {
    this.#isStopped = true;
    this.#parts.fetcher.close();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Ends the reading with an error. */
  fail(error: unknown): void {
    const { topic } = this.#options;
    this.#fault ??= error instanceof PackflowError ? error : new PackflowError(
      "source.read_failed",
      `Cannot read topic "${topic}" as its group cannot be taken part in: ${
        error instanceof Error ? error.message : error
      }`,
      { cause: error },
    );
    this.#parts.fetcher.wake();
  }

  #isAtEnd(): boolean {
    const { until } = this.#options;
    return until !== undefined && this.#isAssigned &&
      this.#parts.fetcher.states.every(({ isAtEnd }) => isAtEnd);
  }

  /** Whether the partitions that others have are read to the end: this run takes over what they leave. */
  async #areOthersDone(): Promise<boolean> {
    const { until = new Map<number, number>() } = this.#options;
    const own = new Set(this.#parts.fetcher.states.map(({ partition }) => partition));
    const others = [...until].filter(([partition]) => !own.has(partition));
    return others.length === 0 || await this.#offsets.areReached(others);
  }

  async #assigned(partitions: readonly number[]): Promise<void> {
    const { until } = this.#options;
    const starts = await this.#offsets.startsOf(partitions);
    this.#rebalances++;
    this.#isAssigned = true;
    const states = partitions.map((partition) => {
      const start = { position: 0, ...starts.get(partition) };
      return this.#found(partition, start) ??
        new PartitionState(partition, { ...start, until: until?.get(partition) });
    });
    const isBack = this.#lost.some((state) => states.includes(state));
    this.#lost = this.#lost.filter((state) => !states.includes(state));
    await this.#parts.fetcher.add(states);
    // What was written while it was thrown out has not been committed, and may be all there is for long.
    if (isBack) this.#settle().catch(() => {});
  }

  /** A partition that was lost and comes back goes on where it was, if nobody has read it further meanwhile. */
  #found(
    partition: number,
    { position, committed }: { position: number; committed?: number },
  ): PartitionState | undefined {
    const state = this.#lost.find((each) => each.partition === partition);
    if (state === undefined || state.position < position) return undefined;
    state.committed = committed;
    state.isHeld = false;
    state.isReleased = false;
    return state;
  }

  /** Has what was handed out written, synced and committed, within bounds, and lets go. */
  async #revoked(partitions: readonly number[]): Promise<void> {
    const { ledger, fetcher, outage } = this.#parts;
    const { drainMs } = this.#options;
    const states = this.#statesOf(partitions);
    fetcher.hold(states);
    this.#rebalances++;
    const drained = (async () => {
      await Promise.all(states.map((state) => ledger.settled(state)));
      await this.#settle();
    })().catch((error) => {
      if (!isPassing(error)) this.fail(error);
    });
    const isLate = await Promise.race([drained.then(() => false), outage.pause(drainMs).then(() => true)]);
    if (isLate) {
      log(
        "warn",
        `Partitions ${
          partitions.join(", ")
        } of "${this.#options.topic}" go to another member before all of what was read of them is written: it will do some of that again`,
      );
    }
    this.#release(states);
  }

  /** The group has thrown this member out: what was handed out is worked on, but it may be another's by now. */
  #lose(states: readonly PartitionState[]): void {
    this.#parts.fetcher.hold(states);
    this.#release(states);
    this.#lost = [...this.#lost, ...states];
  }

  #release(states: readonly PartitionState[]): void {
    for (const state of states) state.isReleased = true;
    const { fetcher, ledger } = this.#parts;
    fetcher.remove(states);
    // Whoever waits for one of them need not any more.
    ledger.give(FIRST_OFFSET);
  }

  #statesOf(partitions: readonly number[]): PartitionState[] {
    return this.#parts.fetcher.states.filter(({ partition }) => partitions.includes(partition));
  }
}
