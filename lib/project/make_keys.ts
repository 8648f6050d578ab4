import { quote } from "../archive/entry.ts";
import { PackflowError } from "../base/errors.ts";
import { fileErrorReason } from "../host/file_error.ts";
import { fileInfo, remove, writeFile } from "../host/files.ts";
import { resolvePath } from "../host/path.ts";
import type { Curve } from "../sign/curve.ts";
import { generateKeyPair } from "../sign/private_key.ts";

/** A pair of keys that was made. */
export interface MadeKeys {
  /** The public key's id: SHA-256 of its SubjectPublicKeyInfo, in lower-case hexadecimal. */
  readonly keyId: string;
  /** Its name in signature files: SHA-256 of its PEM, likewise. */
  readonly keyHint: string;
  /** Absolute path of the private key, which only the user may read. */
  readonly privateKey: string;
  /** Absolute path of the public key. */
  readonly publicKey: string;
}

/**
 * Makes a pair of keys and writes it to `NAME.pem` and `NAME.pub.pem`. Nothing is ever overwritten.
 *
 * @throws {PackflowError} signature.exists, signature.unwritable
 */
export async function makeKeys(name: string, curve: Curve["name"]): Promise<MadeKeys> {
  const privateKey = resolvePath(`${name}.pem`);
  const publicKey = resolvePath(`${name}.pub.pem`);
  for (const path of [privateKey, publicKey]) {
    if (await fileInfo(path) === undefined) continue;
    throw new PackflowError(
      "signature.exists",
      `Cannot write key ${quote(path)} as no file may be there yet`,
    );
  }
  const pair = await generateKeyPair(curve, publicKey);
  await write(publicKey, pair.publicKey.pem, 0o644);
  try {
    await write(privateKey, pair.privatePem, 0o600);
  } catch (error) {
    await remove(publicKey);
    throw error;
  }
  const { id: keyId, hint: keyHint } = pair.publicKey;
  return { keyId, keyHint, privateKey, publicKey };
}

async function write(path: string, text: string, mode: number): Promise<void> {
  try {
    await writeFile(path, text, { mode });
  } catch (cause) {
    const reason = fileErrorReason(cause);
    throw new PackflowError("signature.unwritable", `Cannot write key ${quote(path)}: ${reason}`, { cause });
  }
}
