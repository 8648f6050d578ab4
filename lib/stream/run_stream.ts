import { messageOf, PackflowError } from "../base/errors.ts";
import { type Clock, systemClock } from "../host/clock.ts";
import { Batcher } from "./batcher.ts";
import { BlockSize } from "./block_size.ts";
import { type DeadLetterOptions, DeadLetterWriter } from "./dead_letter_writer.ts";
import type { InputFormat, OutputFormat } from "../records/formats.ts";
import type { Infer } from "../records/infer_events.ts";
import { type BlockOptions, type BlockResult, type OnError, processBlock } from "../records/process_block.ts";
import type { RecordBlock, RecordFailure } from "../records/record_block.ts";
import { recordPlace } from "./record_place.ts";
import { ResultWriter } from "./result_writer.ts";
import { type RunOutcome, type RunSummary, RunTotals } from "./run_summary.ts";
import type { Sink } from "./sink.ts";
import type { Source } from "./source.ts";

/** How far a run is. */
export interface RunProgress {
  readonly read: number;
  readonly failed: number;
  readonly bytesRead: number;
}

/** What to run, on what, how. */
export interface RunStreamOptions {
  readonly source: Source;
  readonly sink: Sink;
  readonly infer: Infer;
  /** Left out: told by the first character that is not white space. */
  readonly inputFormat?: InputFormat | undefined;
  /** @default "ndjson" */
  readonly outputFormat?: OutputFormat;
  /** Most events per call of `infer`. @default 256 */
  readonly batchSize?: number;
  /** Milliseconds that a batch which is not full waits for more input. @default 0 */
  readonly maxWaitMs?: number;
  /** @default "fail" */
  readonly onError?: OnError;
  readonly deadLetter?: DeadLetterOptions;
  /** An event of more bytes is a failure. @default 16 MiB */
  readonly maxEventBytes?: number;
  /** Aborting drains: reading stops, what was read is answered. */
  readonly signal?: AbortSignal;
  /** Called after every block. */
  readonly onProgress?: (progress: RunProgress) => void;
  readonly clock?: Clock;
}

const DEFAULT_MAX_EVENT_BYTES = 16 * 1024 * 1024;

/**
 * Runs events from a source through `infer` into a sink, in order, with bounded memory: the next block is worked
 * on when the sink has taken the last one.
 *
 * It closes the source, and leaves the sinks open for whoever opened them. It does not throw for what happens on
 * the way, a failing event, source or sink: the summary says how the run ended and still has its counts. On
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

class StreamRun {
  readonly #source: Source;
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  readonly #blockOptions: BlockOptions;
  readonly #batcher: Batcher;
  readonly #blockSize: BlockSize;
  readonly #results: ResultWriter;
  readonly #deadLetters: DeadLetterWriter | undefined;
  readonly #onProgress: RunStreamOptions["onProgress"];
  readonly #totals = new RunTotals();
  #failure: PackflowError | undefined;

  constructor(options: RunStreamOptions) {
    const { source, sink, infer, deadLetter, inputFormat, signal } = options;
    const { batchSize = 256, onError = "fail", outputFormat = "ndjson", clock = systemClock } = options;
    const { maxWaitMs = 0, maxEventBytes = DEFAULT_MAX_EVENT_BYTES } = options;
    this.#source = source;
    this.#clock = clock;
    this.#signal = signal;
    this.#blockOptions = { infer, batchSize, onError, outputFormat };
    this.#batcher = new Batcher(source, { inputFormat, batchSize, maxWaitMs, maxEventBytes, clock, signal });
    this.#blockSize = new BlockSize(batchSize);
    this.#results = new ResultWriter(sink, outputFormat);
    this.#deadLetters = deadLetter && new DeadLetterWriter(deadLetter, source.name);
    this.#onProgress = options.onProgress;
  }

  async run(): Promise<RunSummary> {
    const start = this.#clock.now();
    const outcome = await this.#runToOutcome();
    const totals = this.#totals;
    totals.check();
    return {
      outcome,
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
      ...totals,
      bytesRead: this.#batcher.bytesRead,
      seconds: (this.#clock.now() - start) / 1000,
    };
  }

  async #runToOutcome(): Promise<RunOutcome> {
    try {
      await this.#pump();
      await this.#results.end();
      if (this.#failure !== undefined) return "failed";
      return this.#signal?.aborted ? "drained" : "completed";
    } catch (error) {
      if (!(error instanceof PackflowError) || error.code.startsWith("internal.")) throw error;
      if (error.code === "sink.closed" && this.#failure === undefined) return "closed";
      this.#failure ??= error;
      return "failed";
    } finally {
      this.#batcher.close();
    }
  }

  async #pump(): Promise<void> {
    while (this.#failure === undefined) {
      const block = await this.#next();
      if (block === undefined) return;
      const start = this.#clock.now();
      const result = await processBlock(block, this.#blockOptions);
      this.#blockSize.measured(result.batches, this.#clock.now() - start);
      await this.#commit(block, result);
      this.#onProgress?.({ ...this.#totals, bytesRead: this.#batcher.bytesRead });
    }
  }

  async #next(): Promise<RecordBlock | undefined> {
    try {
      return await this.#batcher.next(this.#blockSize.batches);
    } catch (error) {
      this.#failure = error instanceof PackflowError ? error : readFailure(this.#source.name, error);
      return undefined;
    }
  }

  /** Writes what came of a block. Until the sinks have taken it, its events count as unanswered. */
  async #commit(block: RecordBlock, result: BlockResult): Promise<void> {
    const totals = this.#totals;
    const { failures, handled, written } = result;
    totals.read += handled;
    totals.failed += failures.length;
    totals.batches += result.batches;
    totals.unanswered += handled;
    if (written > 0) await this.#results.write(result.output);
    totals.written += written;
    totals.unanswered -= written;
    const [first] = failures;
    if (first === undefined) return;
    if (this.#blockOptions.onError === "fail") this.#failure = this.#failureOf(block, first);
    await this.#deadLetters?.write(block, failures);
    this.#settle(failures.length);
  }

  /** Counts where failed events went. */
  #settle(failed: number): void {
    const totals = this.#totals;
    const { onError } = this.#blockOptions;
    if (onError === "emit") return;
    if (this.#deadLetters !== undefined) totals.dead += failed;
    else if (onError === "skip") totals.skipped += failed;
    else return;
    totals.unanswered -= failed;
  }

  #failureOf(block: RecordBlock, failure: RecordFailure): PackflowError {
    const { code, message, field, cause } = failure;
    return new PackflowError(code, message, {
      ...(cause === undefined ? {} : { cause }),
      place: {
        file: this.#source.name,
        ...recordPlace(block, failure),
        eventIndex: this.#totals.read - 1,
        ...(field === undefined ? {} : { field }),
      },
    });
  }
}

function readFailure(name: string, cause: unknown): PackflowError {
  const message = `Cannot read "${name}" to its end as reading failed: ${messageOf(cause)}`;
  return new PackflowError("source.read_failed", message, { cause, place: { file: name } });
}
