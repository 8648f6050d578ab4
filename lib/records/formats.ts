import { ArraySplitter } from "./array_splitter.ts";
import type { BlockCutter, CutterOptions } from "./block_cutter.ts";
import { CsvCutter } from "./csv_cutter.ts";
import { delimiterOf } from "./csv_format.ts";
import { LineCutter } from "./line_cutter.ts";

/** Formats that events are read from: a JSON object per line, a JSON array of objects, or rows below a header. */
export const INPUT_FORMATS = ["ndjson", "json", "csv", "tsv"] as const;
/** A format that events are read from. */
export type InputFormat = typeof INPUT_FORMATS[number];

/** Formats that results are written in. */
export const OUTPUT_FORMATS = ["ndjson", "json", "csv", "tsv"] as const;
/** A format that results are written in. */
export type OutputFormat = typeof OUTPUT_FORMATS[number];

/**
 * How results are laid out: `head`, then blocks with `between` two of them, then `tail`. In a block results are
 * parted by `separator` and followed by `terminator`. With no results at all the output is `empty`.
 */
export interface OutputLayout {
  readonly head: string;
  readonly separator: string;
  readonly terminator: string;
  readonly between: string;
  readonly tail: string;
  readonly empty: string;
}

const LINES: OutputLayout = { head: "", separator: "\n", terminator: "\n", between: "", tail: "", empty: "" };

const LAYOUTS: Readonly<Record<OutputFormat, OutputLayout>> = {
  ndjson: LINES,
  csv: LINES,
  tsv: LINES,
  json: { head: "[\n", separator: ",\n", terminator: "", between: ",\n", tail: "\n]\n", empty: "[]\n" },
};

/** The layout of an output format. */
export function outputLayout(format: OutputFormat): OutputLayout {
  return LAYOUTS[format];
}

const EXTENSIONS: ReadonlyMap<string, InputFormat> = new Map([
  ["ndjson", "ndjson"],
  ["jsonl", "ndjson"],
  ["json", "json"],
  ["csv", "csv"],
  ["tsv", "tsv"],
  ["tab", "tsv"],
]);

/** The format that a path's extension tells, that of gzip left out; undefined for "-" and other extensions. */
export function formatOfPath(path: string): InputFormat | undefined {
  const extension = /\.([^./\\]+)(?:\.gz)?$/i.exec(path)?.[1]?.toLowerCase();
  return extension === undefined ? undefined : EXTENSIONS.get(extension);
}

/** Whether a path's extension says that its bytes are packed with gzip. */
export function isGzipPath(path: string): boolean {
  return /\.gz$/i.test(path);
}

/** Makes what cuts a format into blocks. The delimiter of rows is the one that their format is named after. */
export function createCutter(format: InputFormat, options: CutterOptions): BlockCutter {
  const delimiter = delimiterOf(format);
  if (delimiter !== undefined) return new CsvCutter({ ...options, delimiter });
  return format === "json" ? new ArraySplitter(options) : new LineCutter(options);
}
