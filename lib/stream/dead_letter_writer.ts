import { PackflowError } from "../base/errors.ts";
import { formatDeadLetter } from "./dead_letter.ts";
import type { RecordBlock, RecordFailure } from "../records/record_block.ts";
import type { Sink } from "./sink.ts";

/** Where failed events are kept. */
export interface DeadLetterOptions {
  readonly sink: Sink;
  /** Digest of the package that is run, noted in each dead letter. */
  readonly package?: string;
  /** The date noted in each dead letter; by default the machine's. */
  readonly now?: () => Date;
}

const encoder = new TextEncoder();

/** Writes the failed records of blocks as dead letters. */
export class DeadLetterWriter {
  readonly #options: DeadLetterOptions;
  readonly #sourceName: string;

  constructor(options: DeadLetterOptions, sourceName: string) {
    this.#options = options;
    this.#sourceName = sourceName;
  }

  /** @throws {PackflowError} `sink.write_failed`, also where a reader closed: events would be lost quietly. */
  async write(block: RecordBlock, failures: readonly RecordFailure[]): Promise<void> {
    const { sink, now } = this.#options;
    const at = (now?.() ?? new Date()).toISOString();
    let lines = "";
    for (const failure of failures) lines += this.#line(block, failure, at) + "\n";
    try {
      await sink.write(encoder.encode(lines));
    } catch (cause) {
      const message = `Cannot write dead letters to "${sink.name}" as writing failed`;
      throw new PackflowError("sink.write_failed", message, { cause, place: { file: sink.name } });
    }
  }

  #line(block: RecordBlock, { index, stage, code, message, bytes }: RecordFailure, at: string): string {
    const offset = block.offsets[index] ?? 0;
    const line = block.lines[index] ?? 1;
    const info = {
      source: { name: this.#sourceName, offset, line },
      stage,
      code,
      message,
      at,
      ...(this.#options.package === undefined ? {} : { package: this.#options.package }),
      ...(bytes === undefined ? {} : { bytes }),
    };
    const isKept = bytes === undefined;
    return formatDeadLetter(
      info,
      isKept ? block.bytes.subarray(block.starts[index], block.ends[index]) : undefined,
    );
  }
}
