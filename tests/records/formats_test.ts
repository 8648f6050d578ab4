import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ArraySplitter } from "../../lib/records/array_splitter.ts";
import {
  createCutter,
  formatOfPath,
  isGzipPath,
  OUTPUT_FORMATS,
  outputLayout,
} from "../../lib/records/formats.ts";
import { LineCutter } from "../../lib/records/line_cutter.ts";
import { bytesOf } from "../helpers/streams.ts";

Deno.test("the extension tells the format, whatever its case", () => {
  strictEqual(formatOfPath("a/b.ndjson"), "ndjson");
  strictEqual(formatOfPath("b.JSONL"), "ndjson");
  strictEqual(formatOfPath("b.x.json"), "json");
});

Deno.test("standard input and other extensions tell nothing", () => {
  for (const path of ["-", "events.log", "json", "a.json/events", "a.json\\events"]) {
    strictEqual(formatOfPath(path), undefined);
  }
});

Deno.test("each format has its cutter", () => {
  strictEqual(createCutter("json", { maxEventBytes: 1 }) instanceof ArraySplitter, true);
  strictEqual(createCutter("ndjson", { maxEventBytes: 1 }) instanceof LineCutter, true);
});

Deno.test("every layout of no result and of two results in two blocks reads back", () => {
  for (const format of OUTPUT_FORMATS) {
    const { head, terminator, between, tail, empty } = outputLayout(format);
    const text = `${head}1${terminator}${between}2${terminator}${tail}`;
    strictEqual(
      format === "json" ? JSON.stringify(JSON.parse(text)) : text,
      format === "json" ? "[1,2]" : "1\n2\n",
    );
    strictEqual(empty.trim(), format === "json" ? "[]" : "");
  }
});

Deno.test("a path tells its format whether it is packed or not", () => {
  const told = [
    "a.csv",
    "a.CSV.GZ",
    "x/a.tsv",
    "a.tab",
    "a.jsonl.gz",
    "a.json.gz",
    "a.gz",
    "gz",
    "a.txt",
    "-",
  ];
  deepStrictEqual(told.map(formatOfPath), [
    "csv",
    "csv",
    "tsv",
    "tsv",
    "ndjson",
    "json",
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  deepStrictEqual(["a.csv.gz", "a.GZ", "gz", "a.gz.csv"].map(isGzipPath), [true, true, false, false]);
});

Deno.test("rows are cut with the delimiter that their format is named after", () => {
  for (const [format, row] of [["csv", '1,"\n"'], ["tsv", '1\t"\n"']] as const) {
    const cutter = createCutter(format, { maxEventBytes: 100 });
    cutter.push(bytesOf(`header\n${row}\n2`));
    cutter.end();
    strictEqual(cutter.count(9), 2);
  }
});
