import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { delimiterOf, rowParser, rowWriter } from "../../lib/records/csv_format.ts";
import { csvTables } from "../helpers/csv_arbitraries.ts";
import { fc } from "../helpers/fast_check.ts";

Deno.test("rows are parted by what their format is named after, other formats have none", () => {
  deepStrictEqual(["csv", "tsv", "ndjson", "json", undefined].map((format) => delimiterOf(format)), [
    ",",
    "\t",
    undefined,
    undefined,
    undefined,
  ]);
});

Deno.test("any rows are read back as they were written, with any delimiter", () => {
  fc.assert(fc.property(csvTables, fc.constantFrom(",", ";", "\t", "|"), (table, delimiter) => {
    const text = table.map(rowWriter(delimiter)).join("\n");
    deepStrictEqual(rowParser(delimiter)(text), table);
  }));
});

Deno.test("no value is nothing, empty text is quotes, and a row is never an empty line", () => {
  const write = rowWriter(",");
  strictEqual(write(["a", null, ""]), 'a,,""');
  deepStrictEqual([write([null]), write([""])], ['""', '""']);
});

Deno.test("text that a spreadsheet would run is data and stays as it is", () => {
  deepStrictEqual(rowWriter(",")(["=1+1", "+1", "-1", "@x"]), "=1+1,+1,-1,@x");
});
