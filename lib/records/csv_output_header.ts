import type { BlockOptions } from "./block.ts";
import { delimiterOf, rowWriter } from "./csv_format.ts";
import { createResultTexts } from "./result_texts.ts";

/** The columns of the output, if it is made of rows and they are known before any result. */
export function knownColumns(options: BlockOptions): readonly string[] | undefined {
  return createResultTexts(options).columns;
}

/** Whether the first result must come before the rows of any other can be written. */
export function areColumnsDue(options: BlockOptions): boolean {
  return delimiterOf(options.outputFormat) !== undefined && knownColumns(options) === undefined;
}

/** The line that names the columns of the output; nothing where it is not made of rows. */
export function csvOutputHeader(options: BlockOptions, columns: readonly string[] | undefined): Uint8Array {
  const delimiter = delimiterOf(options.outputFormat);
  if (delimiter === undefined || columns === undefined) return new Uint8Array(0);
  return new TextEncoder().encode(`${rowWriter(delimiter)(columns)}\n`);
}
