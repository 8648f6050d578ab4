import type { Membership } from "./kafka_client.ts";

/** What happens to the partitions of a member. */
export interface GroupEvents {
  /** They are to be read from now on. */
  assigned(partitions: readonly number[]): Promise<void>;
  /** Others are to have them: resolves when they may, all that was done being noted. */
  revoked(partitions: readonly number[]): Promise<void>;
  /** Others may have them already. */
  lost(partitions: readonly number[]): void;
  /** The group cannot be taken part in any more. */
  failed(error: unknown): void;
}

/** This run's part in a group. */
export interface GroupMember {
  /** Who it is at the moment. */
  readonly membership: Membership;
  /** Takes part from now on; returns at once. */
  start(): void;
  /** The group has refused what the member asked as it was: it tells again where it is. */
  refresh(): void;
  /** Leaves the group, so that others get the partitions at once. */
  close(): Promise<void>;
}

/** How to take part in a group. */
export interface GroupOptions {
  readonly group: string;
  readonly topic: string;
  /** How long others wait for this member to give partitions back. */
  readonly rebalanceTimeoutMs: number;
}
