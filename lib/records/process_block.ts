import { messageOf, PackflowError, placeText } from "../base/errors.ts";
import { type OutputFormat, outputLayout } from "./formats.ts";
import { type Infer, inferEvents, type InferReceiver } from "./infer_events.ts";
import { parseBlock, type ParsedBlock } from "./parse_block.ts";
import type { RecordBlock, RecordFailure, Stage } from "./record_block.ts";
import { serialiseResult } from "./serialise_result.ts";

/** What becomes of an event that fails: stop the run, leave it out, or write an error in its place. */
export const ON_ERROR = ["fail", "skip", "emit"] as const;
/** What becomes of an event that fails. */
export type OnError = typeof ON_ERROR[number];

/** How a block is worked on. */
export interface BlockOptions {
  readonly infer: Infer;
  /** Events per call of `infer`. */
  readonly batchSize: number;
  readonly onError: OnError;
  readonly outputFormat: OutputFormat;
}

/** What came of a block. */
export interface BlockResult {
  /** The results in order, as the output's layout joins them. */
  readonly output: Uint8Array;
  /** Number of results in the output, errors in their place included. */
  readonly written: number;
  /** In the order of the records. */
  readonly failures: readonly RecordFailure[];
  /** Number of records this tells of: all of them, or those up to the failure that stopped it. */
  readonly handled: number;
  /** Batches that were inferred. */
  readonly batches: number;
}

/**
 * Takes a block of raw records through parsing, inference and serialising. Nothing but an error in this code
 * itself makes it throw: what fails in a record is that record's failure.
 *
 * With `onError: "fail"` the block ends with the first record that fails; no later batch is inferred.
 */
export async function processBlock(block: RecordBlock, options: BlockOptions): Promise<BlockResult> {
  const stops = options.onError === "fail";
  const parsed = parseBlock(block, stops);
  const collector = new Collector(parsed, stops);
  const batches = await inferEvents(parsed.events, options, collector);
  const failures = collector.allFailures();
  const last = failures[0];
  const handled = stops && last !== undefined ? last.index + 1 : block.starts.length;
  if (options.onError === "emit") {
    for (const { index, code, message } of failures) {
      collector.texts[index] = JSON.stringify({ error: { code, message } });
    }
  }
  return { ...join(collector.texts, handled, options.outputFormat), failures, handled, batches };
}

const encoder = new TextEncoder();

function join(
  texts: readonly (string | undefined)[],
  handled: number,
  format: OutputFormat,
): { output: Uint8Array; written: number } {
  const { separator, terminator } = outputLayout(format);
  let output = "";
  let written = 0;
  for (let i = 0; i < handled; i++) {
    const text = texts[i];
    if (text === undefined) continue;
    output += written === 0 ? text : separator + text;
    written++;
  }
  return { output: encoder.encode(written === 0 ? "" : output + terminator), written };
}

/** Keeps the text of each record's result, and the failures of the stages after parsing. */
class Collector implements InferReceiver {
  readonly texts: (string | undefined)[];
  readonly #parsed: ParsedBlock;
  readonly #stops: boolean;
  readonly #failures: RecordFailure[] = [];

  constructor(parsed: ParsedBlock, stops: boolean) {
    this.#parsed = parsed;
    this.#stops = stops;
    this.texts = new Array<string | undefined>(parsed.events.length + parsed.failures.length).fill(undefined);
  }

  result(event: number, result: unknown): boolean {
    try {
      this.texts[this.#recordOf(event)] = serialiseResult(result);
      return false;
    } catch (error) {
      return this.#fail(event, "serialise", error);
    }
  }

  failed(event: number, error: unknown): boolean {
    return this.#fail(event, "infer", error);
  }

  /** The failures of all stages in the order of the records; with "fail" the first of them alone. */
  allFailures(): readonly RecordFailure[] {
    if (this.#failures.length === 0) return this.#parsed.failures;
    const all = [...this.#parsed.failures, ...this.#failures].sort((a, b) => a.index - b.index);
    return this.#stops ? all.slice(0, 1) : all;
  }

  #recordOf(event: number): number {
    return this.#parsed.indexes === undefined ? event : this.#parsed.indexes[event] ?? event;
  }

  #fail(event: number, stage: Stage, error: unknown): boolean {
    const known = error instanceof PackflowError;
    // The failure's own place is the event's, so where in the project's code it was thrown stands in the message.
    const code = known ? placeText(error.place) : "";
    this.#failures.push({
      index: this.#recordOf(event),
      stage,
      code: known ? error.code : "backend.hook_failed",
      message: messageOf(error) + (code === "" ? "" : ` (${code})`),
      ...(known && error.place.field !== undefined ? { field: error.place.field } : {}),
      cause: error,
    });
    return this.#stops;
  }
}
