import { joinBytes } from "../base/bytes.ts";
import { quote } from "../archive/entry.ts";
import { PackflowError } from "../base/errors.ts";
import { type Curve, CURVES, EC_PUBLIC_KEY, keyAlgorithm } from "./curve.ts";
import { pemBlocks, pemText } from "./pem.ts";
import { parsePublicKey, type PublicKey } from "./public_key.ts";

/** A key that signs, with the public key that verifies. */
export interface PrivateKey {
  readonly key: CryptoKey;
  readonly publicKey: PublicKey;
}

/** A new pair of keys as files hold them. */
export interface KeyPair {
  /** PKCS #8 in PEM, not encrypted. */
  readonly privatePem: string;
  /** SubjectPublicKeyInfo in PEM. */
  readonly publicKey: PublicKey;
}

/** Makes a new pair of keys. `file` is what the public key's file will be called. */
export async function generateKeyPair(curveName: Curve["name"], file: string): Promise<KeyPair> {
  const algorithm = { name: "ECDSA", namedCurve: curveName };
  const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const spki = await crypto.subtle.exportKey("spki", pair.publicKey);
  const pkcs8 = await crypto.subtle.exportKey("pkcs8", pair.privateKey);
  return {
    privatePem: pemText("PRIVATE KEY", new Uint8Array(pkcs8)),
    publicKey: await parsePublicKey(pemText("PUBLIC KEY", new Uint8Array(spki)), file),
  };
}

/**
 * Reads a private key of a PEM file: PKCS #8, or the older form of `openssl ecparam -genkey`.
 *
 * @param file The file's name, for messages.
 * @throws {PackflowError} signature.invalid_key
 */
export async function parsePrivateKey(text: string, file: string): Promise<PrivateKey> {
  const blocks = pemBlocks(text).filter(({ label }) => label !== "EC PARAMETERS");
  const [block] = blocks;
  if (block === undefined) return refuse(file, "it holds no PEM block");
  if (blocks.length > 1) return refuse(file, "it holds more than one PEM block");
  const { label, bytes } = block;
  if (label === "ENCRYPTED PRIVATE KEY" || (label === "EC PRIVATE KEY" && bytes === undefined)) {
    const remedy = `Decrypt it to a file that only you can read: openssl pkey -in ${file} -out plain.pem`;
    return refuse(file, "it is encrypted", remedy);
  }
  if ((label !== "PRIVATE KEY" && label !== "EC PRIVATE KEY") || bytes === undefined) {
    return refuse(file, label === "PUBLIC KEY" ? "it holds a public key" : "it holds something else");
  }
  for (const curve of CURVES) {
    const key = await importKey(curve, label === "PRIVATE KEY" ? bytes : toPkcs8(curve, bytes), file);
    if (key !== undefined) return key;
  }
  return refuse(file, "it holds another kind of key, or a damaged one");
}

function refuse(file: string, current: string, remedy?: string): never {
  throw new PackflowError(
    "signature.invalid_key",
    `Cannot use ${
      quote(file)
    } as a private key as it must be one PEM block "PRIVATE KEY" of a key of P-256 or ` +
      `P-384: ${current}`,
    remedy === undefined ? {} : { remedy },
  );
}

async function importKey(
  curve: Curve,
  pkcs8: Uint8Array<ArrayBuffer>,
  file: string,
): Promise<PrivateKey | undefined> {
  try {
    const key = await crypto.subtle.importKey("pkcs8", pkcs8, keyAlgorithm(curve), true, ["sign"]);
    // Deno reads what is inside only here.
    const { x = "", y = "" } = await crypto.subtle.exportKey("jwk", key);
    const point = joinBytes([x, y].map((part) => Uint8Array.fromBase64(part, { alphabet: "base64url" })));
    const spki = joinBytes([curve.spkiPrefix, point]);
    return { key, publicKey: await parsePublicKey(pemText("PUBLIC KEY", spki), file) };
  } catch {
    // of another curve, or damaged
    return undefined;
  }
}

/** PKCS #8 around the older form of a private key: its version, the curve, the key. */
function toPkcs8({ oid }: Curve, sec1: Uint8Array): Uint8Array<ArrayBuffer> {
  const algorithm = der(0x30, joinBytes([EC_PUBLIC_KEY, oid]));
  return der(0x30, joinBytes([der(0x02, Uint8Array.of(0)), algorithm, der(0x04, sec1)]));
}

function der(tag: number, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const { length } = content;
  const size = length < 0x80
    ? [length]
    : length < 0x100
    ? [0x81, length]
    : [0x82, length >> 8, length & 0xff];
  return joinBytes([Uint8Array.of(tag, ...size), content]);
}
