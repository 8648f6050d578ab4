import { PackflowError } from "../base/errors.ts";
import { type OutputFormat, type OutputLayout, outputLayout } from "../records/formats.ts";
import type { Sink } from "./sink.ts";

const encoder = new TextEncoder();

/** Joins the outputs of blocks into one output of a format. */
export class ResultWriter {
  readonly #sink: Sink;
  readonly #layout: OutputLayout;
  #begun = false;

  constructor(sink: Sink, format: OutputFormat) {
    this.#sink = sink;
    this.#layout = outputLayout(format);
  }

  /**
   * Writes the results of a block, which are not none.
   *
   * @throws {PackflowError} `sink.closed`, `sink.write_failed`.
   */
  async write(results: Uint8Array): Promise<void> {
    const lead = this.#begun ? this.#layout.between : this.#layout.head;
    await writeTo(this.#sink, lead === "" ? results : joined(encoder.encode(lead), results));
    this.#begun = true;
  }

  /** Writes what closes the output; throws like {@linkcode write}. */
  async end(): Promise<void> {
    const tail = this.#begun ? this.#layout.tail : this.#layout.empty;
    if (tail !== "") await writeTo(this.#sink, encoder.encode(tail));
  }
}

async function writeTo(sink: Sink, bytes: Uint8Array): Promise<void> {
  try {
    await sink.write(bytes);
  } catch (cause) {
    if (cause instanceof PackflowError) throw cause;
    throw new PackflowError("sink.write_failed", `Cannot write to "${sink.name}" as writing failed`, {
      cause,
      place: { file: sink.name },
    });
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
