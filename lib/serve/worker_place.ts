import { PackflowError } from "../base/errors.ts";
import type { Clock } from "../host/clock.ts";
import type { Job } from "./job.ts";
import type { JobWorker } from "./job_worker.ts";
import { runJobs } from "./run_jobs.ts";
import { readyInTime } from "../stream/ready_in_time.ts";

/** Time before a worker that failed to start is tried again, doubled each time. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

/** What came of a batch that was answered. */
export interface BatchDone {
  readonly rows: number;
  readonly failed: number;
  readonly ms: number;
}

/** How a {@linkcode WorkerPlace} works. */
export interface PlaceOptions {
  readonly startWorker: () => JobWorker;
  readonly clock: Clock;
  /** Called when its worker could take more: it is ready, or has answered. */
  readonly onFree: () => void;
  readonly onBatch: (batch: BatchDone) => void;
  /** Called with the batch its worker ended over, and with those behind it. */
  readonly onLost: (
    suspect: readonly Job[] | undefined,
    left: readonly (readonly Job[])[],
    why: PackflowError,
  ) => void;
  /** Called with why its worker could not be started. */
  readonly onFault: (error: unknown) => void;
}

/** Jobs that are worked on together. */
export interface Batch {
  readonly jobs: readonly Job[];
  readonly rows: number;
  /** Whether a worker has ended over them. */
  readonly isRetry: boolean;
}

/** A batch that a worker has. */
export interface RunningBatch {
  readonly batch: Batch;
  /** When its worker turned to it. */
  readonly begun: number;
}

/** The place of one worker after another: one that ends is replaced, for as long as it takes. */
export class WorkerPlace {
  readonly #options: PlaceOptions;
  #state: "starting" | "ready" | "down" | "closed" = "starting";
  #worker: JobWorker | undefined;
  #running: { readonly batch: Batch; begun: number }[] = [];
  #pauseMs = FIRST_PAUSE_MS;
  #cancelRestart: (() => void) | undefined;

  constructor(options: PlaceOptions) {
    this.#options = options;
  }

  get isReady(): boolean {
    return this.#state === "ready";
  }

  /** Batches its worker has. */
  get load(): number {
    return this.#running.length;
  }

  /** The batch its worker is at, and those behind it. */
  get running(): readonly RunningBatch[] {
    return this.#running;
  }

  /** Starts a worker; throws why it does not get ready, and tries again on its own. */
  async start(): Promise<void> {
    this.#state = "starting";
    const worker = this.#options.startWorker();
    this.#worker = worker;
    try {
      await readyInTime(worker, this.#options.clock);
    } catch (error) {
      if (this.#worker === worker) this.#startLater();
      throw error;
    }
    if (this.#worker !== worker) return;
    this.#state = "ready";
    this.#pauseMs = FIRST_PAUSE_MS;
    worker.exited.then(() => {
      // With a batch under way its rejection says more.
      if (this.#worker === worker && this.#running.length === 0) this.#lost(worker, exitedIdle());
    }, () => {});
    this.#options.onFree();
  }

  /** Gives the worker a batch; it must be ready. */
  send(batch: Batch): void {
    const worker = this.#worker;
    if (worker === undefined) return;
    const { clock } = this.#options;
    const running = { batch, begun: clock.now() };
    this.#running.push(running);
    runJobs(worker, batch.jobs).then(
      (failed) => this.#answered(worker, running, failed),
      (error) => this.#lost(worker, error),
    );
  }

  /** Ends its worker at once, which is then replaced. */
  kill(why: PackflowError): void {
    const worker = this.#worker;
    if (worker !== undefined) this.#lost(worker, why);
  }

  /** Lets its worker end; no other takes its place. */
  async close(): Promise<void> {
    const worker = this.#worker;
    const isIdle = this.#state === "ready" && this.#running.length === 0;
    this.#state = "closed";
    this.#worker = undefined;
    this.#cancelRestart?.();
    for (const { batch } of this.#running.splice(0)) for (const job of batch.jobs) job.fail(stopped());
    if (isIdle) await worker?.close();
    else worker?.kill();
  }

  #startLater(): void {
    if (this.#state === "closed") return;
    this.#state = "down";
    this.#worker = undefined;
    this.#cancelRestart = this.#options.clock.after(this.#pauseMs, () => this.#restart());
    this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
  }

  #restart(): void {
    this.start().catch((error) => this.#options.onFault(error));
  }

  #answered(worker: JobWorker, { batch: { rows }, begun }: RunningBatch, failed: number): void {
    if (worker !== this.#worker) return;
    this.#running.shift();
    const now = this.#options.clock.now();
    const ms = now - begun;
    const next = this.#running[0];
    if (next !== undefined) next.begun = now;
    this.#options.onBatch({ rows, failed, ms });
    this.#options.onFree();
  }

  #lost(worker: JobWorker, error: unknown): void {
    if (worker !== this.#worker) return;
    worker.kill();
    this.#worker = undefined;
    const [suspect, ...left] = this.#running.splice(0).map(({ batch }) => batch.jobs);
    const why = error instanceof PackflowError ? error : unexpected(error);
    // What ends with nothing to do may end again at once.
    if (suspect === undefined) this.#startLater();
    else this.#restart();
    this.#options.onLost(suspect, left, why);
  }
}

function exitedIdle(): PackflowError {
  return new PackflowError(
    "worker.exited",
    "Cannot go on with the worker as it must run: it ended with nothing to do",
  );
}

function stopped(): PackflowError {
  return new PackflowError("request.draining", "Cannot answer the request as the server has stopped");
}

function unexpected(cause: unknown): PackflowError {
  return new PackflowError("internal.unexpected", "Cannot go on with a worker", { cause });
}
