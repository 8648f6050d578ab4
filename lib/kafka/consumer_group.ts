import { Notice } from "../stream/notice.ts";
import type { GroupEvents, GroupMember, GroupOptions } from "./group.ts";
import type { HeartbeatAnswer, KafkaClient, Membership } from "./kafka_client.ts";
import { faultId, isPassing } from "./kafka_fault.ts";
import type { Outage } from "./outage.ts";

/** Time between two heartbeats until the broker has said which it wants. */
const FIRST_INTERVAL_MS = 500;
/** Time after which a heartbeat that failed is tried again. */
const RETRY_MS = 200;
/** What a member says to leave. */
const LEAVING = -1;

/** A member of a group whose broker says who has which partitions (KIP-848). */
export class ConsumerGroup implements GroupMember {
  readonly #client: KafkaClient;
  readonly #options: GroupOptions;
  readonly #events: GroupEvents;
  readonly #outage: Outage;
  readonly #member = crypto.randomUUID();
  readonly #wake = new Notice();
  #epoch = 0;
  #owned: readonly number[] = [];
  #topicId = "";
  #intervalMs = FIRST_INTERVAL_MS;
  #isReconciling = false;
  #isClosed = false;
  #running: Promise<void> = Promise.resolve();

  constructor(
    client: KafkaClient,
    options: GroupOptions,
    { events, outage }: { events: GroupEvents; outage: Outage },
  ) {
    this.#client = client;
    this.#options = options;
    this.#events = events;
    this.#outage = outage;
  }

  get membership(): Membership {
    return { group: this.#options.group, member: this.#member, epoch: this.#epoch };
  }

  start(): void {
    this.#running = this.#run();
  }

  refresh(): void {
    this.#wake.give();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake.give();
    await this.#running;
    if (this.#epoch <= 0) return;
    this.#epoch = LEAVING;
    try {
      await this.#beat();
    } catch {
      // The broker finds out by itself after a while.
    }
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      let pause = RETRY_MS;
      try {
        this.#take(await this.#beat());
        this.#outage.end();
        pause = this.#intervalMs;
      } catch (error) {
        if (isPassing(error)) this.#outage.begin(error);
        else if (!this.#isRejoin(error)) return this.#events.failed(error);
      }
      if (!this.#isClosed) await Promise.race([this.#wake.wait(), this.#outage.pause(pause)]);
    }
  }

  #beat(): Promise<HeartbeatAnswer> {
    const { topic, rebalanceTimeoutMs } = this.#options;
    const owned = this.#owned.length === 0 ? [] : [{ topicId: this.#topicId, partitions: this.#owned }];
    return this.#client.heartbeat({ ...this.membership, topics: [topic], rebalanceTimeoutMs, owned });
  }

  /** Whether the group knows this member no more, so that it must join again. */
  #isRejoin(error: unknown): boolean {
    const id = faultId(error);
    if (id !== "FENCED_MEMBER_EPOCH" && id !== "UNKNOWN_MEMBER_ID") return false;
    this.#epoch = 0;
    const lost = this.#owned;
    this.#owned = [];
    if (lost.length > 0) this.#events.lost(lost);
    return true;
  }

  #take({ epoch, intervalMs, assigned }: HeartbeatAnswer): void {
    this.#epoch = epoch;
    if (intervalMs > 0) this.#intervalMs = intervalMs;
    if (assigned === undefined || this.#isReconciling || this.#isClosed) return;
    const [first] = assigned;
    if (first !== undefined) this.#topicId = first.topicId;
    this.#reconcile(first?.partitions ?? []).catch((error) => this.#events.failed(error));
  }

  /** Gives back what others are to have, then takes what it is to have. Heartbeats go on meanwhile. */
  async #reconcile(target: readonly number[]): Promise<void> {
    const revoked = this.#owned.filter((partition) => !target.includes(partition));
    const added = target.filter((partition) => !this.#owned.includes(partition));
    if (revoked.length === 0 && added.length === 0) return;
    const epoch = this.#epoch;
    this.#isReconciling = true;
    try {
      if (revoked.length > 0) {
        await this.#events.revoked(revoked);
        // It was thrown out in the meantime, and has nothing.
        if (this.#epoch < epoch) return;
        this.#owned = this.#owned.filter((partition) => !revoked.includes(partition));
      }
      this.#owned = [...this.#owned, ...added];
      if (added.length > 0) await this.#events.assigned(added);
    } finally {
      this.#isReconciling = false;
      this.#wake.give();
    }
  }
}
