import { strictEqual } from "node:assert/strict";
import { skipString, skipWord } from "../../lib/records/skip_scalar.ts";
import { fc } from "../helpers/fast_check.ts";
import { bytesOf } from "../helpers/streams.ts";

Deno.test("skipString goes past any string that JSON.stringify writes", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (value) => {
    const bytes = bytesOf(JSON.stringify(value));
    strictEqual(skipString(bytes, 0), bytes.length);
    strictEqual(skipString(bytesOf(`x${JSON.stringify(value)}"`), 1), bytes.length + 1);
  }));
});

Deno.test("skipString takes what JSON.parse takes, and nothing else", () => {
  const piece = fc.constantFrom(
    "a",
    "\\",
    '"',
    "u",
    "0",
    "F",
    "\\u",
    "\\n",
    "\\/",
    "\t",
    "é",
    "\u0000",
    "\u007f",
    "😀",
    "\\ud800",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = `"${pieces.join("")}"`;
      const bytes = bytesOf(text);
      let isString = true;
      try {
        JSON.parse(text);
      } catch {
        isString = false;
      }
      strictEqual(skipString(bytes, 0) === bytes.length, isString, text);
    }),
    { numRuns: 5000 },
  );
});

Deno.test("skipString refuses what is no UTF-8, no string, or has no end", () => {
  for (const bad of [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]]) {
    strictEqual(skipString(Uint8Array.of(0x22, ...bad, 0x22), 0), -1, String(bad));
  }
  for (const bad of ["", "a", '"', '"abc', '"\\"', '"\\u12"', '"\n"']) {
    strictEqual(skipString(bytesOf(bad), 0), -1, bad);
  }
});

Deno.test("skipWord goes past that very word", () => {
  strictEqual(skipWord(bytesOf("[true]"), 1, "true"), 5);
  for (const bad of ["tru", "trUe", "", "xtrue"]) strictEqual(skipWord(bytesOf(bad), 0, "true"), -1);
});
