import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ArraySplitter } from "../../lib/records/array_splitter.ts";
import { bytesOf, cutAll, pieces, textOf } from "../helpers/streams.ts";

const ALL = { bytes: 1e9, records: 1e9 };
const MAX = { maxEventBytes: 100 };

function pushed(text: string, options = MAX): ArraySplitter {
  const splitter = new ArraySplitter(options);
  splitter.push(bytesOf(text));
  return splitter;
}

Deno.test("take gives at most so many records, and the rest stays", () => {
  const splitter = pushed("[1,2,3,4,");
  strictEqual(splitter.count(), 4);
  const piece = splitter.take({ bytes: 1e9, records: 3 });
  deepStrictEqual([...piece?.block.ranges ?? []], [0, 1, 2, 3, 4, 5]);
  deepStrictEqual([piece?.offset, piece?.end, piece?.line, piece?.column], [1, 6, 1, 2]);
  deepStrictEqual(textOf(splitter.take(ALL)?.block.bytes ?? bytesOf("")), "4");
  deepStrictEqual([splitter.count(), splitter.ready, splitter.take(ALL)], [0, 0, undefined]);
});

Deno.test("take stops before so many bytes, but gives one record at least", () => {
  const splitter = pushed("[11111,22222,33333,");
  strictEqual(splitter.ready, 17);
  strictEqual(splitter.take({ bytes: 11, records: 9 })?.block.ranges?.length, 4);
  strictEqual(splitter.take({ bytes: 1, records: 9 })?.block.ranges?.length, 2);
});

Deno.test("a faulty record is a piece of its own", () => {
  const splitter = pushed("[1,,2,", MAX);
  const taken = [splitter.take(ALL), splitter.take(ALL), splitter.take(ALL)];
  deepStrictEqual(taken.map((piece) => piece?.fault?.code), [undefined, "event.invalid_json", undefined]);
  strictEqual(taken[1]?.end, taken[2]?.offset);
});

Deno.test("a block taken stays as it was while more is read", () => {
  const splitter = pushed("[1,2,3", { maxEventBytes: 300_000 });
  const first = splitter.take({ bytes: 1, records: 1 });
  for (let i = 0; i < 20; i++) splitter.push(new Uint8Array(50_000).fill(0x78));
  splitter.push(bytesOf(",4,"));
  strictEqual(textOf(first?.block.bytes ?? bytesOf("")), "1");
  const rest = [splitter.take(ALL), splitter.take(ALL), splitter.take(ALL)];
  deepStrictEqual(rest.map((piece) => piece?.fault?.code ?? textOf(piece?.block.bytes ?? bytesOf(""))), [
    "2",
    "event.too_large",
    "4",
  ]);
});

Deno.test("reading on from a piece's end gives what follows it, faults too", () => {
  const input = "[1,,{},,2]]";
  const splitter = pushed(input);
  splitter.end();
  const all = [];
  for (let piece = splitter.take(ALL); piece !== undefined; piece = splitter.take(ALL)) all.push(piece);
  strictEqual(all.length, 6);
  for (const [index, { end }] of all.entries()) {
    const rest = cutAll(new ArraySplitter({ ...MAX, from: end }), [bytesOf(input)]);
    strictEqual(rest.length, all.length - index - 1);
  }
});

Deno.test("records and their offsets survive every change of the buffer", () => {
  const records = Array.from(
    { length: 3000 },
    (_, id) => JSON.stringify({ id, s: "x".repeat((id * 37) % 800) }),
  );
  const input = bytesOf(`[${records.join(",")}]`);
  const found = cutAll(new ArraySplitter({ maxEventBytes: 1000 }), pieces(input, 10_007));
  let offset = 1;
  for (const [index, text] of records.entries()) {
    strictEqual(found[index]?.text, text);
    strictEqual(found[index]?.offset, offset);
    offset += text.length + 1;
  }
  strictEqual(found.length, records.length);
});
