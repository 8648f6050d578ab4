/** What a cluster refused, or why it could not be asked. */
export class KafkaFault extends Error {
  override readonly name = "KafkaFault";
  /** The protocol's name for it, such as `NOT_COORDINATOR`; `NETWORK` or `AUTHENTICATION` where it was not asked. */
  readonly id: string;

  /** The name that a group has given to a member that it refused as it had none. */
  readonly member: string | undefined;

  constructor(id: string, message: string, { cause, member }: { cause?: unknown; member?: string } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.id = id;
    this.member = member;
  }

  /** Whether the same may go well later, with nobody mending anything but the cluster. */
  get isPassing(): boolean {
    return PASSING.has(this.id);
  }

  /** Whether another broker is to be asked. */
  get isMoved(): boolean {
    return MOVED.has(this.id);
  }
}

/** Whether an error says that the same may go well later. */
export function isPassing(error: unknown): error is KafkaFault {
  return error instanceof KafkaFault && error.isPassing;
}

/** The protocol's name for an error; empty for any other error. */
export function faultId(error: unknown): string {
  return error instanceof KafkaFault ? error.id : "";
}

const MOVED: ReadonlySet<string> = new Set([
  "NETWORK",
  "NOT_LEADER_OR_FOLLOWER",
  "LEADER_NOT_AVAILABLE",
  "UNKNOWN_TOPIC_OR_PARTITION",
  "FENCED_LEADER_EPOCH",
  "UNKNOWN_LEADER_EPOCH",
  "KAFKA_STORAGE_ERROR",
  "REPLICA_NOT_AVAILABLE",
  "UNKNOWN_TOPIC_ID",
  "INCONSISTENT_TOPIC_ID",
]);

const PASSING: ReadonlySet<string> = new Set([
  ...MOVED,
  "BROKER_NOT_AVAILABLE",
  "COORDINATOR_LOAD_IN_PROGRESS",
  "COORDINATOR_NOT_AVAILABLE",
  "CORRUPT_MESSAGE",
  "NETWORK_EXCEPTION",
  "NOT_CONTROLLER",
  "NOT_COORDINATOR",
  "NOT_ENOUGH_REPLICAS",
  "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
  "OFFSET_NOT_AVAILABLE",
  "REQUEST_TIMED_OUT",
  "STALE_BROKER_EPOCH",
  "THROTTLING_QUOTA_EXCEEDED",
  "UNSTABLE_OFFSET_COMMIT",
]);
