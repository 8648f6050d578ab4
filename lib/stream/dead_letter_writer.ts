import { PackflowError } from "../base/errors.ts";
import type { RecordFailure } from "../records/block.ts";
import { formatDeadLetter } from "./dead_letter.ts";
import { letterOrigin } from "./line_origin.ts";
import { recordPlace } from "./record_place.ts";
import type { Sink } from "./sink.ts";
import type { Task } from "./task_order.ts";

/** Where failed events are kept. */
export interface DeadLetterOptions {
  readonly sink: Sink;
  /** Digest of the package that is run, noted in each dead letter. */
  readonly package?: string;
  /** The date noted in each dead letter; by default the machine's. */
  readonly now?: () => Date;
}

const encoder = new TextEncoder();

/** Writes the failed records of tasks as dead letters. */
export class DeadLetterWriter {
  readonly #options: DeadLetterOptions;

  constructor(options: DeadLetterOptions) {
    this.#options = options;
  }

  /**
   * @param line Line of the task's first byte, counted from 1.
   * @throws {PackflowError} `sink.write_failed`, also where a reader closed: events would be lost quietly.
   */
  async write(task: Task, failures: readonly RecordFailure[], line: number): Promise<void> {
    const { sink, now } = this.#options;
    const at = (now?.() ?? new Date()).toISOString();
    let lines = "";
    for (const failure of failures) lines += this.#letter(task, failure, { line, at }) + "\n";
    try {
      const bytes = encoder.encode(lines);
      if (sink.writeFrom === undefined) await sink.write(bytes);
      else await sink.writeFrom(bytes, letterOrigin(task.piece, failures));
    } catch (cause) {
      const message = `Cannot write dead letters to "${sink.name}" as writing failed`;
      throw new PackflowError("sink.write_failed", message, { cause, place: { file: sink.name } });
    }
  }

  #letter(
    { piece, source }: Task,
    failure: RecordFailure,
    { line, at }: { line: number; at: string },
  ): string {
    const { stage, code, message, bytes, start, end } = failure;
    const place = recordPlace(piece, failure, line);
    const info = {
      source: { name: source.name, ...source.placeOf?.(place.offset) ?? place },
      stage,
      code,
      message,
      at,
      ...(this.#options.package === undefined ? {} : { package: this.#options.package }),
      ...(bytes === undefined ? {} : { bytes }),
    };
    // A record over the limit is kept nowhere, whether it was all there or not.
    return formatDeadLetter(info, bytes === undefined ? piece.block.bytes.subarray(start, end) : undefined);
  }
}
