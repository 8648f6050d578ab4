const SWEEP_MS = 1000;

/** Somebody who waits, but not for ever. */
export interface Waiting {
  /** Until when, by the clock. */
  readonly until: number;
  expire(): void;
}

/** Minds the time of many who wait, with one timer for all: a timer of its own would cost each request more. */
export class BodyWatch {
  readonly #waiting = new Set<Waiting>();
  #timer: ReturnType<typeof setInterval> | undefined;

  add(waiting: Waiting): void {
    this.#waiting.add(waiting);
    this.#timer ??= setInterval(() => this.sweep(performance.now()), SWEEP_MS);
  }

  delete(waiting: Waiting): void {
    this.#waiting.delete(waiting);
  }

  /** Ends the waiting of those whose time is over. */
  sweep(now: number): void {
    for (const waiting of this.#waiting) if (waiting.until <= now) waiting.expire();
    if (this.#waiting.size === 0) this.close();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
