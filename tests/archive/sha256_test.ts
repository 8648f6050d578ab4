import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { sha256 } from "../../lib/archive/sha256.ts";

Deno.test("sha256 gives the known digest of the empty text", async () => {
  assert.equal(
    await sha256(new Uint8Array()),
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  );
});

Deno.test("sha256 covers a view's own bytes only, shared memory too", async () => {
  const expected = createHash("sha256").update(Uint8Array.of(2, 3)).digest("hex");
  assert.equal(await sha256(Uint8Array.of(1, 2, 3, 4).subarray(1, 3)), expected);
  const shared = new Uint8Array(new SharedArrayBuffer(2));
  shared.set([2, 3]);
  assert.equal(await sha256(shared), expected);
});
