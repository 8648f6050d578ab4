import { joinBytes } from "../base/bytes.ts";
import { PackflowError } from "../base/errors.ts";
import { type OutputFormat, type OutputLayout, outputLayout } from "../records/formats.ts";
import type { LineOrigin, Sink } from "./sink.ts";

const encoder = new TextEncoder();
const NOTHING = new Uint8Array(0);

/** Joins the outputs of blocks into one output of a format. */
export class ResultWriter {
  readonly #sink: Sink;
  readonly #layout: OutputLayout;
  #begun: boolean;

  /** @param begun The sink has results already. */
  constructor(sink: Sink, format: OutputFormat, begun = false) {
    this.#sink = sink;
    this.#layout = outputLayout(format);
    this.#begun = begun;
  }

  /** Whether the sink has results. */
  get begun(): boolean {
    return this.#begun;
  }

  /**
   * Writes the results of a block, which are not none but for a sink that wants to know of every record.
   *
   * @param header What comes before the first results.
   * @param origin The records they came of, for a sink that wants to know.
   * @throws {PackflowError} `sink.closed`, `sink.write_failed`.
   */
  async write(
    results: Uint8Array,
    header: Uint8Array = NOTHING,
    origin: LineOrigin | undefined = undefined,
  ): Promise<void> {
    const lead = this.#begun ? this.#layout.between : this.#layout.head;
    const before = this.#begun || header.length === 0 ? encoder.encode(lead) : header;
    await writeTo(this.#sink, before.length === 0 ? results : joinBytes([before, results]), origin);
    this.#begun = true;
  }

  /** Writes what closes the output; throws like {@linkcode write}. */
  async end(): Promise<void> {
    const tail = this.#begun ? this.#layout.tail : this.#layout.empty;
    if (tail !== "") await writeTo(this.#sink, encoder.encode(tail));
  }
}

async function writeTo(sink: Sink, bytes: Uint8Array, origin?: LineOrigin): Promise<void> {
  try {
    if (origin !== undefined && sink.writeFrom !== undefined) await sink.writeFrom(bytes, origin);
    else await sink.write(bytes);
  } catch (cause) {
    if (cause instanceof PackflowError) throw cause;
    throw new PackflowError("sink.write_failed", `Cannot write to "${sink.name}" as writing failed`, {
      cause,
      place: { file: sink.name },
    });
  }
}
