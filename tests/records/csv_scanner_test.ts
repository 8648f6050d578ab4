import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { CsvScanner, findCsvFault } from "../../lib/records/csv_scanner.ts";
import { csvTables, quoted } from "../helpers/csv_arbitraries.ts";
import { fc } from "../helpers/fast_check.ts";
import { bytesOf } from "../helpers/streams.ts";

const COMMA = 0x2c;

/** The records of a text whose last line is ended, found with all bytes at hand from the first call on. */
function recordsOf(text: string): string[] {
  const bytes = bytesOf(text);
  const scanner = new CsvScanner(COMMA);
  const records: string[] = [];
  let start = 0;
  for (let end = scanner.find(bytes, 0); end !== -1; end = scanner.find(bytes, start)) {
    records.push(new TextDecoder().decode(bytes.subarray(start, end)));
    start = end + 1;
  }
  return records;
}

const faultOf = (record: string) => findCsvFault(bytesOf(record), COMMA);

Deno.test("lines end records, but not in quotes", () => {
  deepStrictEqual(recordsOf('a,b\n"1\n2",3\r\n"x ""y""\n",z\n'), ["a,b", '"1\n2",3\r', '"x ""y""\n",z']);
});

Deno.test("a quote that breaks its record ends it with its first line, wherever the fault comes to light", () => {
  const good = '"1\n2",x';
  for (const broken of ['a"b,c', '"a"b,c', '"a,1', '"a"\r,1', 'a,"', '"a" ,b', '"a""']) {
    deepStrictEqual(recordsOf(`${good}\n${broken}\n${good}\n${good}\n`), [good, broken, good, good], broken);
  }
});

Deno.test("a quote that is never closed leaves its record open", () => {
  const scanner = new CsvScanner(COMMA);
  strictEqual(scanner.find(bytesOf('"a\nb\nc'), 0), -1);
  strictEqual(scanner.inQuotes, true);
});

Deno.test("a record that is given up ends with its line", () => {
  const bytes = bytesOf('"a\n"b"\n');
  const scanner = new CsvScanner(COMMA);
  scanner.giveUp(0);
  strictEqual(scanner.find(bytes, 0), 2);
  strictEqual(scanner.find(bytes, 3), 6);
});

Deno.test("good records of any fields have no fault, and are found", () => {
  fc.assert(fc.property(csvTables, fc.boolean(), (table, always) => {
    const records = table.map((row) => row.map((field) => quoted(field, ",", always)).join(","));
    deepStrictEqual(recordsOf(records.map((record) => `${record}\n`).join("")), records);
    for (const record of records) strictEqual(faultOf(record), undefined);
  }));
});

Deno.test("a fault says where it is", () => {
  deepStrictEqual(faultOf('a"b'), {
    at: 1,
    reason: "a quote inside a field must be doubled, and the field quoted",
  });
  deepStrictEqual(faultOf('x,"a"b'), { at: 4, reason: "a quote inside a quoted field must be doubled" });
  deepStrictEqual(faultOf('x,"a""'), { at: 2, reason: "the quote must be closed" });
  deepStrictEqual(faultOf('"a","b" '), { at: 6, reason: "a quote inside a quoted field must be doubled" });
  strictEqual(faultOf('"",a,"b,""c"""'), undefined);
});

Deno.test("what the scanner takes for a good record over several lines has no fault", () => {
  const parts = fc.constantFrom("a", ",", '"', '""', "\n", "\r\n");
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 30 }), (text) => {
      for (const record of recordsOf(`${text.join("")}\n`)) {
        if (record.includes("\n")) strictEqual(faultOf(record.replace(/\r$/, "")), undefined, record);
      }
    }),
    { numRuns: 500 },
  );
});
