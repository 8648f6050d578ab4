/** What is remembered by key: at most so many keys, those gone first that were changed longest ago. */
export class Memories<Memory> {
  readonly #byKey = new Map<string, Memory>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#byKey.size;
  }

  /** Begins changes that count only once they are kept. */
  change(): Changes<Memory> {
    const changed = new Map<string, Memory>();
    return {
      get: (key) => changed.get(key) ?? this.#byKey.get(key),
      set(key, memory) {
        if (memory !== undefined) changed.set(key, memory);
      },
      keep: () => this.#keep(changed),
    };
  }

  /** Forgets everything. */
  clear(): void {
    this.#byKey.clear();
  }

  #keep(changed: ReadonlyMap<string, Memory>): void {
    for (const [key, memory] of changed) {
      // Set anew it becomes the last, and the first one is that which was changed longest ago.
      this.#byKey.delete(key);
      this.#byKey.set(key, memory);
    }
    for (const key of this.#byKey.keys()) {
      if (this.#byKey.size <= this.#most) return;
      this.#byKey.delete(key);
    }
  }
}

/** Changes to memories, seen by who makes them; gone unless they are kept. */
export interface Changes<Memory> {
  get(key: string): Memory | undefined;
  set(key: string, memory: Memory | undefined): void;
  keep(): void;
}

/**
 * Deals a batch out into rounds, each with at most one item per key, items of a key in order: what a round changes is
 * there for the next, and a round can be one run of the model.
 *
 * @returns Indexes of the items, round by round.
 */
export function inRounds<Item>(items: readonly Item[], keyOf: (item: Item) => string): number[][] {
  const rounds: number[][] = [];
  const seen = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const key = keyOf(item);
    const round = seen.get(key) ?? 0;
    seen.set(key, round + 1);
    (rounds[round] ??= []).push(index);
  }
  return rounds;
}
