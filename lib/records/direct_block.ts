import type { DirectModel } from "../backend/direct_model.ts";
import {
  type Block,
  type BlockOptions,
  type BlockResult,
  countNewlines,
  type RecordFailure,
  type RecordFault,
} from "./block.ts";
import { DirectReader } from "./direct_reader.ts";
import { DirectWriter } from "./direct_writer.ts";
import { type OutputLayout, outputLayout } from "./formats.ts";
import { type RecordRange, RecordWalk } from "./record_walk.ts";
import { TemplateCache } from "./template_cache.ts";
import { tooLargeFault } from "./too_large.ts";

/** What works on blocks directly. */
export interface DirectOptions {
  readonly model: DirectModel;
  readonly options: BlockOptions;
  /** The ordinary way, for the batches that only it can answer. */
  readonly ordinary: (block: Block) => Promise<BlockResult>;
}

/** Whether nothing but events of JSON, all of each result, and results of JSON are asked for. */
export function allowsDirect({ outputFormat, csv, keep, outputKeys }: BlockOptions): boolean {
  const isJson = csv === undefined && (outputFormat === "ndjson" || outputFormat === "json");
  return isJson && (keep ?? []).length === 0 && outputKeys === undefined;
}

/**
 * Works on blocks without making events and results of them: bytes -> rows of floats -> tensors -> bytes.
 *
 * A batch with anything unusual in it (an event that does not fit the model, a NaN in a result, a model that fails)
 * goes the ordinary way as a whole, so that every answer and every error is the one that way gives.
 */
export class DirectProcessor {
  readonly #direct: DirectOptions;
  readonly #templates: TemplateCache;
  readonly #writer: DirectWriter;

  constructor(direct: DirectOptions) {
    this.#direct = direct;
    this.#templates = new TemplateCache(direct.model);
    this.#writer = new DirectWriter(direct.model.outputs);
  }

  /** The same as `processBlock`, sooner. */
  process(block: Block): Promise<BlockResult> {
    const reader = new DirectReader(this.#direct.model, this.#templates, block.bytes);
    return new DirectRun(block, this.#direct, { reader, writer: this.#writer }).run();
  }
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** The work on one block. */
class DirectRun {
  readonly #block: Block;
  readonly #direct: DirectOptions;
  readonly #reader: DirectReader;
  readonly #writer: DirectWriter;
  readonly #layout: OutputLayout;
  readonly #walk: RecordWalk;

  /** Records that belong to batches already answered. */
  #answered = 0;
  /** Byte ranges of the records of the batch at hand, as pairs. */
  #ranges: number[] = [];
  #events = 0;
  #faults: RecordFault[] = [];
  /** Whether an event of the batch takes the ordinary way. */
  #isUnusual = false;

  #text = "";
  #written = 0;
  #batches = 0;
  #stopped = false;
  readonly #failures: RecordFailure[] = [];
  /** Newlines before a position of the block. */
  #counted = { position: 0, newlines: 0 };

  constructor(block: Block, direct: DirectOptions, tools: { reader: DirectReader; writer: DirectWriter }) {
    this.#block = block;
    this.#direct = direct;
    this.#reader = tools.reader;
    this.#writer = tools.writer;
    this.#layout = outputLayout(direct.options.outputFormat);
    this.#walk = new RecordWalk(block, tools.reader);
  }

  async run(): Promise<BlockResult> {
    while (!this.#stopped && this.#readBatch()) {
      const text = await this.#answer();
      if (text === undefined) await this.#answerOrdinarily();
      else this.#take(text);
      this.#answered += this.#ranges.length / 2;
    }
    return {
      output: encoder.encode(this.#text),
      written: this.#written,
      records: this.#stopped ? (this.#failures.at(-1)?.index ?? 0) + 1 : this.#answered,
      batches: this.#batches,
      lines: this.#lines(),
      failures: this.#failures,
    };
  }

  /** Reads the records of the next batch; false if there are none left. */
  #readBatch(): boolean {
    const { batchSize, onError } = this.#direct.options;
    this.#ranges = [];
    this.#events = 0;
    this.#faults = [];
    this.#isUnusual = false;
    while (this.#events < batchSize) {
      const record = this.#walk.next(this.#events);
      if (record === undefined) break;
      this.#ranges.push(record.start, record.end);
      this.#readRecord(record);
      if (onError === "fail" && this.#faults.length > 0) break;
    }
    return this.#ranges.length > 0;
  }

  #readRecord({ start, end, matched }: RecordRange): void {
    const { maxEventBytes } = this.#direct.options;
    const index = this.#answered + this.#ranges.length / 2 - 1;
    if (end - start > maxEventBytes) {
      this.#faults.push({ index, stage: "split", ...tooLargeFault(end - start, maxEventBytes) });
      return;
    }
    const read = matched || this.#reader.parse(start, end, this.#events);
    if (typeof read !== "boolean") {
      this.#faults.push({ index, stage: "parse", ...read });
      return;
    }
    if (!read) this.#isUnusual = true;
    this.#events++;
  }

  /** The text of the batch's results; undefined where it takes the ordinary way. */
  async #answer(): Promise<string | undefined> {
    const { model, options } = this.#direct;
    const emitsErrors = options.onError === "emit" && this.#faults.length > 0;
    if (this.#isUnusual || emitsErrors) return undefined;
    if (this.#events === 0) return "";
    try {
      const tensors = await model.run(this.#reader.rows, this.#events);
      return this.#writer.write(tensors, this.#events, this.#layout.separator);
    } catch {
      // The model fails again below, where the events that it fails for are told apart.
      return undefined;
    }
  }

  #take(text: string): void {
    if (this.#events > 0) this.#batches++;
    this.#add(text === "" ? "" : text + this.#layout.terminator, this.#events);
    for (const fault of this.#faults) {
      const start = this.#ranges[2 * (fault.index - this.#answered)] ?? 0;
      const end = this.#ranges[2 * (fault.index - this.#answered) + 1] ?? start;
      this.#failures.push({ ...fault, start, end, line: this.#newlinesBefore(start) });
    }
    this.#stopped = this.#direct.options.onError === "fail" && this.#faults.length > 0;
  }

  async #answerOrdinarily(): Promise<void> {
    const from = this.#ranges[0] ?? 0;
    const result = await this.#direct.ordinary({
      bytes: this.#block.bytes.subarray(from, this.#ranges.at(-1)),
      ranges: Uint32Array.from(this.#ranges, (position) => position - from),
    });
    this.#batches += result.batches;
    this.#add(decoder.decode(result.output), result.written);
    const newlines = result.failures.length === 0 ? 0 : this.#newlinesBefore(from);
    for (const { index, start, end, line, ...fault } of result.failures) {
      this.#failures.push({
        ...fault,
        index: index + this.#answered,
        start: start + from,
        end: end + from,
        line: line + newlines,
      });
    }
    this.#stopped = this.#direct.options.onError === "fail" && result.failures.length > 0;
  }

  #add(text: string, written: number): void {
    if (written === 0) return;
    this.#text += this.#text === "" ? text : this.#layout.between + text;
    this.#written += written;
  }

  /** Newlines of the block, where they have not been counted before. */
  #lines(): number {
    if (this.#block.ranges !== undefined) return 0;
    return this.#stopped ? this.#newlinesBefore(this.#block.bytes.length) : this.#walk.newlines;
  }

  /** Newlines before a position; later calls ask for later positions. */
  #newlinesBefore(position: number): number {
    const { position: from, newlines } = this.#counted;
    this.#counted = {
      position,
      newlines: newlines + (position > from ? countNewlines(this.#block.bytes, from, position) : 0),
    };
    return this.#counted.newlines;
  }
}
