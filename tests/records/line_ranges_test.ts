import { deepStrictEqual } from "node:assert/strict";
import { lineRanges } from "../../lib/records/line_ranges.ts";
import { bytesOf } from "../helpers/streams.ts";

const lines = (text: string) => {
  const { ranges, newlines } = lineRanges(bytesOf(text));
  return [
    Array.from({ length: ranges.length / 2 }, (_, i) => text.slice(ranges[2 * i], ranges[2 * i + 1])),
    newlines,
  ];
};

Deno.test("CRLF ends a line, a lone CR does not, and the last line needs no end", () => {
  deepStrictEqual(lines("1\r\n2\r3\n4"), [["1", "2\r3", "4"], 2]);
  deepStrictEqual(lines("1\n"), [["1"], 1]);
});

Deno.test("blank lines are no records but are counted", () => {
  deepStrictEqual(lines("\n \t\r\n\r\n1\n\n  2\n   "), [["1", "  2"], 6]);
  deepStrictEqual(lines(""), [[], 0]);
});
