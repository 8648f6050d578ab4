import assert from "node:assert/strict";
import { CURVES } from "../../lib/sign/curve.ts";
import { pemText } from "../../lib/sign/pem.ts";
import { generateKeyPair, parsePrivateKey } from "../../lib/sign/private_key.ts";
import { parsePublicKey } from "../../lib/sign/public_key.ts";
import { rejects } from "../helpers/rejects.ts";

const REFUSED = "signature.invalid_key";

for (const curve of CURVES) {
  const { name } = curve;
  Deno.test(`${name}: a pair that was made reads back, its PEM as OpenSSL writes it`, async () => {
    const pair = await generateKeyPair(name, "k.pub.pem");
    const read = await parsePublicKey(pair.publicKey.pem, "k.pub.pem");
    assert.deepEqual([read.id, read.hint, read.file], [pair.publicKey.id, pair.publicKey.hint, "k.pub.pem"]);
    const both = await parsePrivateKey(pair.privatePem, "k.pem");
    assert.equal(both.publicKey.id, pair.publicKey.id);
    for (const text of [pair.privatePem, pair.publicKey.pem]) {
      assert.match(
        text,
        /^-----BEGIN (PRIVATE|PUBLIC) KEY-----\n([A-Za-z0-9+/=]{1,64}\n)+-----END \1 KEY-----\n$/,
      );
    }
    // lines may end as Windows ends them, and text may stand around
    const windows = `Bag Attributes\r\n${pair.publicKey.pem.replaceAll("\n", "\r\n")}\r\n`;
    assert.equal((await parsePublicKey(windows, "k.pub.pem")).hint, pair.publicKey.hint);
  });

  Deno.test(`${name}: the older form of private keys is read`, async () => {
    const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: name }, true, [
      "sign",
      "verify",
    ]);
    const { d = "", x = "", y = "" } = await crypto.subtle.exportKey("jwk", pair.privateKey);
    const [secret, ...point] = [d, x, y].map((part) =>
      Uint8Array.fromBase64(part, { alphabet: "base64url" })
    );
    const tagged = (tag: number, ...parts: (Uint8Array | number)[]) => {
      const content = parts.flatMap((part) => typeof part === "number" ? [part] : [...part]);
      const length = content.length < 128 ? [content.length] : [0x81, content.length];
      return Uint8Array.from([tag, ...length, ...content]);
    };
    const sec1 = tagged(
      0x30,
      Uint8Array.of(2, 1, 1),
      tagged(0x04, secret ?? 0),
      tagged(0xa0, curve.oid),
      tagged(0xa1, tagged(0x03, 0, 4, ...point)),
    );
    const parameters = pemText("EC PARAMETERS", curve.oid);
    const key = await parsePrivateKey(`${parameters}${pemText("EC PRIVATE KEY", sec1)}`, "old.pem");
    const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
    assert.deepEqual([key.publicKey.curve.name, key.publicKey.spki], [name, spki]);
  });
}

Deno.test("what is no private key, encrypted, doubled or damaged is refused with what to do", async () => {
  const { privatePem, publicKey: { pem, spki } } = await generateKeyPair("P-256", "k");
  const encrypted = [
    privatePem.replaceAll("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"),
    "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,24\n\nAAAA\n-----END EC PRIVATE KEY-----\n",
  ];
  for (const text of encrypted) {
    const { remedy } = await rejects(() => parsePrivateKey(text, "k.pem"), REFUSED, /it is encrypted$/);
    assert.match(remedy ?? "", /openssl pkey -in k\.pem/);
  }
  const privates: [string, RegExp][] = [
    ["", /no PEM block$/],
    [pem, /it holds a public key$/],
    [privatePem + privatePem, /more than one PEM block$/],
    [privatePem.replaceAll("PRIVATE KEY", "CERTIFICATE"), /something else$/],
    [pemText("PRIVATE KEY", spki), /damaged one$/],
    [pemText("EC PRIVATE KEY", spki), /damaged one$/],
    [pemText("PRIVATE KEY", new Uint8Array()), /damaged one$/],
    [privatePem.replace(/\n.{4}/, "\n****"), /something else$/],
  ];
  for (const [text, message] of privates) await rejects(() => parsePrivateKey(text, "k"), REFUSED, message);
});
