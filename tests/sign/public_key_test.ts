import assert from "node:assert/strict";
import { CURVES } from "../../lib/sign/curve.ts";
import { pemText } from "../../lib/sign/pem.ts";
import { generateKeyPair, parsePrivateKey } from "../../lib/sign/private_key.ts";
import { parsePublicKey } from "../../lib/sign/public_key.ts";
import { rejects } from "../helpers/rejects.ts";

const REFUSED = "signature.invalid_key";

for (const curve of CURVES) {
  const { name } = curve;
  Deno.test(`${name}: a point that is not on the curve is refused`, async () => {
    const { publicKey } = await generateKeyPair(name, "k");
    const spki = publicKey.spki.with(-1, (publicKey.spki.at(-1) ?? 0) ^ 1);
    await rejects(() => parsePublicKey(pemText("PUBLIC KEY", spki), "k"), REFUSED, /not on the curve$/);
    const zero = publicKey.spki.fill(0, curve.spkiPrefix.length);
    await rejects(() => parsePublicKey(pemText("PUBLIC KEY", zero), "k"), REFUSED, /not on the curve$/);
  });
}

Deno.test("keys of other kinds are refused, Ed25519 with its small-order points among them", async () => {
  // What the runtime says of a key and a signature that anybody can write down: the reason why kinds are few.
  const point = new Uint8Array(32).with(0, 1);
  const key = await crypto.subtle.importKey("raw", point, { name: "Ed25519" }, true, ["verify"]);
  const anything = new TextEncoder().encode("never signed");
  const holds = await crypto.subtle.verify({ name: "Ed25519" }, key, new Uint8Array(64).with(0, 1), anything);
  assert.equal(holds, true, "the trap is gone: Deno refuses small-order keys now");
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", key));
  await rejects(() => parsePublicKey(pemText("PUBLIC KEY", spki), "ed.pem"), REFUSED, /another kind of key$/);

  const pairs = [
    await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"]),
    await crypto.subtle.generateKey(
      {
        name: "RSASSA-PKCS1-v1_5",
        modulusLength: 2048,
        publicExponent: Uint8Array.of(1, 0, 1),
        hash: "SHA-256",
      },
      true,
      ["sign", "verify"],
    ),
  ];
  for (const pair of pairs) {
    assert.ok("publicKey" in pair);
    const [pub, priv] = [
      new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey)),
      new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey)),
    ];
    await rejects(() => parsePublicKey(pemText("PUBLIC KEY", pub), "x"), REFUSED, /another kind of key$/);
    await rejects(() => parsePrivateKey(pemText("PRIVATE KEY", priv), "x"), REFUSED, /another kind of key/);
  }
  // P-521 and secp256k1, as OpenSSL writes them
  const p521 = Uint8Array.fromHex(`30819b301006072a8648ce3d020106052b8104002303818600${"04".repeat(133)}`);
  const k1 = Uint8Array.fromHex(`3056301006072a8648ce3d020106052b8104000a034200${"04".repeat(65)}`);
  for (const spki of [p521, k1]) {
    await rejects(() => parsePublicKey(pemText("PUBLIC KEY", spki), "x"), REFUSED, /another kind of key$/);
  }
});

Deno.test("what is no public key, doubled, compressed or damaged is refused", async () => {
  const { privatePem, publicKey: { pem, spki } } = await generateKeyPair("P-256", "k");
  const { remedy } = await rejects(
    () => parsePublicKey(privatePem, "k.pem"),
    REFUSED,
    /it holds a private key$/,
  );
  assert.match(remedy ?? "", /openssl pkey -in k\.pem -pubout/);
  const compressed = Uint8Array.fromHex(
    `3039301306072a8648ce3d020106082a8648ce3d030107032200${"02".repeat(33)}`,
  );
  const publics: [string, RegExp][] = [
    ["", /no PEM block$/],
    [spki.toBase64(), /no PEM block$/],
    [pem + pem, /more than one PEM block$/],
    [pem.replaceAll("PUBLIC KEY", "CERTIFICATE"), /a certificate$/],
    [pem.replaceAll("PUBLIC KEY", "DH PARAMETERS"), /"DH PARAMETERS"$/],
    [pemText("PUBLIC KEY", spki.subarray(0, -1)), /another kind/],
    [pemText("PUBLIC KEY", new Uint8Array([...spki, 0])), /another kind/],
    [pemText("PUBLIC KEY", compressed), /another kind/],
    [pem.replace(/\n.{4}/, "\n****"), /another kind/],
    [pem.replace("-----END PUBLIC KEY-----", ""), /no PEM block$/],
  ];
  for (const [text, message] of publics) await rejects(() => parsePublicKey(text, "k"), REFUSED, message);
});
