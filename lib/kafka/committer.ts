import { messageOf, PackflowError } from "../base/errors.ts";
import type { Clock } from "../host/clock.ts";
import type { RunPosition } from "../stream/run_options.ts";

/** What must have taken everything before it may be said to be done. */
export interface Syncable {
  /** Resolves when all that was written is kept for good; throws like a sink's `write`. */
  sync(): Promise<void>;
}

/** Where commits go. */
export interface CommitTarget {
  /** Everything before an offset of the stream has been given to the sinks. */
  give(offset: number): void;
  /** The offsets to commit: per partition everything before has been given. */
  snapshot(): ReadonlyMap<number, number>;
  /** Commits offsets, trying again as long as that may help. */
  commit(offsets: ReadonlyMap<number, number>): Promise<void>;
}

/** What a {@linkcode Committer} commits, and when. */
export interface CommitterOptions {
  readonly target: CommitTarget;
  readonly sinks: readonly Syncable[];
  /** Least time between two commits. */
  readonly intervalMs: number;
  readonly clock: Clock;
  /** Called with what made a commit fail: the run may wait for input meanwhile, and not ask. */
  readonly failed: (error: unknown) => void;
}

/**
 * Tells the group from time to time how far this run is: first the sinks must have taken everything for good, then
 * the offsets of just that are committed. The run does not wait for it.
 */
export class Committer {
  readonly #options: CommitterOptions;
  #last: number;
  #cancel: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #fault: unknown;
  #isStopped = false;
  /** Something was given since the last commit began. */
  #isDue = false;

  constructor(options: CommitterOptions) {
    this.#options = options;
    this.#last = options.clock.now();
  }

  /**
   * Takes in that everything before a position has been given to the sinks, and nothing else.
   *
   * @throws What made a commit fail.
   */
  at({ offset }: RunPosition): Promise<void> {
    if (this.#fault !== undefined) return Promise.reject(this.#fault);
    this.#options.target.give(offset);
    this.#isDue = true;
    this.#schedule();
    return Promise.resolve();
  }

  /** Commits what has been given so far; throws like {@linkcode at}. */
  async commit(): Promise<void> {
    while (this.#running !== undefined) await this.#running.catch(() => {});
    if (this.#fault !== undefined) throw this.#fault;
    if (this.#isStopped) return;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#isDue = false;
    this.#running = this.#commit();
    try {
      await this.#running;
    } catch (error) {
      this.#fault = error;
      this.#options.failed(error);
      throw error;
    } finally {
      this.#running = undefined;
      this.#last = this.#options.clock.now();
      // What was given meanwhile may be all for long.
      this.#schedule();
    }
  }

  /** Commits the rest; after a failure of the sinks or the source nothing more is committed. */
  async end(isGood: boolean): Promise<void> {
    if (isGood) await this.commit();
    this.#isStopped = true;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #schedule(): void {
    const { intervalMs, clock } = this.#options;
    const isWaiting = this.#cancel !== undefined || this.#running !== undefined;
    if (!this.#isDue || isWaiting || this.#isStopped || this.#fault !== undefined) return;
    this.#cancel = clock.after(Math.max(0, this.#last + intervalMs - clock.now()), () => {
      this.#cancel = undefined;
      this.commit().catch(() => {});
    });
  }

  async #commit(): Promise<void> {
    const { target, sinks } = this.#options;
    const offsets = target.snapshot();
    if (offsets.size === 0) return;
    for (const sink of sinks) await sink.sync();
    try {
      await target.commit(offsets);
    } catch (cause) {
      if (cause instanceof PackflowError) throw cause;
      throw new PackflowError(
        "source.read_failed",
        `Cannot commit how far the topic was read as the group refused it: ${messageOf(cause)}`,
        { cause },
      );
    }
  }
}
