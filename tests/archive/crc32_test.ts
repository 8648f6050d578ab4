import assert from "node:assert/strict";
import { crc32 as reference } from "node:zlib";
import { crc32 } from "../../lib/archive/crc32.ts";
import { fc } from "../helpers/fast_check.ts";

Deno.test("crc32 gives the check value of its definition", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
  assert.equal(crc32(new Uint8Array()), 0);
});

Deno.test("crc32 agrees with zlib, whole and in two parts", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), fc.nat(500), (bytes, cut) => {
    assert.equal(crc32(bytes), reference(bytes));
    assert.equal(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut))), reference(bytes));
  }));
});
