import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { LineCutter } from "../../lib/records/line_cutter.ts";
import { fc } from "../helpers/fast_check.ts";
import { bytesOf, cutAll, pieces, textOf } from "../helpers/streams.ts";

const cut = (input: string, size = 1e9, maxEventBytes = 1000) =>
  cutAll(new LineCutter({ maxEventBytes }), pieces(bytesOf(input), size));

function pushed(text: string, maxEventBytes = 1000): LineCutter {
  const cutter = new LineCutter({ maxEventBytes });
  cutter.push(bytesOf(text));
  return cutter;
}

const taken = (cutter: LineCutter, bytes: number, records = Infinity) => {
  const piece = cutter.take({ bytes, records });
  return piece === undefined ? undefined : [textOf(piece.block.bytes), piece.offset, piece.end];
};

Deno.test("a record is a line, with its offset", () => {
  deepStrictEqual(cut('{"a":1}\n{"b":2}\n'), [
    { text: '{"a":1}', offset: 0, line: 1, column: 1 },
    { text: '{"b":2}', offset: 8, line: 2, column: 1 },
  ]);
});

Deno.test("a piece ends at the last newline within the bytes asked for, after one line at least", () => {
  const cutter = pushed("11\n22\n33\n44");
  strictEqual(cutter.ready, 9);
  deepStrictEqual(taken(cutter, 7), ["11\n22\n", 0, 6]);
  deepStrictEqual(taken(cutter, 1), ["33\n", 6, 9]);
  strictEqual(taken(cutter, 1), undefined);
  cutter.end();
  deepStrictEqual(taken(cutter, 1), ["44", 9, 11]);
});

Deno.test("a piece has at most the lines asked for", () => {
  const cutter = pushed("1\n2\n3\n4\n");
  deepStrictEqual([cutter.count(9), cutter.count(2)], [4, 2]);
  deepStrictEqual(taken(cutter, 1e9, 3), ["1\n2\n3\n", 0, 6]);
  deepStrictEqual(taken(cutter, 1e9, 3), ["4\n", 6, 8]);
});

Deno.test("a block taken stays as it was while more is read", () => {
  const cutter = pushed("first\nsecond\nbegin", 300_000);
  const piece = cutter.take({ bytes: 1, records: 1 });
  for (let i = 0; i < 20; i++) cutter.push(new Uint8Array(50_000).fill(0x78));
  cutter.push(bytesOf("\nlast\n"));
  strictEqual(textOf(piece?.block.bytes ?? bytesOf("")), "first\n");
  deepStrictEqual(taken(cutter, 1e9), ["second\n", 6, 13]);
  const faulty = cutter.take({ bytes: 1e9, records: 1e9 });
  deepStrictEqual([faulty?.offset, faulty?.end, faulty?.fault?.bytes], [13, 1_000_019, 1_000_005]);
  deepStrictEqual(taken(cutter, 1e9), ["last\n", 1_000_019, 1_000_024]);
});

Deno.test("any cut into chunks gives the same lines at the same places", () => {
  const line = fc.stringMatching(/^[ \ta{}"é😀\r]{0,9}$/);
  fc.assert(
    fc.property(fc.array(line), fc.boolean(), fc.integer({ min: 1, max: 40 }), (lines, ends, size) => {
      const input = lines.join("\n") + (ends ? "\n" : "");
      deepStrictEqual(cut(input, size), cut(input));
    }),
  );
});

Deno.test("a line too long to be kept is one failure, and the rest goes on", () => {
  for (const size of [1, 3, 7, 30]) {
    for (const end of ["\n22\n", "\r\n22"]) {
      const records = cut(`1\n${"x".repeat(90)}${end}`, size, 10);
      deepStrictEqual(records.map(({ text, line, code }) => [text, line, code]), [
        ["1", 1, undefined],
        ["", 2, "event.too_large"],
        ["22", 3, undefined],
      ]);
      strictEqual(records[1]?.offset, 2);
      strictEqual(records[2]?.offset, 91 + end.indexOf("2") + 1);
    }
  }
  deepStrictEqual(cut("x".repeat(50), 7, 10).map(({ code }) => code), ["event.too_large"]);
});

Deno.test("an endless line does not fill the memory", () => {
  const cutter = new LineCutter({ maxEventBytes: 1000 });
  const chunk = new Uint8Array(64 * 1024).fill(0x78);
  for (let i = 0; i < 1000; i++) cutter.push(chunk);
  strictEqual(cutter.ready, 0);
  cutter.end();
  const piece = cutter.take({ bytes: 1, records: 1 });
  deepStrictEqual([piece?.fault?.code, piece?.fault?.bytes], ["event.too_large", 65_536_000]);
});

Deno.test("offsets count from where the stream began", () => {
  const cutter = new LineCutter({ maxEventBytes: 100, offset: 3 });
  deepStrictEqual(cutAll(cutter, [bytesOf("1\n2\n")]).map(({ offset }) => offset), [3, 5]);
});
