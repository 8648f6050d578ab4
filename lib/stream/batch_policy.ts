/** When to stop collecting. */
export interface BatchLimits {
  /** Events that make a batch. */
  readonly batchSize: number;
  /** Bytes that are enough, however few events they are: bounds the memory. */
  readonly maxBytes: number;
  /** How long the first event may wait for others while the input is idle. */
  readonly maxWaitMs: number;
}

/**
 * Says when the events collected so far are due. It has no timer and no clock: whoever drives it passes the time.
 *
 * Greedy: events are due when there are `batchSize` of them or `maxBytes`, else when the input is idle and the
 * first of them has waited `maxWaitMs`, which may be 0.
 */
export class BatchPolicy {
  readonly #limits: BatchLimits;
  #count = 0;
  #bytes = 0;
  #since = 0;
  #latest = 0;

  constructor(limits: BatchLimits) {
    this.#limits = limits;
  }

  /** Number of events collected. */
  get count(): number {
    return this.#count;
  }

  /** Notes that so many events of so many bytes have come. */
  add(count: number, bytes: number, now: number): void {
    if (count === 0) return;
    if (this.#count === 0) this.#since = now;
    this.#latest = now;
    this.#count += count;
    this.#bytes += bytes;
  }

  /** Notes that the first events were taken. Those left have come with the latest `add`: it completed the batch. */
  take(count: number, bytes: number): void {
    this.#count -= count;
    this.#bytes -= bytes;
    this.#since = this.#latest;
  }

  /** Whether there is enough, so that it is due even if more input lies ready. */
  get full(): boolean {
    return this.#count >= this.#limits.batchSize || (this.#count > 0 && this.#bytes >= this.#limits.maxBytes);
  }

  /** Milliseconds that an idle input is waited for before what there is is due; Infinity if there is nothing. */
  dueIn(now: number): number {
    if (this.#count === 0) return Infinity;
    return this.full ? 0 : Math.max(0, this.#since + this.#limits.maxWaitMs - now);
  }

  /** Whether what there is must go on now, if the input is idle. */
  due(now: number): boolean {
    return this.dueIn(now) === 0;
  }

  /** How many of the events to take now: whole batches if there are any, at most `most` batches. */
  takeable(most: number): number {
    const { batchSize } = this.#limits;
    const batches = Math.floor(this.#count / batchSize);
    return batches === 0 ? this.#count : Math.min(batches, most) * batchSize;
  }
}
