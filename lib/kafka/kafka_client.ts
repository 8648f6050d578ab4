import type { FetchedRecords } from "./record_page.ts";

/** A topic as the cluster describes it. */
export interface TopicInfo {
  /** The topic's id, by which group assignments name it. */
  readonly id: string;
  /** The node that leads each partition; -1 where none does at the moment. */
  readonly leaders: readonly number[];
}

/** What to fetch of a partition. */
export interface FetchPartition {
  readonly partition: number;
  readonly offset: number;
}

/** What a broker has of a partition. */
export interface FetchedPartition extends FetchedRecords {
  /** Why there is nothing, as Kafka's protocol names it. */
  readonly error?: string;
  /** The offset after the last record that may be read. */
  readonly end: number;
}

/** Records for a partition, as one batch. */
export interface ProducedBatch {
  readonly partition: number;
  readonly bytes: Uint8Array;
}

/** What became of a batch. */
export interface ProduceAnswer {
  readonly partition: number;
  /** Why it was not taken, as Kafka's protocol names it. */
  readonly error?: string;
}

/** Who this run is in its group. */
export interface Membership {
  readonly group: string;
  readonly member: string;
  /** The epoch of the member, or the generation of a classic group. */
  readonly epoch: number;
}

/** What a member tells its group from time to time. */
export interface Heartbeat extends Membership {
  readonly topics: readonly string[];
  readonly rebalanceTimeoutMs: number;
  /** The partitions it has, by the topic's id. */
  readonly owned: readonly { readonly topicId: string; readonly partitions: readonly number[] }[];
}

/** What the group answers. */
export interface HeartbeatAnswer {
  readonly member: string;
  readonly epoch: number;
  readonly intervalMs: number;
  /** The partitions it is to have, where that has changed. */
  readonly assigned?: Heartbeat["owned"];
}

/** What a member of a classic group joins with. */
export interface Join extends Membership {
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly protocol: string;
  readonly metadata: Uint8Array;
}

/** How a classic group answers one that joins. */
export interface JoinAnswer {
  readonly member: string;
  readonly generation: number;
  readonly protocol: string;
  readonly isLeader: boolean;
  /** All members, to the leader. */
  readonly members: readonly { readonly member: string; readonly metadata: Uint8Array }[];
}

/**
 * What the connector asks of a cluster, each once: whoever asks tries again.
 *
 * Every function throws a `KafkaFault`.
 */
export interface KafkaClient {
  /** Whether groups with assignments made by the broker are known. */
  knowsConsumerGroups(): Promise<boolean>;
  /** Asks anew for a topic; undefined where there is none. */
  describe(topic: string): Promise<TopicInfo | undefined>;
  /** The first offsets of partitions, or those after their last records. */
  offsets(
    topic: string,
    at: "earliest" | "latest",
    partitions: readonly number[],
  ): Promise<Map<number, number>>;
  /** Waits for records a while. */
  fetch(
    node: number,
    request: {
      readonly topic: string;
      readonly partitions: readonly FetchPartition[];
      readonly maxBytes: number;
      readonly maxWaitMs: number;
    },
  ): Promise<FetchedPartition[]>;
  /** An identity by which the cluster knows batches that come twice. */
  initProducer(): Promise<{ id: bigint; epoch: number }>;
  produce(node: number, topic: string, batches: readonly ProducedBatch[]): Promise<ProduceAnswer[]>;
  heartbeat(heartbeat: Heartbeat): Promise<HeartbeatAnswer>;
  join(join: Join): Promise<JoinAnswer>;
  sync(
    membership: Membership & { readonly protocol: string },
    assignments: readonly { readonly member: string; readonly assignment: Uint8Array }[],
  ): Promise<Uint8Array>;
  classicHeartbeat(membership: Membership): Promise<void>;
  classicLeave(membership: Membership): Promise<void>;
  /** Says where the group is to read on; throws unless all of it was taken. */
  commit(membership: Membership, topic: string, offsets: ReadonlyMap<number, number>): Promise<void>;
  /** Where the group is to read on; partitions without such an offset are left out. */
  committed(
    membership: Pick<Membership, "group"> & Partial<Membership>,
    topic: string,
    partitions: readonly number[],
  ): Promise<Map<number, number>>;
  /** Connections that were made so far. */
  readonly connections: number;
  close(): Promise<void>;
}
