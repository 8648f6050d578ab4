import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { CsvCutter } from "../../lib/records/csv_cutter.ts";
import { rowWriter } from "../../lib/records/csv_format.ts";
import { type CsvInput, CsvReader } from "../../lib/records/csv_reader.ts";
import { csvTables, quoted } from "../helpers/csv_arbitraries.ts";
import { fc } from "../helpers/fast_check.ts";
import { bytesOf, concat } from "../helpers/streams.ts";

const OPTIONS = { maxEventBytes: 1000, stopAtFault: false };

/** What a reader makes of a text, cut as in a run. */
function read(text: string | Uint8Array, input: Partial<CsvInput> = {}, options = OPTIONS) {
  const { columns = ["a", "b"], delimiter = "," } = input;
  const cutter = new CsvCutter({ maxEventBytes: 1e6, delimiter, hasHeader: false });
  cutter.push(typeof text === "string" ? bytesOf(text) : text);
  cutter.end();
  const block = cutter.take({ bytes: 1e9, records: 1e9 })?.block ?? {
    bytes: new Uint8Array(0),
    ranges: new Uint32Array(0),
  };
  return new CsvReader({ ...input, columns, delimiter }).parse(block, options);
}

const faultsOf = (text: string) =>
  read(text).faults.map(({ index, code, message }) => [index, code, message]);
const CODE = "event.invalid_csv";

Deno.test("a row is an event of its columns, and what is empty is not there", () => {
  const { events, faults, indexes } = read('1,x\r\n"2","a ""b"", c"\r\n,\r\n');
  deepStrictEqual(events, [{ a: 1, b: "x" }, { a: 2, b: 'a "b", c' }, {}]);
  deepStrictEqual([faults, indexes], [[], undefined]);
});

Deno.test("columns that are declared text are, and types say how others are read", () => {
  const { events } = read("1,2\n,\n", { textColumns: ["b"] });
  deepStrictEqual(events, [{ a: 1, b: "2" }, { b: "" }]);
  const types = new Map([["a", "number"], ["b", "number"]] as const);
  const reader = new CsvReader({ columns: ["a", "b"], delimiter: ",", textColumns: ["b"] }, types);
  const block = { bytes: bytesOf("007,007"), ranges: Uint32Array.of(0, 7) };
  deepStrictEqual(reader.parse(block, OPTIONS).events, [{ a: 7, b: "007" }]);
});

Deno.test("any name of a column is a key of its own", () => {
  const columns = ["__proto__", "constructor", ""];
  const [event = {}] = read("1,2,3", { columns }).events;
  deepStrictEqual(Object.entries(event), [["__proto__", 1], ["constructor", 2], ["", 3]]);
});

Deno.test("any table that any writer made is read back field by field", () => {
  const options = fc.record({
    end: fc.constantFrom("\n", "\r\n"),
    always: fc.boolean(),
    delimiter: fc.constantFrom(",", ";", "\t"),
  });
  fc.assert(fc.property(csvTables, options, (table, { end, always, delimiter }) => {
    const columns = (table[0] ?? []).map((_, index) => `c${index}`);
    const rows = table.map((row) => row.map((field) => quoted(field, delimiter, always)).join(delimiter));
    // A lone empty field without quotes is an empty line, which is no row.
    const expected = table.filter((_, index) => rows[index] !== "");
    const { events, faults } = read(rows.join(end), { columns, delimiter, textColumns: columns });
    deepStrictEqual(events.map(Object.values), expected);
    deepStrictEqual(faults, []);
  }));
});

Deno.test("any table that we write is read back", () => {
  fc.assert(fc.property(csvTables, (table) => {
    const columns = (table[0] ?? []).map((_, index) => `c${index}`);
    const { events } = read(table.map(rowWriter(",")).join("\n"), { columns, textColumns: columns });
    deepStrictEqual(events.map(Object.values), table);
  }));
});

Deno.test("a row with too few or too many fields fails alone", () => {
  const { events, indexes } = read("1,2\n3\n4,5,6\n7,8\n");
  deepStrictEqual([events, indexes], [[{ a: 1, b: 2 }, { a: 7, b: 8 }], [0, 3]]);
  deepStrictEqual(faultsOf("1\n1,2,3\n"), [
    [0, CODE, "Cannot parse event as the row must have 2 fields like the header: current value has 1"],
    [1, CODE, "Cannot parse event as the row must have 2 fields like the header: current value has 3"],
  ]);
  strictEqual(read("1,2", { columns: ["a"] }).faults[0]?.message.includes("1 field like"), true);
});

Deno.test("a row with broken quotes fails alone, and says where", () => {
  const { events, faults } = read('1,2\nü"x,3\n"4",5\n6,"7');
  deepStrictEqual(events, [{ a: 1, b: 2 }, { a: 4, b: 5 }]);
  deepStrictEqual(faults.map(({ index, stage, code, position }) => [index, stage, code, position]), [
    [1, "parse", CODE, 1],
    [3, "parse", CODE, 2],
  ]);
});

Deno.test("a carriage return by itself is no line end, so it must be in quotes", () => {
  const message = "Cannot parse event as a carriage return inside a field must be in quotes";
  deepStrictEqual(faultsOf("1,2\n3\r,4\n5,6\r\r\n"), [[1, CODE, message], [2, CODE, message]]);
  deepStrictEqual(faultsOf("1,2\r"), []);
  deepStrictEqual(read('1,"2\r3"').events, [{ a: 1, b: "2\r3" }]);
});

Deno.test("a row that is not UTF-8 fails alone", () => {
  const { events, faults } = read(concat(bytesOf("1,2\n"), Uint8Array.of(0x33, 0xff), bytesOf(",4\n5,ü")));
  deepStrictEqual(events, [{ a: 1, b: 2 }, { a: 5, b: "ü" }]);
  deepStrictEqual(faults.map(({ index, code, position }) => [index, code, position]), [
    [1, "event.invalid_utf8", 1],
  ]);
});

Deno.test("a row over the limit fails alone", () => {
  const { events, faults } = read(`1,2\n3,${"x".repeat(50)}\n5,6`, {}, {
    maxEventBytes: 20,
    stopAtFault: false,
  });
  deepStrictEqual(events.length, 2);
  deepStrictEqual(faults.map(({ index, stage, code }) => [index, stage, code]), [[
    1,
    "split",
    "event.too_large",
  ]]);
});

Deno.test("nothing past the first fault is parsed where that is asked for", () => {
  const { events, faults } = read("1,2\n3\n4\n5,6", {}, { maxEventBytes: 20, stopAtFault: true });
  deepStrictEqual([events.length, faults.length], [1, 1]);
});

Deno.test("rows between empty lines are read", () => {
  deepStrictEqual(read("1,2\n\n\r\n3,4\n\n").events, [{ a: 1, b: 2 }, { a: 3, b: 4 }]);
});
