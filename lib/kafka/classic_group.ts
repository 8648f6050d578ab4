import { Notice } from "../stream/notice.ts";
import { ByteCursor } from "./byte_cursor.ts";
import type { GroupEvents, GroupMember, GroupOptions } from "./group.ts";
import type { JoinAnswer, KafkaClient, Membership } from "./kafka_client.ts";
import { faultId, isPassing, KafkaFault } from "./kafka_fault.ts";
import type { Outage } from "./outage.ts";

/** Time between two heartbeats. */
const INTERVAL_MS = 1000;
const RETRY_MS = 200;
/** A member that is not heard of for longer is thrown out. */
const SESSION_MS = 30_000;
/** How partitions are shared out: all members of a group must know it, so it is the one that every client has. */
const PROTOCOL = "range";

/**
 * A member of a group whose leader says who has which partitions, as brokers before Kafka 4.0 know it. All give all
 * partitions back before they are shared out anew.
 */
export class ClassicGroup implements GroupMember {
  readonly #client: KafkaClient;
  readonly #options: GroupOptions & { readonly partitions: number };
  readonly #events: GroupEvents;
  readonly #outage: Outage;
  readonly #wake = new Notice();
  #member = "";
  #generation = -1;
  #owned: readonly number[] = [];
  #isClosed = false;
  #running: Promise<void> = Promise.resolve();

  constructor(
    client: KafkaClient,
    options: GroupOptions & { readonly partitions: number },
    { events, outage }: { events: GroupEvents; outage: Outage },
  ) {
    this.#client = client;
    this.#options = options;
    this.#events = events;
    this.#outage = outage;
  }

  get membership(): Membership {
    return { group: this.#options.group, member: this.#member, epoch: this.#generation };
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
    if (this.#member === "") return;
    await this.#client.classicLeave(this.membership).catch(() => {
      // The broker finds out by itself after a while.
    });
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      let pause = INTERVAL_MS;
      try {
        if (this.#generation === -1) await this.#join();
        else await this.#client.classicHeartbeat(this.membership);
        this.#outage.end();
      } catch (error) {
        pause = RETRY_MS;
        const id = faultId(error);
        if (id === "REBALANCE_IN_PROGRESS") {
          await this.#giveBack();
          pause = 0;
        } else if (id === "UNKNOWN_MEMBER_ID" || id === "ILLEGAL_GENERATION" || id === "FENCED_INSTANCE_ID") {
          if (id === "UNKNOWN_MEMBER_ID") this.#member = "";
          this.#lose();
        } else if (isPassing(error)) this.#outage.begin(error);
        else return this.#events.failed(error);
      }
      if (!this.#isClosed) await Promise.race([this.#wake.wait(), this.#outage.pause(pause)]);
    }
  }

  /** Gives all partitions back while the group waits for it, heartbeats going on. */
  async #giveBack(): Promise<void> {
    const owned = this.#owned;
    if (owned.length > 0) {
      const beating = setInterval(
        () => this.#client.classicHeartbeat(this.membership).catch(() => {}),
        INTERVAL_MS,
      );
      try {
        await this.#events.revoked(owned);
      } finally {
        clearInterval(beating);
      }
    }
    this.#owned = [];
    this.#generation = -1;
  }

  #lose(): void {
    const owned = this.#owned;
    this.#owned = [];
    this.#generation = -1;
    if (owned.length > 0) this.#events.lost(owned);
  }

  async #join(): Promise<void> {
    const { group, rebalanceTimeoutMs, topic } = this.#options;
    const answer = await this.#askToJoin();
    this.#member = answer.member;
    const membership = { group, member: answer.member, epoch: answer.generation };
    const assignments = answer.isLeader ? shareOut(answer, this.#options) : [];
    const given = await this.#client.sync({ ...membership, protocol: answer.protocol }, assignments);
    this.#generation = answer.generation;
    this.#owned = readAssignment(given, topic);
    if (this.#isClosed || rebalanceTimeoutMs === 0) return;
    await this.#events.assigned(this.#owned);
  }

  async #askToJoin(): Promise<JoinAnswer> {
    const { group, topic, rebalanceTimeoutMs } = this.#options;
    const join = {
      group,
      member: this.#member,
      epoch: -1,
      sessionTimeoutMs: SESSION_MS,
      rebalanceTimeoutMs,
      protocol: PROTOCOL,
      metadata: subscription(topic),
    };
    try {
      return await this.#client.join(join);
    } catch (error) {
      // The first time the broker only gives it a name.
      const named = error instanceof KafkaFault && error.id === "MEMBER_ID_REQUIRED"
        ? error.member
        : undefined;
      if (named === undefined) throw error;
      this.#member = named;
      return await this.#client.join({ ...join, member: named });
    }
  }
}

/** Says which topic a member wants, as clients tell one another. */
export function subscription(topic: string): Uint8Array {
  const name = encoder.encode(topic);
  const bytes = new Uint8Array(2 + 4 + 2 + name.length + 4);
  const view = new DataView(bytes.buffer);
  view.setInt32(2, 1);
  view.setInt16(6, name.length);
  bytes.set(name, 8);
  view.setInt32(8 + name.length, -1);
  return bytes;
}

/** Says which partitions of a topic a member has, as clients tell one another. */
export function assignment(topic: string, partitions: readonly number[]): Uint8Array {
  const name = encoder.encode(topic);
  const bytes = new Uint8Array(2 + 4 + 2 + name.length + 4 + 4 * partitions.length + 4);
  const view = new DataView(bytes.buffer);
  view.setInt32(2, 1);
  view.setInt16(6, name.length);
  bytes.set(name, 8);
  view.setInt32(8 + name.length, partitions.length);
  partitions.forEach((partition, index) => view.setInt32(12 + name.length + 4 * index, partition));
  view.setInt32(bytes.length - 4, -1);
  return bytes;
}

/** The partitions of a topic that an assignment gives. */
export function readAssignment(bytes: Uint8Array, topic: string): number[] {
  if (bytes.length === 0) return [];
  const cursor = new ByteCursor(bytes);
  cursor.skip(2);
  const partitions: number[] = [];
  for (let topics = cursor.int32(); topics > 0; topics--) {
    const length = cursor.int16();
    const name = decoder.decode(bytes.subarray(cursor.at, cursor.at + length));
    cursor.skip(length);
    for (let left = cursor.int32(); left > 0; left--) {
      const partition = cursor.int32();
      if (name === topic) partitions.push(partition);
    }
  }
  return partitions;
}

/** Shares all partitions out: to each member a range of about the same size. */
function shareOut({ members }: JoinAnswer, { topic, partitions }: { topic: string; partitions: number }) {
  const sorted = [...members].sort((a, b) => a.member < b.member ? -1 : 1);
  return sorted.map(({ member }, index) => {
    const first = Math.floor((index * partitions) / sorted.length);
    const last = Math.floor(((index + 1) * partitions) / sorted.length);
    const own = Array.from({ length: last - first }, (_, at) => first + at);
    return { member, assignment: assignment(topic, own) };
  });
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
