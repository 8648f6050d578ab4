import assert from "node:assert/strict";
import { joinBytes, sameBytes } from "../../lib/base/bytes.ts";

Deno.test("joinBytes puts parts one after the other, also none and empty ones", () => {
  assert.deepEqual(joinBytes([]), new Uint8Array());
  const view = Uint8Array.of(9, 2, 3, 9).subarray(1, 3);
  assert.deepEqual(joinBytes([Uint8Array.of(1), new Uint8Array(), view]), Uint8Array.of(1, 2, 3));
});

Deno.test("sameBytes compares lengths and each byte", () => {
  assert.ok(sameBytes(new Uint8Array(), new Uint8Array()));
  assert.ok(sameBytes(Uint8Array.of(9, 1).subarray(1), Uint8Array.of(1)));
  for (const other of [[], [1], [1, 3], [1, 2, 3]]) {
    assert.ok(!sameBytes(Uint8Array.of(1, 2), Uint8Array.from(other)), String(other));
  }
});

Deno.test("bytes are the same when all are, and join in order", () => {
  assert.ok(
    sameBytes(Uint8Array.of(1, 2), joinBytes([Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2)])),
  );
  assert.ok(!sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3)));
  assert.ok(!sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1)));
});
