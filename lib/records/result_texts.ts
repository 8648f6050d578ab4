import { CsvResultTexts } from "./csv_result_texts.ts";
import { delimiterOf } from "./csv_format.ts";
import { JsonResultTexts } from "./json_result_texts.ts";
import type { ResultOptions, ResultTexts } from "./result_keys.ts";

/** Makes what writes results in the output's format. */
export function createResultTexts(options: ResultOptions): ResultTexts {
  const delimiter = delimiterOf(options.outputFormat);
  return delimiter === undefined ? new JsonResultTexts(options) : new CsvResultTexts(options, delimiter);
}
