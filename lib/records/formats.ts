import { ArraySplitter } from "./array_splitter.ts";
import { LineSplitter } from "./line_splitter.ts";
import type { RecordSplitter, SplitterOptions } from "./record_splitter.ts";

/** Formats that events are read from: one JSON object per line, or one JSON array of objects. */
export const INPUT_FORMATS = ["ndjson", "json"] as const;
/** A format that events are read from. */
export type InputFormat = typeof INPUT_FORMATS[number];

/** Formats that results are written in. */
export const OUTPUT_FORMATS = ["ndjson", "json"] as const;
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

const LAYOUTS: Readonly<Record<OutputFormat, OutputLayout>> = {
  ndjson: { head: "", separator: "\n", terminator: "\n", between: "", tail: "", empty: "" },
  json: { head: "[\n", separator: ",\n", terminator: "", between: ",\n", tail: "\n]\n", empty: "[]\n" },
};

/** The layout of an output format. */
export function outputLayout(format: OutputFormat): OutputLayout {
  return LAYOUTS[format];
}

/** The format that a path's extension tells; undefined for "-" and other extensions. */
export function formatOfPath(path: string): InputFormat | undefined {
  const extension = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase();
  if (extension === "ndjson" || extension === "jsonl") return "ndjson";
  return extension === "json" ? "json" : undefined;
}

/** Makes what cuts a format into records. */
export function createSplitter(format: InputFormat, options: SplitterOptions): RecordSplitter {
  return format === "json" ? new ArraySplitter(options) : new LineSplitter(options);
}
