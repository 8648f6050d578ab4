import { PackflowError } from "../base/errors.ts";
import type { Clock } from "../host/clock.ts";
import type { Block } from "../records/block.ts";
import type { BlockWorker } from "./block_worker.ts";
import { Notice } from "./notice.ts";
import { type Answer, type Job, WorkerSeat } from "./worker_seat.ts";

/** Blocks that a worker may have: one under way and the next, so that it never waits for this process. */
const MOST_JOBS = 2;
/** Time that all workers must have been busy before one more is started, as starting one costs about as much. */
const BUSY_BEFORE_GROWTH_MS = 100;
/** Workers that may end in a row with nothing under way and nothing answered in between. */
const MOST_IDLE_DEATHS = 3;

/** How a {@linkcode WorkerPool} works. */
export interface PoolOptions {
  /** Starts a worker. One that never gets ready ends the run. */
  readonly startWorker: () => BlockWorker;
  /** Most workers. */
  readonly workers: number;
  /** A block that takes longer is lost, with its worker; 0 for no limit. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** No second worker is started until {@linkcode WorkerPool.release}. */
  readonly isHeld?: boolean;
}

/**
 * Keeps workers busy with blocks. It starts one at once and others when there is work for them, and replaces those
 * that end. A block that a worker ended over comes back as lost; those behind it go to another worker.
 */
export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #seats: readonly WorkerSeat[];
  readonly #queue: Job[] = [];
  readonly #changed = new Notice();
  #fault: unknown;
  #closed = false;
  #isHeld: boolean;
  #isWantedWhole = false;
  #idleDeaths = 0;
  /** When the first worker was ready. */
  #firstReady: number | undefined;
  /** When the last of the workers there are became ready. */
  #readySince = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#isHeld = options.isHeld ?? false;
    const { timeoutMs, clock } = options;
    this.#seats = Array.from({ length: options.workers }, (_, index) =>
      new WorkerSeat({
        index,
        timeoutMs,
        clock,
        onAnswer: () => {
          this.#idleDeaths = 0;
          this.#assign();
        },
        onEnd: (seat, left, error) => this.#ended(seat, left, error),
      }));
    const [first] = this.#seats;
    if (first !== undefined) this.#start(first);
  }

  /** Starts every worker that is not started, as there is work enough for them. */
  startAll(): void {
    this.#isWantedWhole = true;
    if (this.#closed || this.#isHeld || this.#fault !== undefined) return;
    for (const seat of this.#seats) if (seat.state === "empty") this.#start(seat);
  }

  /** Lets other workers be started than the first. */
  release(): void {
    this.#isHeld = false;
    if (this.#isWantedWhole) this.startAll();
  }

  /** Resolves when a worker could take one more block. @throws What keeps workers from being started. */
  async room(): Promise<void> {
    while (!this.#hasRoom()) {
      if (this.#fault !== undefined) throw this.#fault;
      const cancel = this.#growLater();
      await this.#changed.wait();
      cancel?.();
    }
    if (this.#fault !== undefined) throw this.#fault;
  }

  /**
   * Has a block worked on.
   *
   * @param rank Of blocks that wait, the lowest goes first.
   * @param worker The one that must do it, counted from 0; any, if left out.
   * @throws What keeps workers from being started, or breaks their protocol with no block to blame.
   */
  process(block: Block, rank: number, worker?: number) {
    return new Promise<Answer>((resolve, reject) => {
      if (this.#fault !== undefined) return reject(this.#fault);
      this.#enqueue({ block, worker, rank, resolve, reject });
      this.#assign();
    });
  }

  #enqueue(job: Job): void {
    const at = this.#queue.findIndex(({ rank }) => rank > job.rank);
    this.#queue.splice(at === -1 ? this.#queue.length : at, 0, job);
  }

  /** Lets idle workers end, and ends the others. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#seats.map((seat) => seat.close()));
  }

  /** When the first worker was ready, by the clock; undefined before. */
  get firstReady(): number | undefined {
    return this.#firstReady;
  }

  #hasRoom(): boolean {
    return this.#queue.length === 0 &&
      this.#seats.some(({ state, jobs }) => state === "ready" && jobs < MOST_JOBS);
  }

  async #start(seat: WorkerSeat): Promise<void> {
    try {
      await seat.start(this.#options.startWorker);
      this.#readySince = this.#options.clock.now();
      this.#firstReady ??= this.#readySince;
      this.#assign();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Starts one more worker if those there are stay busy for a while; returns what cancels that. */
  #growLater(): (() => void) | undefined {
    const { clock } = this.#options;
    const empty = this.#seats.find(({ state }) => state === "empty");
    const starting = this.#seats.some(({ state }) => state === "starting");
    if (empty === undefined || starting || this.#closed || this.#isHeld) return undefined;
    const waitMs = Math.max(0, this.#readySince + BUSY_BEFORE_GROWTH_MS - clock.now());
    return clock.after(waitMs, () => {
      if (!this.#hasRoom() && empty.state === "empty" && !this.#closed && !this.#isHeld) this.#start(empty);
    });
  }

  /** Gives what waits to the workers with the least to do. */
  #assign(): void {
    for (let at = 0; at < this.#queue.length;) {
      const job = this.#queue[at];
      const seat = job === undefined ? undefined : this.#seatFor(job);
      if (job === undefined || seat === undefined) at++;
      else {
        this.#queue.splice(at, 1);
        seat.send(job);
      }
    }
    this.#changed.give();
  }

  #seatFor({ worker }: Job): WorkerSeat | undefined {
    let best: WorkerSeat | undefined;
    for (const seat of this.#seats) {
      if (seat.state !== "ready" || seat.jobs >= MOST_JOBS) continue;
      if (worker !== undefined && seat.index !== worker) continue;
      if (best === undefined || seat.jobs < best.jobs) best = seat;
    }
    return best;
  }

  /** A worker has ended: what waited behind the block under way is given to others. */
  #ended(seat: WorkerSeat, left: readonly Job[], error: unknown): void {
    for (const job of left) this.#enqueue(job);
    if (this.#closed) return;
    if (!(error instanceof PackflowError)) return this.#fail(error);
    if (seat.wasIdle && ++this.#idleDeaths >= MOST_IDLE_DEATHS) return this.#fail(error);
    this.#start(seat);
  }

  #fail(error: unknown): void {
    if (this.#closed || this.#fault !== undefined) return;
    this.#fault = error;
    for (const seat of this.#seats) seat.kill(error);
    for (const job of this.#queue.splice(0)) job.reject(error);
    this.#changed.give();
  }
}
