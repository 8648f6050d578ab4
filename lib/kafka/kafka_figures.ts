/** What is known of a run's part in a consumer group at the moment. */
export interface KafkaFigures {
  /** Commits that the broker has taken. */
  readonly commits: number;
  /** Times that partitions were assigned anew. */
  readonly rebalances: number;
  /** Times that a lost connection was made again. */
  readonly reconnects: number;
  /** The partitions that this run has. */
  readonly partitions: readonly PartitionFigures[];
}

/** How far a partition is read. */
export interface PartitionFigures {
  readonly topic: string;
  readonly partition: number;
  /** The offset to read next that the group has; undefined where it has none yet. */
  readonly committed?: number | undefined;
  /** Records between that offset and the partition's end as it was last heard of. */
  readonly lag?: number | undefined;
}
