/** How far one partition is, from when this run got it until it gave it back. */
export class PartitionState {
  readonly partition: number;
  /** The offset to fetch next. */
  position: number;
  /** The offset up to which everything was given to the sinks. */
  given: number;
  /** The offset that the group has, as far as this run knows; undefined before the first. */
  committed: number | undefined;
  /** The offset after the last record that may be read, as it was last heard of. */
  end: number | undefined;
  /** The offset to stop at. */
  readonly until: number;
  /** Where in the stream its latest record that was handed out ends. */
  handedOut = 0;
  /** No more of it is handed out. */
  isHeld = false;
  /** Another member may have it by now: nothing of it is committed any more. */
  isReleased = false;

  constructor(
    partition: number,
    { position, committed, until = Infinity }: {
      readonly position: number;
      readonly committed?: number | undefined;
      readonly until?: number | undefined;
    },
  ) {
    this.partition = partition;
    this.position = position;
    this.given = position;
    this.committed = committed;
    this.until = until;
  }

  /** Everything that was asked for has been fetched. */
  get isAtEnd(): boolean {
    return this.position >= this.until;
  }
}
