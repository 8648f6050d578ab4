import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { countNewlines, placeFaults } from "../../lib/records/block.ts";
import { lineRanges } from "../../lib/records/line_ranges.ts";
import { bytesOf } from "../helpers/streams.ts";

Deno.test("newlines are counted in the part asked for", () => {
  const bytes = bytesOf("\n1\n2\n");
  deepStrictEqual([countNewlines(bytes), countNewlines(bytes, 1), countNewlines(bytes, 0, 1)], [3, 2, 1]);
  strictEqual(countNewlines(bytesOf("")), 0);
});

Deno.test("faults get the range and line of their record", () => {
  const bytes = bytesOf("1\n\n22\n333\n");
  const fault = { stage: "parse", code: "event.invalid_json", message: "M" } as const;
  const failures = placeFaults(
    [{ index: 1, ...fault }, { index: 2, ...fault }],
    bytes,
    lineRanges(bytes).ranges,
  );
  deepStrictEqual(failures, [
    { index: 1, ...fault, start: 3, end: 5, line: 2 },
    { index: 2, ...fault, start: 6, end: 9, line: 3 },
  ]);
});
