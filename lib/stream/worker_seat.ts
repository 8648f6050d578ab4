import { PackflowError } from "../base/errors.ts";
import type { Clock } from "../host/clock.ts";
import type { Block, BlockResult } from "../records/block.ts";
import type { BlockWorker } from "./block_worker.ts";
import { readyInTime, timedOut } from "./ready_in_time.ts";

/** What came of a block: an answer and the time that it took, or nothing, as its worker ended over it. */
export type Answer =
  | { readonly result: BlockResult; readonly ms: number }
  | { readonly lost: PackflowError };

/** A block that waits for its answer. */
export interface Job {
  readonly block: Block;
  /** The seat whose worker must do it; any, if undefined. */
  readonly worker: number | undefined;
  /** Jobs of lower rank come first. */
  readonly rank: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

interface SeatOptions {
  readonly index: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly onAnswer: () => void;
  /** Called when its worker has ended, with the jobs that were not begun. */
  readonly onEnd: (seat: WorkerSeat, left: readonly Job[], error: unknown) => void;
}

/** The place of one worker after another: gives it jobs, minds the time, tells when it has ended. */
export class WorkerSeat {
  readonly index: number;
  readonly #options: SeatOptions;
  #state: "empty" | "starting" | "ready" = "empty";
  #worker: BlockWorker | undefined;
  #jobs: Job[] = [];
  /** When the first of the jobs was begun. */
  #begun = 0;
  #cancelDeadline: (() => void) | undefined;
  #timedOut: PackflowError | undefined;
  /** Whether its last worker ended with nothing under way. */
  wasIdle = false;

  constructor(options: SeatOptions) {
    this.index = options.index;
    this.#options = options;
  }

  get state(): "empty" | "starting" | "ready" {
    return this.#state;
  }

  /** Number of jobs its worker has. */
  get jobs(): number {
    return this.#jobs.length;
  }

  /** Starts a worker and waits for it; throws why it does not get ready. */
  async start(startWorker: () => BlockWorker): Promise<void> {
    this.#state = "starting";
    const worker = startWorker();
    this.#worker = worker;
    await readyInTime(worker, this.#options.clock);
    if (this.#worker !== worker) return;
    this.#state = "ready";
    worker.exited.then(() => {
      // With a job under way its rejection says more.
      if (this.#jobs.length === 0) this.#end(worker, exitedIdle());
    }, () => {});
  }

  /** Gives the worker a job; it must be ready. */
  send(job: Job): void {
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#jobs.push(job);
    if (this.#jobs.length === 1) this.#begin();
    worker.process(job.block).then(
      (result) => this.#answered(worker, job, result),
      (error) => this.#end(worker, error),
    );
  }

  /** Ends the worker at once; its jobs are rejected. */
  kill(error: unknown): void {
    const worker = this.#letGo();
    for (const job of this.#jobs.splice(0)) job.reject(error);
    worker?.kill();
  }

  /** Lets the worker end if it is idle, and ends it otherwise. */
  async close(): Promise<void> {
    const isIdle = this.#state === "ready" && this.#jobs.length === 0;
    const worker = this.#letGo();
    if (isIdle) await worker?.close();
    else worker?.kill();
  }

  #letGo(): BlockWorker | undefined {
    const worker = this.#worker;
    this.#cancelDeadline?.();
    this.#worker = undefined;
    return worker;
  }

  #begin(): void {
    const { clock, timeoutMs } = this.#options;
    this.#begun = clock.now();
    this.#cancelDeadline?.();
    this.#cancelDeadline = undefined;
    if (timeoutMs === 0 || this.#jobs.length === 0) return;
    this.#cancelDeadline = clock.after(timeoutMs, () => {
      this.#timedOut = timedOut(timeoutMs, "answer");
      this.#worker?.kill();
    });
  }

  #answered(worker: BlockWorker, job: Job, result: BlockResult): void {
    if (worker !== this.#worker) return;
    this.#jobs.shift();
    const ms = this.#options.clock.now() - this.#begun;
    this.#begin();
    job.resolve({ result, ms });
    this.#options.onAnswer();
  }

  #end(worker: BlockWorker, error: unknown): void {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    this.#state = "empty";
    this.#cancelDeadline?.();
    worker.kill();
    const cause = this.#timedOut ?? error;
    this.#timedOut = undefined;
    const [suspect, ...left] = this.#jobs;
    this.#jobs = [];
    this.wasIdle = suspect === undefined;
    if (suspect !== undefined) {
      if (cause instanceof PackflowError) suspect.resolve({ lost: cause });
      else suspect.reject(cause);
    }
    this.#options.onEnd(this, left, cause);
  }
}

function exitedIdle(): PackflowError {
  return new PackflowError(
    "worker.exited",
    "Cannot go on with the worker as it must run: it ended with nothing to do",
  );
}
