import { sameBytes } from "../base/bytes.ts";
import { quote } from "../archive/entry.ts";
import { sha256 } from "../archive/sha256.ts";
import { PackflowError } from "../base/errors.ts";
import { type Curve, CURVES, keyAlgorithm, signAlgorithm } from "./curve.ts";
import { type PemBlock, pemBlocks, pemText } from "./pem.ts";

/** A public key that the user trusts. */
export interface PublicKey {
  readonly curve: Curve;
  readonly key: CryptoKey;
  /** The SubjectPublicKeyInfo, as DER. */
  readonly spki: Uint8Array<ArrayBuffer>;
  /** The same as a PEM file. */
  readonly pem: string;
  /** SHA-256 of `spki` in lower-case hexadecimal: the key's name for people. */
  readonly id: string;
  /** SHA-256 of `pem`, likewise: the key's name in signature files. */
  readonly hint: string;
  /** The file it came from, as the user named it. */
  readonly file: string;
}

const KINDS: Readonly<Record<string, string>> = {
  "PRIVATE KEY": "a private key",
  "EC PRIVATE KEY": "a private key",
  "ENCRYPTED PRIVATE KEY": "a private key",
  "CERTIFICATE": "a certificate",
  "RSA PUBLIC KEY": "an RSA key",
};

/**
 * Reads a public key of a PEM file: SubjectPublicKeyInfo of a key of P-256 or P-384.
 *
 * @param file The file's name, for messages.
 * @throws {PackflowError} signature.invalid_key
 */
export async function parsePublicKey(text: string, file: string): Promise<PublicKey> {
  const [block, second] = pemBlocks(text);
  const refuse = (current: string, remedy?: string): never => {
    throw new PackflowError(
      "signature.invalid_key",
      `Cannot use ${
        quote(file)
      } as a public key as it must be one PEM block "PUBLIC KEY" of a key of P-256 or ` +
        `P-384: ${current}`,
      remedy === undefined ? {} : { remedy },
    );
  };
  if (block === undefined) return refuse("it holds no PEM block");
  if (second !== undefined) return refuse("it holds more than one PEM block");
  if (block.label !== "PUBLIC KEY") {
    const isPrivate = block.label.endsWith("PRIVATE KEY");
    return refuse(
      `it holds ${KINDS[block.label] ?? quote(block.label)}`,
      isPrivate ? `Name the public key; openssl pkey -in ${file} -pubout writes it` : undefined,
    );
  }
  const curve = CURVES.find((each) => isOnCurve(each, block));
  if (curve === undefined || block.bytes === undefined) return refuse("it holds another kind of key");
  const key = await importPublicKey(curve, block.bytes);
  if (key === undefined) return refuse("its point is not on the curve");
  const pem = pemText("PUBLIC KEY", block.bytes);
  const hint = await sha256(new TextEncoder().encode(pem));
  return { curve, key, spki: block.bytes, pem, id: await sha256(block.bytes), hint, file };
}

/** Whether the bytes are, to the last one, how a key of the curve is written with both coordinates. */
function isOnCurve({ spkiPrefix, size }: Curve, { bytes }: PemBlock): boolean {
  return bytes?.length === spkiPrefix.length + 2 * size &&
    sameBytes(bytes.subarray(0, spkiPrefix.length), spkiPrefix);
}

async function importPublicKey(curve: Curve, spki: Uint8Array<ArrayBuffer>): Promise<CryptoKey | undefined> {
  try {
    const key = await crypto.subtle.importKey("spki", spki, keyAlgorithm(curve), true, ["verify"]);
    // Deno looks whether the point is on the curve only when it verifies.
    const any = new Uint8Array(2 * curve.size).fill(1);
    await crypto.subtle.verify(signAlgorithm(curve), key, any, any);
    return key;
  } catch {
    return undefined;
  }
}
