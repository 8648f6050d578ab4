import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { StreamHead } from "../../lib/stream/stream_head.ts";
import { bytesOf, pieces, textOf } from "../helpers/streams.ts";

function open(input: Uint8Array, size?: number, format?: "json" | "ndjson") {
  const head = new StreamHead(format);
  for (const piece of pieces(input, size ?? 1e9)) {
    const opened = head.add(piece);
    if (opened !== undefined) return opened;
  }
  return head.end();
}

Deno.test("the first character that is not white space tells the format", () => {
  for (const size of [1, 2, 1e9]) {
    strictEqual(open(bytesOf(" \r\n[1]"), size).format, "json");
    strictEqual(open(bytesOf(' \n{"a":[1]}'), size).format, "ndjson");
    strictEqual(open(bytesOf("\uFEFF \n["), size).format, "json");
  }
});

Deno.test("a byte order mark is left out and counted, half a one is not", () => {
  for (const size of [1, 2, 1e9]) {
    const opened = open(bytesOf('\uFEFF{"a":1}'), size);
    strictEqual(opened.offset, 3);
    strictEqual('{"a":1}'.startsWith(textOf(opened.bytes)), true);
    deepStrictEqual([...open(Uint8Array.of(0xef, 0xbb, 0x31), size).bytes], [0xef, 0xbb, 0x31]);
  }
  deepStrictEqual([...open(Uint8Array.of(0xef, 0xbb)).bytes], [0xef, 0xbb]);
});

Deno.test("a format that is given wins", () => {
  strictEqual(open(bytesOf("[1]"), undefined, "ndjson").format, "ndjson");
  strictEqual(open(bytesOf("1"), undefined, "json").format, "json");
});

Deno.test("white space without end settles for NDJSON", () => {
  const head = new StreamHead(undefined);
  let opened;
  for (let i = 0; i < 100 && opened === undefined; i++) opened = head.add(new Uint8Array(1024).fill(0x20));
  strictEqual(opened?.format, "ndjson");
  strictEqual(opened.bytes.length, 65_536);
});
