const SHORTEST_MS = 10;
const LONGEST_MS = 40;
const MOST_EVENTS = 65_536;

/**
 * How many batches go through the stages together. More of them cost less per event, fewer answer sooner: aims at
 * blocks that take between 10 and 40 ms, starting from one batch.
 */
export class BlockSize {
  readonly #most: number;
  #batches = 1;

  constructor(batchSize: number) {
    this.#most = Math.max(1, Math.floor(MOST_EVENTS / batchSize));
  }

  /** Batches that the next block may hold. */
  get batches(): number {
    return this.#batches;
  }

  /** Learns that a block of so many batches took so long. */
  measured(batches: number, ms: number): void {
    if (ms > LONGEST_MS) this.#batches = Math.max(1, Math.floor(this.#batches / 2));
    else if (ms < SHORTEST_MS && batches >= this.#batches) {
      this.#batches = Math.min(this.#most, this.#batches * 2);
    }
  }
}
