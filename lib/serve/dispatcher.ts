import { messageOf, PackflowError } from "../base/errors.ts";
import type { Clock } from "../host/clock.ts";
import { BatchLimit } from "./batch_limit.ts";
import type { Job } from "./job.ts";
import { JobQueue } from "./job_queue.ts";
import type { JobWorker } from "./job_worker.ts";
import { type Batch, type BatchDone, type RunningBatch, WorkerPlace } from "./worker_place.ts";

/** Batches that a worker may have: one under way and the next, so that it never waits for this process. */
const MOST_BATCHES = 2;
/** How often deadlines are looked at. */
const SWEEP_MS = 50;

/** How a {@linkcode Dispatcher} works. */
export interface DispatcherOptions {
  readonly startWorker: () => JobWorker;
  readonly workers: number;
  /** Most events of a batch. */
  readonly maxBatch: number;
  /** Milliseconds that a batch which is not full waits for more. */
  readonly maxWaitMs: number;
  /** Most events that wait or are worked on. */
  readonly maxQueue: number;
  readonly clock: Clock;
  /** Told of batches and of waiting, for metrics. */
  readonly observer: DispatchObserver;
  readonly warn: (message: string) => void;
}

/** Who keeps figures of the work. */
export interface DispatchObserver {
  batch(batch: BatchDone): void;
  queued(ms: number): void;
  restarted(): void;
}

/**
 * Gives a model's jobs to its workers in batches: greedily, all that waits as soon as a worker is free, so that
 * batches grow with the load by themselves. A batch whose worker ends, or takes too long, is tried again in halves,
 * until the event that does it stands alone.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #places: readonly WorkerPlace[];
  readonly #queue = new JobQueue();
  readonly #limit: BatchLimit;
  /** Batches to be tried again as they are. */
  #retries: (readonly Job[])[] = [];
  /** Events that wait or are worked on. */
  #rows = 0;
  #isScheduled = false;
  #cancelWait: (() => void) | undefined;
  #cancelSweep: (() => void) | undefined;
  #closed = false;
  #fault: unknown;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#limit = new BatchLimit(options.maxBatch);
    const { startWorker, clock } = options;
    this.#places = Array.from({ length: options.workers }, () =>
      new WorkerPlace({
        startWorker,
        clock,
        onFree: () => this.#pump(),
        onBatch: (batch) => this.#batchDone(batch),
        onLost: (suspect, left, why) => this.#lost(suspect, left, why),
        onFault: (error) => this.#failedToStart(error),
      }));
  }

  /** Starts all workers; resolves when the first is ready, and throws why none is. */
  async start(): Promise<void> {
    const [first, ...others] = this.#places;
    await first?.start();
    for (const place of others) place.start().catch((error) => this.#failedToStart(error));
  }

  /** Whether a worker is ready. */
  get isReady(): boolean {
    return !this.#closed && this.#places.some(({ isReady }) => isReady);
  }

  get readyWorkers(): number {
    return this.#places.filter(({ isReady }) => isReady).length;
  }

  /** Events that wait or are worked on. */
  get pendingRows(): number {
    return this.#rows;
  }

  /** Takes a job, or fails it where there is no room, or no worker to come. */
  add(job: Job): void {
    const { maxQueue } = this.#options;
    if (this.#rows > 0 && this.#rows + job.rows > maxQueue) {
      job.fail(
        new PackflowError(
          "request.queue_full",
          `Cannot take the request as at most ${maxQueue} events may wait: ${this.#rows} do`,
        ),
      );
      return;
    }
    if (this.#closed || (this.#fault !== undefined && !this.isReady)) return job.fail(this.#unavailable());
    this.#rows += job.rows;
    job.onSettled = () => this.#rows -= job.rows;
    this.#queue.push(job);
    this.#schedule();
    this.#cancelSweep ??= this.#options.clock.after(SWEEP_MS, () => this.#sweep());
  }

  /** Lets workers end; what is under way is failed. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelWait?.();
    this.#cancelSweep?.();
    for (const job of this.#queue.remove(() => true)) job.fail(this.#unavailable());
    for (const jobs of this.#retries.splice(0)) for (const job of jobs) job.fail(this.#unavailable());
    await Promise.all(this.#places.map((place) => place.close()));
  }

  /** Looks for work after this turn of the event loop, in which more may come. */
  #schedule(): void {
    if (this.#isScheduled || !this.#places.some(isFree)) return;
    this.#isScheduled = true;
    this.#options.clock.after(0, () => {
      this.#isScheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    for (const place of this.#places) {
      while (isFree(place)) {
        const batch = this.#next();
        if (batch === undefined) return;
        place.send(batch);
      }
    }
  }

  /** The next batch; undefined where there is none yet. */
  #next(): Batch | undefined {
    for (let retry = this.#retries.shift(); retry !== undefined; retry = this.#retries.shift()) {
      const jobs = retry.filter(({ isDone }) => !isDone);
      if (jobs.length > 0) return batchOf(jobs, true);
    }
    const { head, rows } = this.#queue;
    if (head === undefined) return undefined;
    const { clock, maxWaitMs, observer } = this.#options;
    const most = this.#limit.rows;
    const now = clock.now();
    const restMs = maxWaitMs === 0 ? 0 : head.since + maxWaitMs - now;
    if (restMs > 0 && rows < most) {
      this.#cancelWait?.();
      this.#cancelWait = clock.after(restMs, () => this.#pump());
      return undefined;
    }
    const jobs = this.#queue.take(most);
    for (const { since } of jobs) observer.queued(now - since);
    return jobs.length === 0 ? undefined : batchOf(jobs, false);
  }

  #batchDone(batch: BatchDone): void {
    this.#limit.learn(batch.rows, batch.ms);
    this.#fault = undefined;
    this.#options.observer.batch(batch);
  }

  #lost(suspect: readonly Job[] | undefined, left: readonly (readonly Job[])[], why: PackflowError): void {
    this.#options.observer.restarted();
    this.#options.warn(messageOf(why));
    const halves = suspect === undefined ? [] : halvesOf(suspect.filter(({ isDone }) => !isDone));
    if (halves.length === 1) { for (const job of halves[0] ?? []) job.failEvent(why); }
    this.#retries.push(...left, ...halves.length === 1 ? [] : halves);
    this.#pump();
  }

  #failedToStart(error: unknown): void {
    if (this.#closed) return;
    this.#fault = error;
    this.#options.warn(messageOf(error));
    if (this.isReady) return;
    for (const job of this.#queue.remove(() => true)) job.fail(this.#unavailable());
    for (const jobs of this.#retries.splice(0)) for (const job of jobs) job.fail(this.#unavailable());
  }

  /** Drops what nobody waits for any more, and ends workers that take too long. */
  #sweep(): void {
    const { clock } = this.#options;
    const now = clock.now();
    this.#cancelSweep = this.#rows > 0 && !this.#closed
      ? clock.after(SWEEP_MS, () => this.#sweep())
      : undefined;
    const isLate = ({ deadline, isDone }: Job) => isDone || deadline <= now;
    for (const job of this.#queue.remove(isLate)) job.fail(late());
    for (const jobs of this.#retries) for (const job of jobs) if (isLate(job)) job.fail(late());
    for (const place of this.#places) {
      for (const { batch } of place.running) {
        for (const job of batch.jobs) if (isLate(job)) job.fail(late());
      }
      const [current] = place.running;
      if (current !== undefined) this.#mind(place, current, now);
    }
  }

  #mind(place: WorkerPlace, { batch: { jobs, rows, isRetry }, begun }: RunningBatch, now: number): void {
    let deadline = Infinity;
    for (const job of jobs) if (!job.isDone) deadline = Math.min(deadline, job.deadline);
    const isDropped = deadline === Infinity;
    // Those who are tried again may wait for one that hangs: time must be left to find out which.
    const isAlone = rows === 1 && !isRetry;
    if (!isDropped && (isAlone || now - begun < (deadline - begun) / 2)) return;
    place.kill(
      new PackflowError(
        "worker.timeout",
        `Cannot wait for the worker as it must answer before the deadline: it took ${
          Math.round(now - begun)
        } ms`,
      ),
    );
  }

  #unavailable(): PackflowError {
    const cause = this.#fault;
    return new PackflowError(
      "request.draining",
      cause === undefined
        ? "Cannot take the request as the server is stopping"
        : "Cannot take the request as the model has no worker that runs",
      cause === undefined ? {} : { cause },
    );
  }
}

function batchOf(jobs: readonly Job[], isRetry: boolean): Batch {
  return { jobs, rows: jobs.reduce((rows, job) => rows + job.rows, 0), isRetry };
}

function isFree(place: WorkerPlace): boolean {
  return place.isReady && place.load < MOST_BATCHES;
}

/** A batch in two; one where it is a single event, or cannot be parted. */
function halvesOf(jobs: readonly Job[]): (readonly Job[])[] {
  const [only, ...others] = jobs;
  if (only === undefined) return [];
  if (others.length === 0) {
    return (only.rows > 1 ? only.split(only.rows >> 1) : undefined)?.map((part) => [part]) ?? [[only]];
  }
  const middle = jobs.length >> 1;
  return [jobs.slice(0, middle), jobs.slice(middle)];
}

function late(): PackflowError {
  return new PackflowError("request.deadline", "Cannot answer the request as its time is over");
}
