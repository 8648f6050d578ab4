import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { LineSplitter } from "../../lib/records/line_splitter.ts";
import { fc } from "../helpers/fast_check.ts";
import { bytesOf, pieces, splitAll } from "../helpers/streams.ts";

const split = (input: string, size = 1e9, maxEventBytes = 1000) =>
  splitAll(new LineSplitter({ maxEventBytes }), pieces(bytesOf(input), size));

Deno.test("a record is a line, with its offset and line number", () => {
  deepStrictEqual(split('{"a":1}\n{"b":2}\n'), [
    { text: '{"a":1}', offset: 0, line: 1, column: 1 },
    { text: '{"b":2}', offset: 8, line: 2, column: 1 },
  ]);
});

Deno.test("CRLF ends a line, a lone CR does not, and the last line needs no end", () => {
  deepStrictEqual(split("1\r\n2\r3\n4").map(({ text }) => text), ["1", "2\r3", "4"]);
});

Deno.test("blank lines are no records but are counted", () => {
  deepStrictEqual(split("\n \t\r\n\r\n1\n\n  2\n   ").map(({ text, line }) => [text, line]), [["1", 4], [
    "  2",
    6,
  ]]);
  deepStrictEqual(split(""), []);
});

Deno.test("any cut into chunks gives the same records", () => {
  const line = fc.stringMatching(/^[ \ta{}"é😀\r]{0,9}$/);
  fc.assert(
    fc.property(fc.array(line), fc.boolean(), fc.integer({ min: 1, max: 40 }), (lines, ends, size) => {
      const input = lines.join("\n") + (ends ? "\n" : "");
      deepStrictEqual(split(input, size, 12), split(input, 1e9, 12));
    }),
  );
});

Deno.test("a line over the limit is one failure, at whatever chunk size, and the rest goes on", () => {
  for (const size of [1, 3, 7, 50, 1e9]) {
    const [before, over, after] = split(`1\n${"x".repeat(40)}\n22\n`, size, 10);
    deepStrictEqual(before, { text: "1", offset: 0, line: 1, column: 1 });
    deepStrictEqual(over, { text: "", offset: 2, line: 2, column: 1, code: "event.too_large" });
    deepStrictEqual(after, { text: "22", offset: 43, line: 3, column: 1 });
  }
});

Deno.test("a line of exactly the limit is a record", () => {
  strictEqual(split("x".repeat(10), 3, 10)[0]?.code, undefined);
  strictEqual(split("x".repeat(11), 3, 10)[0]?.code, "event.too_large");
});

Deno.test("an endless line does not fill the memory", () => {
  const splitter = new LineSplitter({ maxEventBytes: 1000 });
  const chunk = new Uint8Array(64 * 1024).fill(0x78);
  for (let i = 0; i < 1000; i++) splitter.push(chunk);
  splitter.end();
  const block = splitter.take(1);
  deepStrictEqual(block.failures.map(({ code, bytes }) => [code, bytes]), [["event.too_large", 65_536_000]]);
  strictEqual(block.bytes.buffer.byteLength <= 512 * 1024, true);
});
