import { strictEqual } from "node:assert/strict";
import { createResultTexts } from "../../lib/records/result_texts.ts";

Deno.test("the output's format decides how results are written", () => {
  const of = (outputFormat: "ndjson" | "json" | "csv" | "tsv") =>
    createResultTexts({ outputFormat, onError: "fail" }).of({ a: 1, b: "x" }, []);
  strictEqual(of("ndjson"), '{"a":1,"b":"x"}');
  strictEqual(of("json"), '{"a":1,"b":"x"}');
  strictEqual(of("csv"), "1,x");
  strictEqual(of("tsv"), "1\tx");
});
