import type { DirectModel } from "../backend/direct_model.ts";
import { NumberScanner } from "./number_scanner.ts";
import { decodeStrictly, parseEvent, type ParseFault, ParseFaultBox, utf8Fault } from "./parse_event.ts";
import { type RecordTemplate, viewOf } from "./record_template.ts";
import { skipString, skipWord } from "./skip_scalar.ts";
import type { TemplateCache } from "./template_cache.ts";

/** A value of no interest is stored here. */
const NOWHERE = new Float32Array(1);

/**
 * Reads records of a block into rows of floats. A record whose shape is known goes from its bytes straight into its
 * row; any other is parsed, and its shape learnt.
 */
export class DirectReader {
  readonly #model: DirectModel;
  readonly #templates: TemplateCache;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #scanner: NumberScanner;
  readonly #skipper: NumberScanner;

  constructor(model: DirectModel, templates: TemplateCache, bytes: Uint8Array) {
    this.#model = model;
    this.#templates = templates;
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
    this.#scanner = new NumberScanner(bytes, new Float32Array(64 * model.columns));
    this.#skipper = new NumberScanner(bytes, NOWHERE);
  }

  /** The rows, at the start of it. */
  get rows(): Float32Array {
    return this.#scanner.out;
  }

  /** Reads the record that starts at a position, by its shape alone. Returns where it ends; -1 if no shape fits. */
  match(start: number, row: number): number {
    this.#makeRoom(row);
    const { templates } = this.#templates;
    for (let index = 0; index < templates.length; index++) {
      const template = templates[index];
      const end = template === undefined ? -1 : this.#matchOne(template, start, row);
      if (end < 0) continue;
      if (index > 0) this.#templates.prefer(index);
      return end;
    }
    return -1;
  }

  /** Parses the record between two positions. False: it is an event that only the ordinary way can take. */
  parse(start: number, end: number, row: number): ParseFault | boolean {
    this.#makeRoom(row);
    const bytes = this.#bytes.subarray(start, end);
    const text = decodeStrictly(bytes);
    if (text === undefined) return utf8Fault(bytes);
    const event = parseEvent(text);
    if (event instanceof ParseFaultBox) return event.fault;
    if (!this.#model.fill(event, this.rows, row)) return false;
    this.#templates.learn(text);
    return true;
  }

  #makeRoom(row: number): void {
    const { out } = this.#scanner;
    if ((row + 1) * this.#model.columns <= out.length) return;
    this.#scanner.out = new Float32Array(2 * out.length);
    this.#scanner.out.set(out);
  }

  #matchOne(template: RecordTemplate, start: number, row: number): number {
    const { literal, words, ends, columns, missing } = template;
    const bytes = this.#bytes;
    const view = this.#view;
    const base = row * this.#model.columns;
    let at = start;
    let from = 0;
    for (let value = 0; value < columns.length; value++) {
      const to = ends[value] ?? 0;
      if (at + to - from > bytes.length) return -1;
      for (; from + 4 <= to; from += 4, at += 4) {
        if (view.getInt32(at, true) !== words.getInt32(from, true)) return -1;
      }
      for (; from < to; from++, at++) if (bytes[at] !== literal[from]) return -1;
      const column = columns[value] ?? -1;
      const next = column >= 0 ? this.#scanner.scan(at, base + column) : this.#skipper.scan(at, 0);
      at = next >= 0 ? next : this.#matchWord(template, value, { at, row });
      if (at < 0) return -1;
    }
    for (; from < literal.length; from++, at++) if (bytes[at] !== literal[from]) return -1;
    for (let i = 0; i < missing.length; i++) this.rows[base + (missing[i] ?? 0)] = NaN;
    return at;
  }

  /** Goes past a value that is no number; -1 where it may be none. */
  #matchWord(template: RecordTemplate, value: number, { at, row }: { at: number; row: number }): number {
    const bytes = this.#bytes;
    const column = template.columns[value] ?? -1;
    const put = (word: string, meaning: number) => {
      if (column >= 0) this.rows[row * this.#model.columns + column] = meaning;
      return skipWord(bytes, at, word);
    };
    switch (bytes[at]) {
      case 0x22:
        return column >= 0 ? -1 : skipString(bytes, at);
      case 0x74:
        return put("true", 1);
      case 0x66:
        return put("false", 0);
      case 0x6e:
        return template.nullable[value] === 1 ? put("null", NaN) : -1;
      default:
        return -1;
    }
  }
}
