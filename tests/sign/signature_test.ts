import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { CURVE_NAMES } from "../../lib/sign/curve.ts";
import { signFiles, verifySignature } from "../../lib/sign/signature.ts";
import { makeStatement } from "../../lib/sign/statement.ts";
import { fc } from "../helpers/fast_check.ts";
import { rejects } from "../helpers/rejects.ts";
import { bundleBytes, bundleOf, newKey, signPayload } from "../helpers/signing.ts";

const FILES = new Map([["a.txt", "aa".repeat(32)], ["b/c.txt", "bb".repeat(32)]]);

for (const curve of CURVE_NAMES) {
  Deno.test(`${curve}: any list of files that is signed is what is verified`, async () => {
    const key = await newKey(curve);
    const path = fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{9,12}){0,3}$/);
    const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(path, digest, { minKeys: 1, maxKeys: 8 }),
        fc.string({ minLength: 1 }),
        async (record, name) => {
          const files = new Map(Object.entries(record));
          const verified = await verifySignature(await signFiles(name, files, key), [key.publicKey]);
          assert.deepEqual([verified.files.size, verified.key.id], [files.size, key.publicKey.id]);
          for (const [path, digest] of files) assert.equal(verified.files.get(path), digest);
        },
      ),
      { numRuns: 50 },
    );
  });

  Deno.test(`${curve}: a change of any byte is refused, to any other value that was tried`, async () => {
    const key = await newKey(curve);
    const bytes = await signFiles("name", FILES, key);
    for (let at = 0; at < bytes.length; at++) {
      const old = bytes[at] ?? 0;
      for (const byte of [old ^ 1, old ^ 0x20, old ^ 0x80, 0x20, 0x41]) {
        if (byte === old) continue;
        const error = await verifySignature(bytes.with(at, byte), [key.publicKey]).then(
          () => undefined,
          (thrown) => thrown,
        );
        assert.ok(error instanceof PackflowError, `byte ${at} as ${byte} was accepted`);
        assert.match(error.code, /^signature\.(invalid_bundle|unsupported|unknown_key|not_valid)$/);
      }
    }
  });
}

Deno.test("of several trusted keys the one that is named verifies, and no other", async () => {
  const [first, second, third] = [await newKey(), await newKey("P-384"), await newKey()];
  const bytes = await signFiles("name", FILES, second);
  const keys = [first.publicKey, second.publicKey];
  assert.equal((await verifySignature(bytes, keys)).key, second.publicKey);
  await rejects(() => verifySignature(bytes, [first.publicKey]), "signature.unknown_key", /trusted are/);
  await rejects(() => verifySignature(bytes, []), "signature.unknown_key", /none was named$/);
  // the file may name any key: it is the signature that must be good
  const claimed = bundleOf(bytes);
  claimed.verificationMaterial.publicKey.hint = first.publicKey.hint;
  await rejects(() => verifySignature(bundleBytes(claimed), keys), "signature.not_valid", /must be good/);
  claimed.verificationMaterial.publicKey = { rawBytes: third.publicKey.spki.toBase64() };
  await rejects(() => verifySignature(bundleBytes(claimed), keys), "signature.unknown_key", /trusted are/);
});

Deno.test("a key that lies in the signature, as earlier tools put it there, is only a name", async () => {
  const [key, other] = [await newKey(), await newKey()];
  const bundle = bundleOf(await signFiles("name", FILES, key));
  for (const raw of [key.publicKey.spki, new TextEncoder().encode(key.publicKey.pem)]) {
    bundle.verificationMaterial.publicKey = {
      rawBytes: raw.toBase64(),
      keyDetails: "PKIX_ECDSA_P256_SHA_256",
    };
    assert.equal((await verifySignature(bundleBytes(bundle), [key.publicKey])).key, key.publicKey);
    await rejects(
      () => verifySignature(bundleBytes(bundle), [other.publicKey]),
      "signature.unknown_key",
      /trusted are/,
    );
  }
});

Deno.test("nothing of a statement is looked at before its signature is good", async () => {
  const [key, other] = [await newKey(), await newKey()];
  const payloads = ["not JSON", "{}", await makeStatement("name", FILES)];
  for (const payload of payloads) {
    const bundle = bundleOf(await signPayload(payload, other));
    bundle.verificationMaterial.publicKey.hint = key.publicKey.hint;
    await rejects(
      () => verifySignature(bundleBytes(bundle), [key.publicKey]),
      "signature.not_valid",
      /must be good/,
    );
  }
  await rejects(
    async () => verifySignature(await signPayload("not JSON", key), [key.publicKey]),
    "signature.invalid_statement",
    /statement must be JSON/,
  );
});

Deno.test("a signature over the payload alone, without its type, is refused", async () => {
  const key = await newKey();
  const payload = await makeStatement("name", FILES);
  const halves = await crypto.subtle.sign(
    { name: "ECDSA", hash: "SHA-256" },
    key.key,
    new Uint8Array(payload),
  );
  const { signatureToDer } = await import("../../lib/sign/der_signature.ts");
  const bundle = bundleOf(await signFiles("name", FILES, key));
  bundle.dsseEnvelope.signatures[0].sig = signatureToDer(new Uint8Array(halves)).toBase64();
  await rejects(
    () => verifySignature(bundleBytes(bundle), [key.publicKey]),
    "signature.not_valid",
    /must be good/,
  );
});
