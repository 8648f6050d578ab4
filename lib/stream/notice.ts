/** Wakes those who wait for something to have changed; they look for themselves at what. */
export class Notice {
  #waiting: (() => void)[] = [];

  /** Resolves at the next {@linkcode give}. */
  wait(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Wakes everyone who waits now. */
  give(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
