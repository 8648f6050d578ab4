import { strictEqual } from "node:assert/strict";
import { ArraySplitter } from "../../lib/records/array_splitter.ts";
import { createSplitter, formatOfPath, OUTPUT_FORMATS, outputLayout } from "../../lib/records/formats.ts";
import { LineSplitter } from "../../lib/records/line_splitter.ts";

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

Deno.test("each format has its splitter", () => {
  strictEqual(createSplitter("json", { maxEventBytes: 1 }) instanceof ArraySplitter, true);
  strictEqual(createSplitter("ndjson", { maxEventBytes: 1 }) instanceof LineSplitter, true);
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
