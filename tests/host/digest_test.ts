import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { crc32, createSha256 } from "../../lib/host/digest.ts";
import { fc } from "../helpers/fast_check.ts";

Deno.test("crc32 gives the check value of its definition", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
  assert.equal(crc32(new Uint8Array()), 0);
});

Deno.test("crc32 agrees with the sum bit by bit, whole and in two parts", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), fc.nat(500), (bytes, cut) => {
    assert.equal(crc32(bytes), slowly(bytes));
    assert.equal(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut))), slowly(bytes));
  }));
});

function slowly(bytes: Uint8Array): number {
  let sum = 0xffff_ffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? 0xedb88320 ^ (sum >>> 1) : sum >>> 1;
  }
  return ~sum >>> 0;
}

Deno.test("a SHA-256 in parts is that of the whole", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), fc.nat(500), (bytes, cut) => {
    const hash = createSha256();
    hash.update(bytes.subarray(0, cut));
    hash.update(bytes.subarray(cut));
    assert.equal(hash.hex(), createHash("sha256").update(bytes).digest("hex"));
  }));
});
