import { PackflowError } from "../base/errors.ts";
import type { BlockOptions, RecordFailure, StageTimes } from "../records/block.ts";
import { csvOutputHeader } from "../records/csv_output_header.ts";
import { type DeadLetterOptions, DeadLetterWriter } from "./dead_letter_writer.ts";
import { type ErrorLimit, overErrorLimit } from "./error_limit.ts";
import { answerOrigin } from "./line_origin.ts";
import { faultPlace, recordPlace } from "./record_place.ts";
import { ResultWriter } from "./result_writer.ts";
import { RunTotals } from "./run_summary.ts";
import type { Sink } from "./sink.ts";
import type { Task } from "./task_order.ts";

/** Where results and failures go. */
export interface TaskWriterOptions {
  readonly sink: Sink;
  readonly block: BlockOptions;
  readonly deadLetter?: DeadLetterOptions | undefined;
  readonly maxErrors?: ErrorLimit | undefined;
  /** The output has results already, of a run that this one goes on with. */
  readonly begun?: boolean;
}

/** Writes what came of tasks, one after another, and counts. */
export class TaskWriter {
  readonly totals = new RunTotals();
  readonly #options: TaskWriterOptions;
  readonly #results: ResultWriter;
  readonly #deadLetters: DeadLetterWriter | undefined;
  readonly #stages = { infer: 0, convert: 0 };
  #failure: PackflowError | undefined;

  constructor(options: TaskWriterOptions) {
    const { sink, block, deadLetter, begun } = options;
    this.#options = options;
    this.#results = new ResultWriter(sink, block.outputFormat, begun);
    this.#deadLetters = deadLetter && new DeadLetterWriter(deadLetter);
  }

  /** Why the run must stop: an event that failed under "fail", or too many of them. */
  get failure(): PackflowError | undefined {
    return this.#failure;
  }

  /** How long the workers were busy. */
  get stages(): StageTimes {
    return { ...this.#stages };
  }

  /** Whether the output has results. */
  get begun(): boolean {
    return this.#results.begun;
  }

  /**
   * Writes what came of a task. Until the sinks have taken it, its events count as unanswered.
   *
   * @param lineOf Tells the line of the task's first byte; asked only if something failed.
   * @throws {PackflowError} `sink.*`.
   */
  async write(task: Task, lineOf: () => number): Promise<void> {
    const { result } = task;
    if (result === undefined) return;
    const { totals } = this;
    const { failures, records, written, stages } = result;
    if (stages !== undefined) {
      this.#stages.infer += stages.infer;
      this.#stages.convert += stages.convert;
    }
    totals.read += records;
    totals.failed += failures.length;
    totals.batches += result.batches;
    totals.unanswered += records;
    const { sink, block } = this.#options;
    if (written > 0 || sink.writeFrom !== undefined) {
      const header = csvOutputHeader(block, result.columns ?? block.columns);
      const origin = sink.writeFrom === undefined ? undefined : answerOrigin(task.piece, result);
      await this.#results.write(result.output, header, origin);
    }
    totals.written += written;
    totals.unanswered -= written;
    const [first] = failures;
    if (first === undefined) return;
    const line = lineOf();
    const { maxErrors } = this.#options;
    if (block.onError === "fail") this.#failure = this.#failureOf(task, first, line);
    await this.#deadLetters?.write(task, failures, line);
    this.#settle(failures.length);
    if (maxErrors !== undefined) this.#failure ??= overErrorLimit(maxErrors, { ...totals, ended: false });
  }

  /** Writes what closes the output; throws like {@linkcode write}. */
  async end(): Promise<void> {
    const { maxErrors } = this.#options;
    if (maxErrors !== undefined) this.#failure ??= overErrorLimit(maxErrors, { ...this.totals, ended: true });
    await this.#results.end();
  }

  /** Counts where failed events went. */
  #settle(failed: number): void {
    const { totals } = this;
    const { onError } = this.#options.block;
    if (onError === "emit") return;
    if (this.#deadLetters !== undefined) totals.dead += failed;
    else if (onError === "skip") totals.skipped += failed;
    else return;
    totals.unanswered -= failed;
  }

  #failureOf({ piece, source }: Task, failure: RecordFailure, line: number): PackflowError {
    const { code, message, field } = failure;
    const record = recordPlace(piece, failure, line);
    const spot = source.placeOf?.(record.offset);
    return new PackflowError(code, message, {
      place: {
        ...(spot === undefined
          ? { file: source.name, ...faultPlace(piece, failure, record.line) }
          : { file: `${source.name}, partition ${spot.partition}, offset ${spot.offset}` }),
        eventIndex: this.totals.read - 1,
        ...(field === undefined ? {} : { field }),
      },
    });
  }
}
