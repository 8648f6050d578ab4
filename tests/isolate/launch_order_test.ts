import assert from "node:assert/strict";
import { encodeOrder, readOrder } from "../../lib/isolate/launch_order.ts";

const ORDER = { args: ["__worker"], env: { A: "ä\n=" }, cwd: "/p q", read: ["/p q"], net: true };

/** Reads from bytes as from a pipe. */
function reader(bytes: Uint8Array): { read(length: number): Uint8Array | null; rest(): number } {
  let at = 0;
  return {
    read(length) {
      const piece = bytes.subarray(at, at += length);
      return piece.length < length ? null : piece;
    },
    rest: () => bytes.length - at,
  };
}

Deno.test("readOrder gives back what encodeOrder wrote and leaves what follows", () => {
  const { read, rest } = reader(Uint8Array.of(...encodeOrder(ORDER), 1, 2, 3));
  assert.deepEqual(readOrder(read), ORDER);
  assert.equal(rest(), 3);
});

Deno.test("readOrder takes an input that ends early for no order", () => {
  const bytes = encodeOrder(ORDER);
  for (let length = 0; length < bytes.length; length++) {
    assert.equal(readOrder(reader(bytes.subarray(0, length)).read), undefined);
  }
});
