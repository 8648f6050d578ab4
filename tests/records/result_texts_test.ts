import { strictEqual } from "node:assert/strict";
import { createResultTexts } from "../../lib/records/result_texts.ts";

Deno.test("the output's format decides how results are written", () => {
  const of = (outputFormat: "ndjson" | "json" | "csv" | "tsv", outputDelimiter?: string) =>
    createResultTexts({ outputFormat, onError: "fail", ...(outputDelimiter && { outputDelimiter }) })
      .of({ a: 1, b: "x" }, []);
  strictEqual(of("ndjson"), '{"a":1,"b":"x"}');
  strictEqual(of("json"), '{"a":1,"b":"x"}');
  strictEqual(of("csv"), "1,x");
  strictEqual(of("tsv"), "1\tx");
  strictEqual(of("csv", ";"), "1;x");
});
