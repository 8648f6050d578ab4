import assert from "node:assert/strict";
import { inflateRawSync } from "node:zlib";
import { Deflater } from "../../lib/archive/deflater.ts";
import { fc } from "../helpers/fast_check.ts";
import { join } from "../helpers/raw_tar.ts";

const deflated = (...parts: Uint8Array[]) => {
  const deflater = new Deflater();
  return join(...parts.flatMap((part) => deflater.push(part)), ...deflater.end());
};

/** Mostly zeros, which is where compressors refer to bytes that never were. */
const sparse = fc.array(fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(3)), { maxLength: 600 })
  .map((bytes) => Uint8Array.from(bytes));

Deno.test("another inflate gives back what was pushed, zeros at the start included", () => {
  fc.assert(
    fc.property(fc.oneof(sparse, fc.uint8Array({ maxLength: 3000 })), (bytes) => {
      assert.deepEqual(new Uint8Array(inflateRawSync(deflated(bytes))), bytes);
    }),
    { numRuns: 3000 },
  );
});

Deno.test("the bytes do not depend on how the input is cut", () => {
  const text = new TextEncoder().encode(
    Array.from({ length: 9000 }, (_, at) => `${at * 7919 % 10_007},`).join(""),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60_000 }), (step) => {
      const parts = Array.from(
        { length: Math.ceil(text.length / step) },
        (_, at) => text.subarray(at * step, (at + 1) * step),
      );
      assert.deepEqual(deflated(...parts), deflated(text));
    }),
    { numRuns: 50 },
  );
});

Deno.test("a flush ends at a byte, and another stream may follow", () => {
  fc.assert(fc.property(sparse, sparse, (first, second) => {
    const deflater = new Deflater();
    const flushed = join(...deflater.push(first), ...deflater.flush());
    assert.deepEqual([...flushed.subarray(-4)], [0, 0, 255, 255]);
    assert.deepEqual(new Uint8Array(inflateRawSync(join(flushed, deflated(second)))), join(first, second));
  }));
});
