import { quote } from "../archive/entry.ts";
import { PackflowError } from "../base/errors.ts";
import { fileErrorReason } from "../host/file_error.ts";
import { isNotFound, readUpTo, remove, rename, writeFile } from "../host/files.ts";
import { resolvePath } from "../host/path.ts";
import { MAX_SIGNATURE_BYTES, readBundle } from "../sign/bundle.ts";
import { parsePrivateKey } from "../sign/private_key.ts";
import { signFiles } from "../sign/signature.ts";
import { isUnsignedPath } from "../sign/statement.ts";
import { readPackage } from "./open_package.ts";
import { packageDigests, readKeyFile, signaturePath } from "./trust.ts";

/** What to sign. */
export interface SignOptions {
  /** The package's file. */
  readonly path: string;
  /** The private key's file. */
  readonly key: string;
  /** The signature's file; the package's with ".sig" behind when left out. */
  readonly output?: string;
}

/** A package that was signed. */
export interface SignedPackage {
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  /** Files that the signature lists: the package's and its list of files, without Git's own. */
  readonly files: number;
  /** The id of the key that signed. */
  readonly keyId: string;
  /** Its name in the signature. */
  readonly keyHint: string;
  /** Absolute path of the signature. */
  readonly signature: string;
}

/**
 * Verifies a package whole, then signs the digests of its files. The package stays as it is.
 *
 * @throws {PackflowError} package.*, project.not_found, signature.invalid_key, signature.unreadable,
 * signature.exists, signature.unwritable
 */
export async function signPackage({ path, key, output }: SignOptions): Promise<SignedPackage> {
  const privateKey = await parsePrivateKey(await readKeyFile(key), key);
  const verified = await readPackage(path);
  const { name, version, digest } = verified.manifest;
  const digests = await packageDigests(verified);
  const signature = output === undefined ? signaturePath(path) : resolvePath(output);
  await write(signature, await signFiles(`${name}-${version}`, digests, privateKey));
  return {
    name,
    version,
    digest,
    files: [...digests.keys()].filter((file) => !isUnsignedPath(file)).length,
    keyId: privateKey.publicKey.id,
    keyHint: privateKey.publicKey.hint,
    signature,
  };
}

/** Writes a signature whole or not at all. It takes the place of an earlier signature only: not of a key or package. */
async function write(path: string, bytes: Uint8Array): Promise<void> {
  const beside = `${path}.new`;
  try {
    await refuseOther(path);
    await remove(beside);
    await writeFile(beside, bytes);
    await rename(beside, path);
  } catch (cause) {
    if (cause instanceof PackflowError) throw cause;
    await remove(beside);
    const reason = fileErrorReason(cause);
    throw new PackflowError("signature.unwritable", `Cannot write signature ${quote(path)}: ${reason}`, {
      cause,
    });
  }
}

async function refuseOther(path: string): Promise<void> {
  try {
    readBundle(await readUpTo(path, MAX_SIGNATURE_BYTES + 1));
  } catch (cause) {
    if (isNotFound(cause)) return;
    throw new PackflowError(
      "signature.exists",
      `Cannot write signature ${quote(path)} as no file but an earlier signature may be there`,
      { cause },
    );
  }
}
