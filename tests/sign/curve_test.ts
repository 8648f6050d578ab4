import assert from "node:assert/strict";
import { joinBytes } from "../../lib/base/bytes.ts";
import { CURVES, EC_PUBLIC_KEY, keyAlgorithm, signAlgorithm } from "../../lib/sign/curve.ts";

for (const curve of CURVES) {
  Deno.test(`${curve.name}: keys and signatures have the sizes and the head that the table says`, async () => {
    const pair = await crypto.subtle.generateKey(keyAlgorithm(curve), true, ["sign", "verify"]);
    const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
    assert.equal(spki.length, curve.spkiPrefix.length + 2 * curve.size);
    assert.deepEqual(spki.subarray(0, curve.spkiPrefix.length), curve.spkiPrefix);
    assert.ok(curve.spkiPrefix.toHex().includes(joinBytes([EC_PUBLIC_KEY, curve.oid]).toHex()));
    const signature = await crypto.subtle.sign(signAlgorithm(curve), pair.privateKey, spki);
    assert.equal(signature.byteLength, 2 * curve.size);
  });
}
