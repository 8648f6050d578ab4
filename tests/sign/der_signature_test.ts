import assert from "node:assert/strict";
import { signatureFromDer, signatureToDer } from "../../lib/sign/der_signature.ts";
import { fc } from "../helpers/fast_check.ts";

const SIZES = [32, 48] as const;

/** Halves above zero, many with zeros in front and many with the top bit set. */
const half = (size: number) =>
  fc.tuple(fc.nat(size - 1), fc.uint8Array({ minLength: size, maxLength: size }), fc.boolean()).map(
    ([zeros, bytes, high]) => {
      bytes.fill(0, 0, zeros);
      if (bytes.every((byte) => byte === 0)) bytes[size - 1] = 1;
      if (high) bytes[zeros] = (bytes[zeros] ?? 0) | 0x80;
      return bytes;
    },
  );

Deno.test("two halves come back from their DER form", () => {
  for (const size of SIZES) {
    fc.assert(fc.property(half(size), half(size), (r, s) => {
      const halves = new Uint8Array([...r, ...s]);
      assert.deepEqual(signatureFromDer(signatureToDer(halves), size), halves);
    }));
  }
});

Deno.test("bytes that are read are exactly those that would be written", () => {
  let read = 0;
  for (const size of SIZES) {
    fc.assert(
      fc.property(half(size), half(size), fc.nat(120), fc.nat(255), (r, s, at, byte) => {
        const der = signatureToDer(new Uint8Array([...r, ...s]));
        const changed = der.with(at % der.length, byte);
        const halves = signatureFromDer(changed, size);
        if (halves === undefined) return;
        read++;
        assert.deepEqual(signatureToDer(halves), changed);
      }),
      { numRuns: 2000 },
    );
  }
  assert.ok(read > 100, `${read}`);
});

Deno.test("zero, negative, padded, oversized, cut and lengthened numbers are refused", () => {
  const bad = [
    "",
    "30",
    "3000",
    "30060201010201",
    "3006020101020101ff",
    "3007020101020101ff",
    "3006020100020101", // r is zero
    "3006020101020100", // s is zero
    "3006020181020101", // negative
    "300702020001020101", // padded
    "30080202000102020001",
    "30810602010102 0101".replaceAll(" ", ""), // length in the long form
    "3080020101020101 0000".replaceAll(" ", ""), // indefinite length
    "3106020101020101", // a set
    "3006030101020101", // a bit string
    "30050200020101", // empty
    "3009020101020101020101", // three numbers
    `3026022101${"00".repeat(32)}020101`, // 33 bytes
  ];
  for (const hex of bad) assert.equal(signatureFromDer(Uint8Array.fromHex(hex), 32), undefined, hex);
  assert.deepEqual(
    signatureFromDer(Uint8Array.fromHex("3006020101020102"), 1),
    Uint8Array.of(1, 2),
  );
});
