import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { LineSplitter } from "../../lib/records/line_splitter.ts";
import { ArraySplitter } from "../../lib/records/array_splitter.ts";
import { bytesOf, pieces, recordsOf, splitAll } from "../helpers/streams.ts";

Deno.test("take gives at most so many records, and the rest stays", () => {
  const splitter = new LineSplitter({ maxEventBytes: 100 });
  splitter.push(bytesOf("1\n2\n3\n4"));
  strictEqual(splitter.count, 3);
  deepStrictEqual(recordsOf(splitter.take(2)).map(({ text }) => text), ["1", "2"]);
  strictEqual(splitter.count, 1);
  splitter.end();
  deepStrictEqual(recordsOf(splitter.take(9)).map(({ text }) => text), ["3", "4"]);
  strictEqual(splitter.pendingBytes, 0);
});

Deno.test("take stops before so many bytes, but gives one record at least", () => {
  const splitter = new LineSplitter({ maxEventBytes: 100 });
  splitter.push(bytesOf("11111\n22222\n33333\n"));
  strictEqual(splitter.pendingBytes, 17);
  strictEqual(splitter.take(3, 11).starts.length, 2);
  strictEqual(splitter.take(3, 1).starts.length, 1);
});

Deno.test("a block taken stays as it was while more is read", () => {
  const splitter = new LineSplitter({ maxEventBytes: 300_000 });
  splitter.push(bytesOf("first\nsecond\nbegin"));
  const block = splitter.take(1);
  for (let i = 0; i < 20; i++) splitter.push(new Uint8Array(50_000).fill(0x78));
  splitter.push(bytesOf("\nlast\n"));
  deepStrictEqual(recordsOf(block).map(({ text }) => text), ["first"]);
  deepStrictEqual(recordsOf(splitter.take(9)).map(({ text, code }) => code ?? text), [
    "second",
    "event.too_large",
    "last",
  ]);
});

Deno.test("failures keep their index in whichever block they are taken", () => {
  const splitter = new LineSplitter({ maxEventBytes: 3 });
  splitter.push(bytesOf("1\n4444\n2\n5555\n3\n"));
  deepStrictEqual(splitter.take(3).failures.map(({ index }) => index), [1]);
  deepStrictEqual(splitter.take(3).failures.map(({ index }) => index), [0]);
});

Deno.test("offsets count from where the stream began", () => {
  const splitter = new LineSplitter({ maxEventBytes: 100, offset: 3 });
  deepStrictEqual(splitAll(splitter, [bytesOf("1\n2\n")]).map(({ offset }) => offset), [3, 5]);
});

Deno.test("records and their offsets survive every change of the buffer", () => {
  const records = Array.from(
    { length: 3000 },
    (_, id) => JSON.stringify({ id, s: "x".repeat((id * 37) % 800) }),
  );
  for (const [Splitter, join, start] of [[LineSplitter, "\n", 0], [ArraySplitter, ",", 1]] as const) {
    const input = bytesOf(start === 1 ? `[${records.join(join)}]` : records.join(join));
    const found = splitAll(new Splitter({ maxEventBytes: 1000 }), pieces(input, 10_007));
    let offset: number = start;
    for (const [index, text] of records.entries()) {
      strictEqual(found[index]?.text, text);
      strictEqual(found[index]?.offset, offset);
      offset += text.length + 1;
    }
    strictEqual(found.length, records.length);
  }
});
