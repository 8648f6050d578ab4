import { PackflowError } from "../base/errors.ts";
import { rowParser } from "./csv_format.ts";
import { findCsvFault } from "./csv_scanner.ts";
import { decodeStrictly } from "./parse_event.ts";

/**
 * The names of the columns, from the first row.
 *
 * @param place The source, for messages, and the row's line in it.
 * @throws {PackflowError} `source.invalid_header` unless it is a good row of names that all differ.
 */
export function parseCsvHeader(
  row: Uint8Array,
  delimiter: string,
  place: { readonly file: string; readonly line: number },
): readonly string[] {
  const refuse = (reason: string) =>
    new PackflowError("source.invalid_header", `Cannot read the header of "${place.file}" as ${reason}`, {
      place,
    });
  const text = decodeStrictly(row);
  if (text === undefined) throw refuse("it must be UTF-8");
  const fault = findCsvFault(row, delimiter.charCodeAt(0));
  if (fault !== undefined) throw refuse(`${fault.reason}: see byte ${fault.at} of the line`);
  const [columns = [], ...more] = rowParser(delimiter)(text);
  if (more.length > 0) throw refuse("it must be one row: a carriage return inside it must be in quotes");
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) {
    throw refuse(`each column must have a name of its own: "${twice}" stands there twice`);
  }
  return columns;
}

/** @throws {PackflowError} `source.other_header` unless a file has the columns of the first, in the same order. */
export function checkSameHeader(
  columns: readonly string[],
  first: { readonly file: string; readonly columns: readonly string[] },
  file: string,
): void {
  const differs = Math.max(columns.length, first.columns.length);
  for (let index = 0; index < differs; index++) {
    const [here, there] = [columns[index], first.columns[index]];
    if (here === there) continue;
    const name = (column: string | undefined) => column === undefined ? "none" : `"${column}"`;
    throw new PackflowError(
      "source.other_header",
      `Cannot read "${file}" after "${first.file}" as their headers must be equal: ` +
        `column ${index + 1} is ${name(here)} in place of ${name(there)}`,
      { place: { file } },
    );
  }
}
