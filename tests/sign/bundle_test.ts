import assert from "node:assert/strict";
import { MAX_SIGNATURE_BYTES, preAuthEncoding, readBundle, writeBundle } from "../../lib/sign/bundle.ts";
import { bundleBytes, bundleOf } from "../helpers/signing.ts";
import { rejects } from "../helpers/rejects.ts";

const HINT = "ab".repeat(32);
const PARTS = { hint: HINT, payload: Uint8Array.of(123, 125), signature: Uint8Array.of(1, 2, 3) };
const INVALID = "signature.invalid_bundle";
const UNSUPPORTED = "signature.unsupported";

/** A bundle with one place changed; undefined takes it away. */
function bundleWith(path: string, value: unknown): Uint8Array<ArrayBuffer> {
  const bundle = bundleOf(writeBundle(PARTS));
  const names = path.split(".");
  const last = names.pop() ?? "";
  const parent = names.reduce((at, name) => at[name], bundle);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return bundleBytes(bundle);
}

Deno.test("a bundle is one line of JSON, and reads back", () => {
  const text = new TextDecoder().decode(writeBundle(PARTS));
  assert.equal(
    text,
    '{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"publicKey":{"hint":"' +
      HINT +
      '"},"tlogEntries":[]},"dsseEnvelope":{"payload":"e30=","payloadType":"application/vnd.in-toto+json",' +
      '"signatures":[{"sig":"AQID","keyid":""}]}}',
  );
  assert.deepEqual(readBundle(writeBundle(PARTS)), {
    key: { hint: HINT },
    payload: PARTS.payload,
    signature: PARTS.signature,
  });
});

Deno.test("what other tools and earlier versions write is read too", () => {
  const keyid = "dsseEnvelope.signatures.0.keyid";
  const same: [string, unknown][] = [[keyid, undefined], [keyid, null], [
    "verificationMaterial.tlogEntries",
    undefined,
  ]];
  for (const [path, value] of same) {
    assert.deepEqual(readBundle(bundleWith(path, value)), readBundle(writeBundle(PARTS)), path);
  }
  const spaced = JSON.stringify(bundleOf(writeBundle(PARTS)), null, 2);
  assert.deepEqual(
    readBundle(new TextEncoder().encode(`${spaced}\n`)),
    readBundle(writeBundle(PARTS)),
  );
  const old = bundleWith("verificationMaterial.publicKey", {
    rawBytes: "AQI=",
    keyDetails: "PKIX_ECDSA_P256_SHA_256",
  });
  assert.deepEqual(readBundle(old).key, { rawBytes: Uint8Array.of(1, 2) });
});

Deno.test("everything else is refused", async () => {
  const key = "verificationMaterial.publicKey";
  const refused: [string, unknown, string, RegExp][] = [
    ["mediaType", "application/vnd.dev.sigstore.bundle.v0.4+json", UNSUPPORTED, /mediaType must be/],
    ["mediaType", "application/vnd.dev.sigstore.bundle+json;version=0.2", UNSUPPORTED, /mediaType must be/],
    ["mediaType", undefined, INVALID, /must have "mediaType"/],
    ["extra", 1, INVALID, /no member beside/],
    ["__proto__x", {}, INVALID, /no member beside/],
    ["messageSignature", {}, INVALID, /no member beside/],
    ["verificationMaterial", [], INVALID, /must be an object/],
    ["verificationMaterial", { certificate: {} }, UNSUPPORTED, /made with a certificate/],
    ["verificationMaterial", { x509CertificateChain: {} }, UNSUPPORTED, /made with a certificate/],
    ["verificationMaterial.timestampVerificationData", {}, INVALID, /no member beside/],
    ["verificationMaterial.tlogEntries", [{}], UNSUPPORTED, /tlogEntries must be empty/],
    ["verificationMaterial.tlogEntries", null, INVALID, /tlogEntries must be an array/],
    [key, undefined, INVALID, /must have "publicKey"/],
    [key, {}, INVALID, /must have a hint/],
    [key, { hint: null }, INVALID, /must have a hint/],
    [key, { hint: "" }, INVALID, /must have a hint/],
    [key, { hint: HINT.toUpperCase() }, INVALID, /must have a hint/],
    [key, { hint: HINT, rawBytes: "AQI=" }, INVALID, /must have a hint/],
    [key, { rawBytes: "" }, INVALID, /rawBytes must be base64/],
    [key, { hint: HINT, pem: "x" }, INVALID, /no member beside/],
    ["dsseEnvelope.payloadType", "application/json", UNSUPPORTED, /payloadType must be/],
    ["dsseEnvelope.payload", "", INVALID, /payload must be base64/],
    ["dsseEnvelope.payload", "e31=", INVALID, /payload must be base64/],
    ["dsseEnvelope.payload", 1, INVALID, /payload must be base64/],
    ["dsseEnvelope.signatures", [], INVALID, /exactly one/],
    ["dsseEnvelope.signatures.1", { sig: "AQID" }, INVALID, /exactly one/],
    ["dsseEnvelope.signatures", { 0: {} }, INVALID, /exactly one/],
    ["dsseEnvelope.signatures.0", "AQID", INVALID, /must be an object/],
    ["dsseEnvelope.signatures.0.sig", "", INVALID, /sig must be base64/],
    ["dsseEnvelope.signatures.0.sig", undefined, INVALID, /must have "sig"/],
    ["dsseEnvelope.signatures.0.keyid", "release", UNSUPPORTED, /keyid must be empty/],
  ];
  for (const [path, value, code, message] of refused) {
    await rejects(() => readBundle(bundleWith(path, value)), code, message);
  }
  for (const text of ["null", "[]", '"x"', "1", "", "{}{}", '{"mediaType":1,"mediaType":1}']) {
    await rejects(() => readBundle(new TextEncoder().encode(text)), INVALID, /^Cannot accept signature as/);
  }
  await rejects(() => readBundle(new Uint8Array(MAX_SIGNATURE_BYTES + 1)), INVALID, /at most 33554432 bytes/);
});

Deno.test("what is signed binds the payload to its type and length", () => {
  assert.equal(
    new TextDecoder().decode(preAuthEncoding(new TextEncoder().encode("é{}"))),
    "DSSEv1 28 application/vnd.in-toto+json 4 é{}",
  );
});
