import { type Arbitrary, fc } from "./fast_check.ts";

/** Text of fields: what needs quotes, and what looks as if it did. */
export const csvFields: Arbitrary<string> = fc.array(
  fc.constantFrom(
    "a",
    "1",
    " ",
    ",",
    ";",
    "\t",
    '"',
    '""',
    "\n",
    "\r\n",
    "\r",
    "ü",
    "🎲",
    "=",
    "-",
    "null",
    "0",
  ),
  { maxLength: 6 },
).map((parts) => parts.join(""));

/** Rows of one to four fields, all of one table of one length. */
export const csvTables: Arbitrary<string[][]> = fc.integer({ min: 1, max: 4 }).chain((width) =>
  fc.array(fc.array(csvFields, { minLength: width, maxLength: width }), { maxLength: 8 })
);

/** A field as RFC 4180 writes it, in quotes even where it needs none if `always`. */
export function quoted(field: string, delimiter = ",", always = false): string {
  const needs = always || field.includes(delimiter) || /["\r\n]/.test(field);
  return needs ? `"${field.replaceAll('"', '""')}"` : field;
}
