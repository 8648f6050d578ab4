import { messageOf, messageWithPlace, PackflowError } from "../base/errors.ts";
import { type Clock, systemClock } from "../host/clock.ts";
import type { BlockOptions, BlockResult } from "../records/block.ts";
import { areColumnsDue } from "../records/csv_output_header.ts";
import { BlockReader, type ReadPiece } from "./block_reader.ts";
import { BlockSize } from "./block_size.ts";
import { Notice } from "./notice.ts";
import type { RunStreamOptions } from "./run_options.ts";
import type { RunOutcome, RunSummary } from "./run_summary.ts";
import { failedResult, splitPiece } from "./split_piece.ts";
import { type Task, TaskOrder } from "./task_order.ts";
import { TaskWriter } from "./task_writer.ts";
import { WorkerPool } from "./worker_pool.ts";
import type { Answer } from "./worker_seat.ts";

/** Tasks per worker that may be under way, those included that wait for one before them to be written. */
const MOST_TASKS_PER_WORKER = 4;
/** Parts that a block is cut into when its worker ended over it. Each part may cost a worker, so few steps count. */
const PARTS = 16;
/** An input of more bytes has work for all workers, so they start together. */
const WORK_FOR_ALL_BYTES = 4 * 1024 * 1024;

/**
 * Runs events from a source through workers into a sink, with bounded memory: a slow sink slows the reading.
 *
 * It closes the source, and leaves the sinks open for whoever opened them. It does not throw for what happens on
 * the way, a failing event, source, sink or worker: the summary says how the run ended and still has its counts. On
 * failure everything before the failing event has been written, and a JSON array is closed.
 *
 * With `deadLetter` every failed event is kept there, also the one that "fail" stops at; under "emit" beside
 * the error in the output.
 *
 * @throws {PackflowError} `internal.unexpected`, if an event were unaccounted for.
 */
export function runStream(options: RunStreamOptions): Promise<RunSummary> {
  return new StreamRun(options).run();
}

/** One run, from its first byte to its summary. */
class StreamRun {
  readonly #options: RunStreamOptions;
  readonly #clock: Clock;
  readonly #workers: number;
  readonly #pool: WorkerPool;
  readonly #reader: BlockReader;
  readonly #size: BlockSize;
  readonly #order: TaskOrder;
  readonly #writer: TaskWriter;
  /** How workers work; the columns of the output are added when they are known. */
  #block: BlockOptions;
  /** Something was answered, written, or went wrong. */
  readonly #progress = new Notice();
  #writing = false;
  #fault: unknown;
  readonly #start: number;
  #end = 0;

  constructor(options: RunStreamOptions) {
    const { source, start, block, clock = systemClock, workers = 1 } = options;
    this.#options = options;
    this.#clock = clock;
    this.#start = clock.now();
    this.#workers = workers;
    this.#block = start?.columns === undefined ? block : { ...block, columns: start.columns };
    this.#pool = new WorkerPool({
      startWorker: () => options.startWorker(this.#block),
      isHeld: areColumnsDue(this.#block),
      workers,
      timeoutMs: options.timeoutMs ?? 0,
      clock,
    });
    if ((source.size ?? 0) >= WORK_FOR_ALL_BYTES) this.#pool.startAll();
    this.#size = new BlockSize(block.batchSize);
    this.#order = new TaskOrder(start?.lines, start?.source);
    this.#writer = new TaskWriter({ ...options, block: this.#block, begun: start?.begun ?? false });
    this.#reader = new BlockReader(this.#sources(), {
      inputFormat: options.inputFormat,
      batchSize: block.batchSize,
      maxWaitMs: options.maxWaitMs ?? 0,
      maxEventBytes: block.maxEventBytes,
      clock,
      signal: options.signal,
      start,
      cutter: options.cutter,
      onFull: () => this.#pool.startAll(),
    });
  }

  /** Runs to the end. */
  async run(): Promise<RunSummary> {
    const outcome = await this.#runToOutcome();
    const { totals } = this.#writer;
    totals.check();
    const failure = this.#failure();
    return {
      outcome,
      ...(failure === undefined || outcome === "closed" ? {} : { failure }),
      ...totals,
      bytesRead: this.#reader.bytesRead,
      seconds: (this.#end - this.#start) / 1000,
      startSeconds: ((this.#pool.firstReady ?? this.#end) - this.#start) / 1000,
      stages: this.#writer.stages,
    };
  }

  /** The sources; one that a run goes on with is the first, whatever came before it. */
  #sources() {
    const { source, moreSources = [], start } = this.#options;
    const before = new Array<() => typeof source>(start?.source ?? 0).fill(() => source);
    return [...before, () => source, ...moreSources];
  }

  async #runToOutcome(): Promise<RunOutcome> {
    try {
      await this.#feed();
      await this.#untilWritten();
    } catch (error) {
      this.#fail(error);
    }
    this.#reader.close();
    await this.#closeOutput();
    this.#end = this.#clock.now();
    await this.#pool.close();
    const fault = this.#fault;
    if (fault !== undefined && isUnexpected(fault)) throw fault;
    if (
      this.#writer.failure === undefined && fault instanceof PackflowError && fault.code === "sink.closed"
    ) {
      return "closed";
    }
    if (this.#failure() !== undefined) return "failed";
    return this.#options.signal?.aborted ? "drained" : "completed";
  }

  /** What was written before a failure is good, so it is closed; only a sink that takes nothing is left alone. */
  async #closeOutput(): Promise<void> {
    const fault = this.#fault;
    if (fault instanceof PackflowError ? fault.code.startsWith("sink.") : fault !== undefined) return;
    try {
      await this.#writer.end();
    } catch (error) {
      this.#fault = error;
    }
  }

  #failure(): PackflowError | undefined {
    if (this.#writer.failure !== undefined) return this.#writer.failure;
    return this.#fault instanceof PackflowError ? this.#fault : undefined;
  }

  /** Whether nothing more is to be begun. */
  get #stopped(): boolean {
    return this.#fault !== undefined || this.#writer.failure !== undefined;
  }

  /** Gives records to workers as they come and as there is room for them. */
  async #feed(): Promise<void> {
    for (;;) {
      await this.#orStop(this.#pool.room());
      while (!this.#stopped && this.#order.size >= MOST_TASKS_PER_WORKER * this.#workers) {
        await this.#progress.wait();
      }
      if (this.#stopped) return;
      const piece = await this.#orStop(this.#nextPiece());
      if (piece === undefined || this.#stopped) return;
      this.#work(this.#order.add(piece));
    }
  }

  /** Waits for something, but not after the run has been stopped. */
  async #orStop<T>(waited: Promise<T>): Promise<T | undefined> {
    let done = false;
    const settled = waited.finally(() => {
      done = true;
      this.#progress.give();
    });
    settled.catch(() => {});
    while (!done && !this.#stopped) await this.#progress.wait();
    return done ? await settled : undefined;
  }

  async #nextPiece(): Promise<ReadPiece | undefined> {
    try {
      return await this.#reader.next(this.#size.limits);
    } catch (error) {
      // What was read before is answered first.
      await this.#untilWritten();
      throw error instanceof PackflowError ? error : readFailure(this.#options.source.name, error);
    }
  }

  async #untilWritten(): Promise<void> {
    while (!this.#stopped && this.#order.size > 0) await this.#progress.wait();
  }

  #fail(error: unknown): void {
    this.#fault ??= error;
    this.#progress.give();
  }

  async #work(task: Task): Promise<void> {
    const { piece } = task;
    try {
      if (piece.fault !== undefined) {
        task.result = failedResult(piece, piece.fault, this.#block);
      } else {
        const answer = await this.#pool.process(piece.block, task.rank, piece.worker);
        if (this.#stopped || !this.#take(task, answer)) return;
      }
      await this.#write();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Takes an answer in; false if there is nothing to write as the block is worked on again in parts. */
  #take(task: Task, answer: Answer): boolean {
    const { piece, source } = task;
    if (!("lost" in answer)) {
      task.result = answer.result;
      this.#learnColumns(answer.result);
      this.#size.measured({ bytes: piece.block.bytes.length, records: answer.result.records }, answer.ms);
      this.#options.onBlock?.({ ...answer.result, ms: answer.ms });
      return true;
    }
    const parts = splitPiece(piece, PARTS);
    if (parts.length > 1) {
      const tasks = this.#order.replace(task, parts.map((part) => ({ piece: part, source })));
      for (const part of tasks) this.#work(part);
      return false;
    }
    const message = messageWithPlace(answer.lost);
    task.result = failedResult(piece, { stage: "worker", code: answer.lost.code, message }, this.#block);
    return true;
  }

  /** The first result says what the columns of the output are; only then can several workers write rows. */
  #learnColumns({ columns }: BlockResult): void {
    if (columns === undefined || this.#block.columns !== undefined) return;
    this.#block = { ...this.#block, columns };
    this.#pool.release();
  }

  /** Writes the tasks whose turn it is, one after another. */
  async #write(): Promise<void> {
    if (this.#writing) return;
    this.#writing = true;
    const ordered = this.#options.unordered !== true;
    try {
      let task = this.#order.next(ordered);
      while (task !== undefined && !this.#stopped) {
        const at = task;
        await this.#writer.write(at, () => this.#order.lineOf(at));
        await this.#commit(at);
        task = this.#order.next(ordered);
      }
    } finally {
      this.#writing = false;
      this.#progress.give();
    }
  }

  async #commit(task: Task): Promise<void> {
    const { onProgress, onPosition } = this.#options;
    const last = this.#order.commit(task);
    onProgress?.({ ...this.#writer.totals, bytesRead: this.#reader.bytesRead });
    if (last === undefined || onPosition === undefined) return;
    // A block ends at the event that failed under "fail": what comes after it in the block has not been answered.
    if (this.#writer.failure !== undefined) return;
    await onPosition({
      source: last.source.index,
      offset: last.piece.end,
      lines: this.#order.lines,
      begun: this.#writer.begun,
      ...(this.#block.columns === undefined ? {} : { columns: this.#block.columns }),
    });
  }
}

/** Whether an error is none that a run may end with: a defect of this code, or of a caller's function. */
function isUnexpected(error: unknown): boolean {
  return !(error instanceof PackflowError) || error.code.startsWith("internal.");
}

function readFailure(name: string, cause: unknown): PackflowError {
  const message = `Cannot read "${name}" to its end as reading failed: ${messageOf(cause)}`;
  return new PackflowError("source.read_failed", message, { cause, place: { file: name } });
}
