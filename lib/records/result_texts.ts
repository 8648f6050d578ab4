import { CsvResultTexts } from "./csv_result_texts.ts";
import { delimiterOf } from "./csv_format.ts";
import { JsonResultTexts } from "./json_result_texts.ts";
import type { ResultOptions, ResultTexts } from "./result_keys.ts";

/** Makes what writes results in the output's format. */
export function createResultTexts(options: ResultOptions): ResultTexts {
  const usual = delimiterOf(options.outputFormat);
  return usual === undefined
    ? new JsonResultTexts(options)
    : new CsvResultTexts(options, options.outputDelimiter ?? usual);
}
