import type { GroupMember } from "./group.ts";
import type { KafkaClient } from "./kafka_client.ts";
import { faultId } from "./kafka_fault.ts";
import type { Outage } from "./outage.ts";

/** Times that the group is asked with what the member knows of it, which may have moved on. */
const MOST_STALE = 50;
const STALE_PAUSE_MS = 100;

/** Where to begin in a partition, and whether the group said so. */
export interface PartitionStart {
  readonly position: number;
  readonly committed?: number;
}

/** Whose offsets are meant. */
export interface GroupOffsetsOptions {
  readonly topic: string;
  /** Where to begin where the group has no offset. */
  readonly from: "earliest" | "latest";
  readonly member: GroupMember;
  /** Whether nobody waits for an answer any more. */
  readonly isOver: () => boolean;
}

/** The offsets that a group keeps of a topic. */
export class GroupOffsets {
  readonly #options: GroupOffsetsOptions;
  readonly #client: KafkaClient;
  readonly #outage: Outage;

  constructor(options: GroupOffsetsOptions, { client, outage }: { client: KafkaClient; outage: Outage }) {
    this.#options = options;
    this.#client = client;
    this.#outage = outage;
  }

  /** Where to begin in partitions that this member has got. */
  async startsOf(partitions: readonly number[]): Promise<Map<number, PartitionStart>> {
    const { member, topic } = this.#options;
    return await this.#asMember(() =>
      this.#starts(partitions, () => this.#client.committed(member.membership, topic, partitions))
    );
  }

  /** Whether the group is at offsets of partitions, or beyond. */
  async areReached(ends: readonly (readonly [partition: number, end: number])[]): Promise<boolean> {
    const { member, topic, isOver } = this.#options;
    const partitions = ends.map(([partition]) => partition);
    const { group } = member.membership;
    const starts = await this.#outage.patiently(
      () => this.#starts(partitions, () => this.#client.committed({ group }, topic, partitions)),
      isOver,
    );
    return ends.every(([partition, end]) => (starts.get(partition)?.position ?? 0) >= end);
  }

  /** Commits what is due each time that it is tried; returns what was. */
  async commit(due: () => ReadonlyMap<number, number>): Promise<ReadonlyMap<number, number>> {
    const { member, topic } = this.#options;
    return await this.#asMember(async () => {
      const offsets = due();
      if (offsets.size > 0) await this.#client.commit(member.membership, topic, offsets);
      return offsets;
    });
  }

  async #starts(
    partitions: readonly number[],
    committed: () => Promise<Map<number, number>>,
  ): Promise<Map<number, PartitionStart>> {
    const { topic, from } = this.#options;
    const known = await committed();
    const others = partitions.filter((partition) => !known.has(partition));
    const found = others.length === 0 ? known : await this.#client.offsets(topic, from, others);
    return new Map(partitions.map((partition): [number, PartitionStart] => {
      const offset = known.get(partition);
      return [
        partition,
        offset === undefined
          ? { position: found.get(partition) ?? 0 }
          : { position: offset, committed: offset },
      ];
    }));
  }

  /** Asks with what the member knows of its group, which may have moved on: the next heartbeat tells. */
  async #asMember<T>(ask: () => Promise<T>): Promise<T> {
    const { member, isOver } = this.#options;
    for (let tries = 1;; tries++) {
      try {
        return await this.#outage.patiently(ask, isOver);
      } catch (error) {
        if (!STALE.has(faultId(error)) || tries >= MOST_STALE || isOver()) throw error;
      }
      member.refresh();
      await this.#outage.pause(STALE_PAUSE_MS);
    }
  }
}

/** The broker knows this member otherwise than the member does itself. */
const STALE: ReadonlySet<string> = new Set([
  "STALE_MEMBER_EPOCH",
  "FENCED_MEMBER_EPOCH",
  "UNKNOWN_MEMBER_ID",
  "ILLEGAL_GENERATION",
  "REBALANCE_IN_PROGRESS",
]);
