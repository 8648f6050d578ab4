import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { BlockOptions } from "../../lib/records/block.ts";
import { areColumnsDue, csvOutputHeader, knownColumns } from "../../lib/records/csv_output_header.ts";
import { textOf } from "../helpers/streams.ts";

const options = (more: Partial<BlockOptions> = {}): BlockOptions => ({
  batchSize: 1,
  onError: "fail",
  outputFormat: "csv",
  maxEventBytes: 1,
  ...more,
});

Deno.test("the columns of rows are known where they were asked for, or another result has made them", () => {
  const keep = [{ path: "id", name: "id" }];
  deepStrictEqual(knownColumns(options({ keep, outputKeys: ["a"] })), ["id", "a"]);
  deepStrictEqual(knownColumns(options({ columns: ["x", "y"] })), ["x", "y"]);
  strictEqual(knownColumns(options({ keep })), undefined);
  strictEqual(knownColumns(options({ outputFormat: "json", outputKeys: ["a"] })), undefined);
});

Deno.test("columns are due for rows alone, while they are not known", () => {
  strictEqual(areColumnsDue(options()), true);
  strictEqual(areColumnsDue(options({ columns: ["a"] })), false);
  strictEqual(areColumnsDue(options({ outputFormat: "ndjson" })), false);
});

Deno.test("the header is a row itself", () => {
  strictEqual(textOf(csvOutputHeader(options(), ["a,b", "c"])), '"a,b",c\n');
  strictEqual(textOf(csvOutputHeader(options({ outputFormat: "tsv" }), ["a,b", "c"])), "a,b\tc\n");
  strictEqual(csvOutputHeader(options({ outputFormat: "ndjson" }), ["a"]).length, 0);
  strictEqual(csvOutputHeader(options(), undefined).length, 0);
});
