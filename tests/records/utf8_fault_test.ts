import { strictEqual } from "node:assert/strict";
import { findUtf8Fault } from "../../lib/records/utf8_fault.ts";
import { fc } from "../helpers/fast_check.ts";
import { bytesOf } from "../helpers/streams.ts";

Deno.test("good text of every length of sequence has no fault", () => {
  strictEqual(findUtf8Fault(bytesOf("a\0é€\u{10FFFF}\uD7FF\uE000")), undefined);
});

Deno.test("the fault is the byte that begins what is no character", () => {
  const cases: [number[], number][] = [
    [[0x61, 0xff], 1], // never in UTF-8
    [[0x80], 0], // continuation alone
    [[0xc0, 0xaf], 0], // overlong
    [[0xe0, 0x80, 0xaf], 0], // overlong
    [[0xed, 0xa0, 0x80], 0], // surrogate
    [[0xf4, 0x90, 0x80, 0x80], 0], // past U+10FFFF
    [[0x61, 0x62, 0xe2, 0x82], 2], // cut
  ];
  for (const [bytes, at] of cases) strictEqual(findUtf8Fault(Uint8Array.from(bytes)), at, String(bytes));
});

Deno.test("bytes have a fault exactly when the decoder refuses them, and what is before is good", () => {
  const strict = new TextDecoder("utf-8", { fatal: true });
  const byte = fc.oneof(
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(0xe0, 0xed, 0xf0, 0xf4, 0x80, 0x9f, 0xa0, 0xbf),
  );
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 6 }), (list) => {
      const bytes = Uint8Array.from(list);
      const fault = findUtf8Fault(bytes);
      let isGood = true;
      try {
        strict.decode(bytes);
      } catch {
        isGood = false;
      }
      strictEqual(fault === undefined, isGood);
      strict.decode(bytes.subarray(0, fault));
    }),
    { numRuns: 5000 },
  );
});
