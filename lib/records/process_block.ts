import { type DirectModel, directModelOf } from "../backend/direct_model.ts";
import type { AnyBackend } from "../backend/inference_backend.ts";
import { messageOf, messageWithPlace, PackflowError } from "../base/errors.ts";
import {
  type Block,
  type BlockOptions,
  type BlockResult,
  placeFaults,
  type RecordFault,
  type Stage,
} from "./block.ts";
import { BlockFormat, blockFormatOf } from "./block_format.ts";
import { allowsDirect, DirectProcessor } from "./direct_block.ts";
import { type OutputFormat, outputLayout } from "./formats.ts";
import { type Infer, inferEvents, type InferReceiver } from "./infer_events.ts";
import type { ParsedBlock } from "./parse_block.ts";
import type { ResultTexts } from "./result_keys.ts";

/** Works on blocks with one backend. A model that can be fed directly is; the answers are the same. */
export class BlockProcessor {
  readonly #backend: AnyBackend;
  readonly #options: BlockOptions;
  readonly #direct: DirectProcessor | undefined;
  readonly #format: BlockFormat;
  #inferMs = 0;

  constructor(backend: AnyBackend, options: BlockOptions) {
    this.#backend = backend;
    this.#options = options;
    this.#format = blockFormatOf(backend, options);
    const model = this.#timedModel(directModelOf(backend));
    const ordinary = (block: Block) => this.#processOrdinarily(block);
    if (model !== undefined && allowsDirect(options)) {
      this.#direct = new DirectProcessor({ model, options, ordinary });
    }
  }

  /**
   * Takes a block through parsing, inference and serialising, one block at a time; throws like
   * {@linkcode processBlock}.
   */
  async process(block: Block): Promise<BlockResult> {
    const start = performance.now();
    this.#inferMs = 0;
    const result = await (this.#direct?.process(block) ?? this.#processOrdinarily(block));
    const infer = this.#inferMs;
    return { ...result, stages: { infer, convert: performance.now() - start - infer } };
  }

  #timedModel(model: DirectModel | undefined): DirectModel | undefined {
    if (model === undefined) return undefined;
    return { ...model, run: (data, events) => this.#timed(() => model.run(data, events)) };
  }

  async #timed<T>(infer: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await infer();
    } finally {
      this.#inferMs += performance.now() - start;
    }
  }

  #processOrdinarily(block: Block): Promise<BlockResult> {
    const backend = this.#backend;
    return processBlock(block, this.#options, {
      format: this.#format,
      infer: (events) => this.#timed(() => backend.infer(events)),
    });
  }
}

/** What answers the events of a block. */
export interface BlockInference {
  readonly infer: Infer;
  /** How records are read and results written, the same for all blocks; made of the options when left out. */
  readonly format?: BlockFormat;
}

/**
 * Takes a block of raw records through parsing, inference and serialising. Nothing but an error in this code
 * itself makes it throw: what fails in a record is that record's failure.
 *
 * With `onError: "fail"` the block ends with the first record that fails; no later batch is inferred.
 */
export async function processBlock(
  block: Block,
  options: BlockOptions,
  inference: BlockInference,
): Promise<BlockResult> {
  const stops = options.onError === "fail";
  const { maxEventBytes, batchSize } = options;
  const { format = new BlockFormat(options) } = inference;
  const parsed = format.parse(block, { maxEventBytes, stopAtFault: stops });
  const collector = new Collector(parsed, {
    ...inference,
    stops,
    texts: format.texts,
    keptOf: format.keptOf(parsed, block),
  });
  const again = (from: number, to: number) =>
    format.parse(partOf(block, parsed, { from, to }), { maxEventBytes, stopAtFault: false }).events;
  const batches = await inferEvents(parsed.events, { infer: inference.infer, batchSize, again }, collector);
  const failures = placeFaults(collector.allFaults(), block.bytes, parsed.ranges);
  const last = failures[0];
  const records = stops && last !== undefined ? last.index + 1 : parsed.ranges.length / 2;
  if (options.onError === "emit") collector.putFaults(failures);
  const { output, written } = joinResults(collector.texts, records, options.outputFormat);
  const { columns } = format.texts;
  return {
    output,
    written,
    records,
    batches,
    lines: parsed.newlines,
    failures,
    ...(columns === undefined ? {} : { columns }),
  };
}

/** The records of some of a block's events. */
function partOf(
  { bytes }: Block,
  { indexes, ranges }: ParsedBlock,
  { from, to }: { from: number; to: number },
): Block {
  const part: number[] = [];
  for (let event = from; event < to; event++) {
    const record = 2 * (indexes?.[event] ?? event);
    part.push(ranges[record] ?? 0, ranges[record + 1] ?? 0);
  }
  const start = part[0] ?? 0;
  return {
    bytes: bytes.subarray(start, part.at(-1)),
    ranges: Uint32Array.from(part, (position) => position - start),
  };
}

const encoder = new TextEncoder();

/** Joins the texts of the first `records` results, leaving out those that are undefined. */
export function joinResults(
  texts: readonly (string | undefined)[],
  records: number,
  format: OutputFormat,
): { output: Uint8Array; written: number } {
  const { separator, terminator } = outputLayout(format);
  let output = "";
  let written = 0;
  for (let i = 0; i < records; i++) {
    const text = texts[i];
    if (text === undefined) continue;
    output += written === 0 ? text : separator + text;
    written++;
  }
  return { output: encoder.encode(written === 0 ? "" : output + terminator), written };
}

interface CollectorOptions {
  readonly stops: boolean;
  readonly texts: ResultTexts;
  /** What is kept of an event, as JSON. */
  readonly keptOf: (event: number) => readonly string[];
}

/** Keeps the text of each record's result, and the faults of the stages after parsing. */
class Collector implements InferReceiver {
  readonly texts: (string | undefined)[];
  readonly #parsed: ParsedBlock;
  readonly #options: CollectorOptions;
  readonly #faults: RecordFault[] = [];
  /** The events that became faults, by their record. */
  readonly #failedEvents = new Map<number, number>();

  constructor(parsed: ParsedBlock, options: CollectorOptions) {
    this.#parsed = parsed;
    this.#options = options;
    this.texts = new Array<string | undefined>(parsed.events.length + parsed.faults.length).fill(undefined);
  }

  result(event: number, result: unknown): boolean {
    try {
      const { texts, keptOf } = this.#options;
      this.texts[this.#recordOf(event)] = texts.of(result, keptOf(event));
      return false;
    } catch (error) {
      return this.#fail(event, "serialise", error);
    }
  }

  failed(event: number, error: unknown): boolean {
    return this.#fail(event, "infer", error);
  }

  /** The faults of all stages in the order of the records; with "fail" the first of them alone. */
  allFaults(): readonly RecordFault[] {
    if (this.#faults.length === 0) return this.#parsed.faults;
    const all = [...this.#parsed.faults, ...this.#faults].sort((a, b) => a.index - b.index);
    return this.#options.stops ? all.slice(0, 1) : all;
  }

  /** Puts what stands for faults in the place of results. */
  putFaults(faults: readonly RecordFault[]): void {
    const { texts, keptOf } = this.#options;
    for (const fault of faults) {
      const event = this.#failedEvents.get(fault.index);
      this.texts[fault.index] = texts.ofFault(fault, event === undefined ? undefined : keptOf(event));
    }
  }

  #recordOf(event: number): number {
    return this.#parsed.indexes === undefined ? event : this.#parsed.indexes[event] ?? event;
  }

  #fail(event: number, stage: Stage, error: unknown): boolean {
    const known = error instanceof PackflowError;
    const field = known ? error.place.field : undefined;
    this.#failedEvents.set(this.#recordOf(event), event);
    this.#faults.push({
      index: this.#recordOf(event),
      stage,
      code: known ? error.code : "backend.hook_failed",
      message: known ? messageInStream(error) : messageOf(error),
      ...(field === undefined ? {} : { field }),
    });
    return this.#options.stops;
  }
}

/**
 * The message of an error for one event of a stream. Where the event is stands beside it, so its index in the batch,
 * which only who called `infer` knows, goes; where in the project's code it was thrown stays.
 */
function messageInStream(error: PackflowError): string {
  const { eventIndex } = error.place;
  const message = messageWithPlace(error);
  return eventIndex === undefined ? message : message.replace(`event ${eventIndex} `, "the event ");
}
