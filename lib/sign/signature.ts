import { sameBytes } from "../base/bytes.ts";
import { type Bundle, preAuthEncoding, readBundle, writeBundle } from "./bundle.ts";
import { signAlgorithm } from "./curve.ts";
import { signatureFromDer, signatureToDer } from "./der_signature.ts";
import { refuseSignature } from "./fail.ts";
import type { PrivateKey } from "./private_key.ts";
import type { PublicKey } from "./public_key.ts";
import { type FileDigests, makeStatement, parseStatement, type SignedFiles } from "./statement.ts";

/** What a trusted key has signed. */
export interface VerifiedSignature extends SignedFiles {
  /** The key that it was verified with. */
  readonly key: PublicKey;
}

/**
 * Signs files by their digests.
 *
 * @param name What the files are together, such as "my-model-1.0.0".
 * @returns The bytes of a signature file.
 */
export async function signFiles(
  name: string,
  digests: FileDigests,
  { key, publicKey }: PrivateKey,
): Promise<Uint8Array> {
  const payload = await makeStatement(name, digests);
  const algorithm = signAlgorithm(publicKey.curve);
  const halves = new Uint8Array(await crypto.subtle.sign(algorithm, key, preAuthEncoding(payload)));
  const bytes = writeBundle({ hint: publicKey.hint, payload, signature: signatureToDer(halves) });
  // A key file may hold a public key that is not the private key's, and memory may fail: nobody could verify that.
  await verifySignature(bytes, [publicKey]);
  return bytes;
}

/**
 * Verifies a signature file with the keys that the user trusts. Nothing of what it says about files is looked at
 * before the signature over the very bytes that say it was found good.
 *
 * @throws {PackflowError} signature.invalid_bundle, signature.unsupported, signature.unknown_key,
 * signature.not_valid, signature.invalid_statement
 */
export async function verifySignature(
  bytes: Uint8Array,
  trusted: readonly PublicKey[],
): Promise<VerifiedSignature> {
  const bundle = readBundle(bytes);
  const key = trusted.find((each) => isNamed(each, bundle.key));
  if (key === undefined) {
    const keys = trusted.map(({ id, file }) => `${id} (${file})`).join(", ");
    const current = trusted.length === 0 ? "none was named" : `trusted are ${keys}`;
    refuseSignature("signature.unknown_key", `it must be by a key that was named as trusted: ${current}`);
  }
  const { curve } = key;
  const signature = signatureFromDer(bundle.signature, curve.size);
  const signed = preAuthEncoding(bundle.payload);
  if (
    signature === undefined || !await crypto.subtle.verify(signAlgorithm(curve), key.key, signature, signed)
  ) {
    refuseSignature("signature.not_valid", `it must be good for the key ${key.id} (${key.file})`);
  }
  return { ...await parseStatement(bundle.payload), key };
}

function isNamed({ hint, spki, pem }: PublicKey, named: Bundle["key"]): boolean {
  if ("hint" in named) return named.hint === hint;
  return sameBytes(named.rawBytes, spki) || sameBytes(named.rawBytes, new TextEncoder().encode(pem));
}
