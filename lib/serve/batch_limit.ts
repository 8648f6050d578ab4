/** Work that a batch may hold: whoever comes while it is done waits as long. */
const TARGET_MS = 25;
/** Share of a new measurement in what is expected. */
const WEIGHT = 0.2;

/** Says how many events a batch may hold, from how long those before took, so that none keeps others waiting. */
export class BatchLimit {
  readonly #most: number;
  #msPerRow = 0;

  /** @param most Never more than that. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Learns from a batch. */
  learn(rows: number, ms: number): void {
    if (rows === 0) return;
    const msPerRow = ms / rows;
    this.#msPerRow = this.#msPerRow === 0 ? msPerRow : this.#msPerRow + WEIGHT * (msPerRow - this.#msPerRow);
  }

  /** Most events of the next batch. */
  get rows(): number {
    if (this.#msPerRow === 0) return this.#most;
    return Math.max(1, Math.min(this.#most, Math.round(TARGET_MS / this.#msPerRow)));
  }
}
