import { dsvFormat } from "../deps/d3_dsv.ts";

/** What stands between the fields of a format; undefined for formats whose records are no rows. */
export function delimiterOf(format: string | undefined): string | undefined {
  return format === "csv" ? "," : format === "tsv" ? "\t" : undefined;
}

/** Splits rows into fields. The quotes must be good, or fields are not what they seem. */
export type RowParser = (text: string) => string[][];

/** Makes what splits rows with a delimiter. */
export function rowParser(delimiter: string): RowParser {
  const { parseRows } = dsvFormat(delimiter);
  return (text) => parseRows(text);
}

/** The fields of a row: their text, null where a field is empty as there is no value. */
export type CsvFields = readonly (string | null)[];

/**
 * Writes rows with a delimiter, without the line end. Empty text is written as `""`, which tells it from no value for
 * those who care; so is a lone field with no value, which would make an empty line.
 */
export function rowWriter(delimiter: string): (fields: CsvFields) => string {
  const { formatValue } = dsvFormat(delimiter);
  const formatField = (field: string | null) =>
    field === null ? "" : field === "" ? '""' : formatValue(field);
  return (fields) =>
    fields.length === 1 && fields[0] === null ? '""' : fields.map(formatField).join(delimiter);
}
