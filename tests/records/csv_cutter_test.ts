import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { CsvCutter, type CsvCutterOptions } from "../../lib/records/csv_cutter.ts";
import { csvTables, quoted } from "../helpers/csv_arbitraries.ts";
import { fc } from "../helpers/fast_check.ts";
import { bytesOf, cutAll, pieces } from "../helpers/streams.ts";

const NO_HEADER = { maxEventBytes: 1e6, delimiter: ",", hasHeader: false };
const cut = (input: string, size = 1e9, options: Partial<CsvCutterOptions> = {}) =>
  cutAll(new CsvCutter({ ...NO_HEADER, ...options }), pieces(bytesOf(input), size));
const outline = (input: string, size?: number, options?: Partial<CsvCutterOptions>) =>
  cut(input, size, options).map(({ text, code }) => code ?? text);

Deno.test("the first row is the header, and rows have their places in the file", () => {
  deepStrictEqual(cut('a,b\r\n1,"x\ny"\r\n\r\n2,z', 1e9, { hasHeader: true }), [
    { text: '1,"x\ny"', offset: 5, line: 2, column: 1 },
    { text: "2,z", offset: 16, line: 5, column: 1 },
  ]);
});

Deno.test("whether there is a header is told by the offset", () => {
  const rows = (offset: number) =>
    cutAll(new CsvCutter({ maxEventBytes: 9, delimiter: ",", offset }), [bytesOf("a\n1\n")]);
  deepStrictEqual(rows(0).map(({ text }) => text), ["1"]);
  deepStrictEqual(rows(3).map(({ text, offset }) => [text, offset]), [["1", 5]]);
  deepStrictEqual(rows(40).map(({ text }) => text), ["a", "1"]);
});

Deno.test("any table comes out row by row, in chunks of any size, with LF or CRLF, with or without the last", () => {
  const sizes = fc.integer({ min: 1, max: 40 });
  const ends = fc.constantFrom("\n", "\r\n");
  fc.assert(fc.property(csvTables, sizes, ends, fc.boolean(), (table, size, end, isEnded) => {
    const rows = table.map((row) => row.map((field) => quoted(field)).join(","));
    const text = rows.join(end) + (isEnded ? end : "");
    let offset = 0;
    let line = 1;
    const expected = rows.flatMap((row) => {
      const record = { text: row, offset, line, column: 1 };
      offset += bytesOf(row + end).length;
      line += (row + end).split("\n").length - 1;
      return row === "" ? [] : [record];
    });
    deepStrictEqual(cut(text, size), expected);
  }));
});

Deno.test("what comes does not depend on how the bytes are cut, however broken or large they are", () => {
  const parts = fc.constantFrom("a", ",", '"', '""', "\n", "\r\n", "\r", '"\n', '\n"');
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 30 }), fc.constantFrom(3, 12, 1e6), (made, maxEventBytes) => {
      // What is too large and all there is left to the workers to refuse.
      const seen = (size: number) =>
        cut(made.join(""), size, { maxEventBytes }).map(({ text, code, offset, line }) => [
          code ?? (text.length > maxEventBytes ? "event.too_large" : text),
          offset,
          line,
        ]);
      const whole = seen(1e9);
      for (let size = 1; size < 8; size++) deepStrictEqual(seen(size), whole, `${size}`);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("between records lie line ends alone: no byte is lost", () => {
  const parts = fc.constantFrom("a", "ü", ",", '"', '""', "\n", "\r\n");
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 30 }), fc.integer({ min: 1, max: 9 }), (made, size) => {
      const bytes = bytesOf(made.join(""));
      let at = 0;
      for (const { text, offset } of cut(made.join(""), size)) {
        strictEqual(bytes.subarray(at, offset).every((byte) => byte === 0x0a || byte === 0x0d), true);
        at = offset + bytesOf(text).length;
      }
      strictEqual(bytes.subarray(at).every((byte) => byte === 0x0a || byte === 0x0d), true);
    }),
    { numRuns: 300 },
  );
});

Deno.test("a broken quote costs its line, also at the end of the input", () => {
  for (const size of [1, 3, 1e9]) {
    deepStrictEqual(outline('1,2\n"3,4\n5,6\n"7",8\n', size), ["1,2", '"3,4', "5,6", '"7",8']);
    deepStrictEqual(outline('1,"2\n3,4\n"5', size), ['1,"2', "3,4", '"5']);
  }
});

Deno.test("a quote at the very end of the input closes its field", () => {
  for (const size of [1, 1e9]) deepStrictEqual(outline('1,"2\n3"', size), ['1,"2\n3"']);
});

Deno.test("a row over the limit is one failure with its place, and the rest goes on", () => {
  const long = "x".repeat(60);
  for (const size of [1, 7, 1e9]) {
    const records = cut(`1,2\n${long},3\n\n4,5\n`, size, { maxEventBytes: 20 });
    const fits = records.filter(({ text }) => text.length < 20 && text.includes(","));
    deepStrictEqual(fits.map(({ text, line }) => [text, line]), [["1,2", 1], ["4,5", 4]]);
    const [, large] = records;
    deepStrictEqual([large?.offset, large?.line], [4, 2]);
  }
  deepStrictEqual(outline(`${long}\n4,5`, 7, { maxEventBytes: 20 }), ["event.too_large", "4,5"]);
  deepStrictEqual(outline(`4,5\n${long}`, 7, { maxEventBytes: 20 }), ["4,5", "event.too_large"]);
});

Deno.test("a quote that stays open past the limit is broken: its lines are rows again", () => {
  const rows = Array.from({ length: 9 }, (_, i) => `${i},${i}`);
  const input = `a,"b\n${rows.join("\n")}\n`;
  for (const size of [1, 5]) deepStrictEqual(outline(input, size, { maxEventBytes: 20 }), ['a,"b', ...rows]);
});

Deno.test("records before a given offset are left out, those too large among them", () => {
  const input = `a\n1\n${"x".repeat(30)}\n2\n3\n`;
  deepStrictEqual(outline(input, 4, { hasHeader: true, from: 35, maxEventBytes: 9 }), ["2", "3"]);
  strictEqual(cut(input, 4, { hasHeader: true, from: 37, maxEventBytes: 9 })[0]?.line, 5);
});

Deno.test("pieces keep to the limits, and say where they end", () => {
  const cutter = new CsvCutter({ ...NO_HEADER, delimiter: "\t" });
  cutter.push(bytesOf('1\t2\n"3"\t4\n5\t6\n7'));
  strictEqual(cutter.count(), 3);
  const first = cutter.take({ bytes: 9, records: 9 });
  deepStrictEqual([first?.block.ranges, first?.offset, first?.end], [Uint32Array.of(0, 3, 4, 9), 0, 9]);
  const second = cutter.take({ bytes: 1, records: 9 });
  deepStrictEqual([second?.block.ranges, second?.offset, second?.line], [Uint32Array.of(0, 3), 10, 3]);
  strictEqual(cutter.ready, 0);
  strictEqual(cutter.take({ bytes: 9, records: 9 }), undefined);
});
