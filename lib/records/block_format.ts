import { type FieldType, fieldTypesOf } from "../backend/field_types.ts";
import type { AnyBackend } from "../backend/inference_backend.ts";
import type { Block, BlockOptions } from "./block.ts";
import { CsvReader } from "./csv_reader.ts";
import { keptTexts } from "./kept_fields.ts";
import { parseBlock, type ParsedBlock, type ParseOptions } from "./parse_block.ts";
import { decodeStrictly } from "./parse_event.ts";
import type { ResultTexts } from "./result_keys.ts";
import { createResultTexts } from "./result_texts.ts";

/** How the records of blocks are read, and their results written: by the formats, and the fields that are kept. */
export class BlockFormat {
  /** Writes the results, of all blocks in one way. */
  readonly texts: ResultTexts;
  readonly #csv: CsvReader | undefined;
  readonly #keep: BlockOptions["keep"];

  /** @param types What the model's inputs say about fields, see {@linkcode blockFormatOf}. */
  constructor(options: BlockOptions, types?: ReadonlyMap<string, FieldType>) {
    this.texts = createResultTexts(options);
    this.#csv = options.csv === undefined ? undefined : new CsvReader(options.csv, types);
    this.#keep = options.keep;
  }

  /** Parses the records of a block. */
  parse(block: Block, options: ParseOptions): ParsedBlock {
    return this.#csv === undefined ? parseBlock(block, options) : this.#csv.parse(block, options);
  }

  /**
   * What is kept of each event, as JSON. To be asked before code of the project sees the events, which may change
   * them.
   */
  keptOf({ events, indexes, ranges }: ParsedBlock, { bytes }: Block): (event: number) => readonly string[] {
    const keep = this.#keep ?? [];
    if (keep.length === 0) return () => [];
    const kept = events.map((event, index) => {
      const record = 2 * (indexes?.[index] ?? index);
      const text = () => decodeStrictly(bytes.subarray(ranges[record], ranges[record + 1]));
      return keptTexts(event, keep, this.#csv === undefined ? text : undefined);
    });
    return (event) => kept[event] ?? [];
  }
}

/** How blocks are read and written for a backend. */
export function blockFormatOf(backend: AnyBackend, options: BlockOptions): BlockFormat {
  return new BlockFormat(options, fieldTypesOf(backend));
}
