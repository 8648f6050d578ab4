import { quote } from "../archive/entry.ts";
import type { VerifiedPackage } from "../archive/open_archive.ts";
import { sha256 } from "../archive/sha256.ts";
import { MANIFEST_PATH } from "../archive/write_archive.ts";
import { PackflowError } from "../base/errors.ts";
import { fileErrorReason } from "../host/file_error.ts";
import { isNotFound, readUpTo } from "../host/files.ts";
import { resolvePath } from "../host/path.ts";
import { MAX_SIGNATURE_BYTES } from "../sign/bundle.ts";
import { checkDigest, checkIsComplete, checkIsSigned } from "../sign/check_files.ts";
import { parsePublicKey, type PublicKey } from "../sign/public_key.ts";
import { type VerifiedSignature, verifySignature } from "../sign/signature.ts";
import type { FileDigests } from "../sign/statement.ts";

/** Whom the user trusts. Keys come from the user alone: none that lies in a package or beside it is looked for. */
export interface Trust {
  /** Files of public keys; a signature by any one of them will do. */
  readonly keys: readonly string[];
  /** The signature's file; that of the package or folder with ".sig" behind when left out. */
  readonly signature?: string;
}

/** Files of keys are far smaller. */
const MAX_KEY_BYTES = 64 * 1024;

/** Where the signature of a package or folder lies unless the user says otherwise. */
export function signaturePath(path: string): string {
  return `${resolvePath(path)}.sig`;
}

/**
 * Verifies the signature of a package or folder, none of whose files has been looked at yet.
 *
 * @param path The package or folder.
 * @throws {PackflowError} signature.*
 */
export async function verifyTrust(path: string, trust: Trust): Promise<VerifiedSignature> {
  const keys: PublicKey[] = [];
  for (const file of trust.keys) keys.push(await parsePublicKey(await readKeyFile(file), file));
  const file = trust.signature ?? signaturePath(path);
  let bytes: Uint8Array;
  try {
    bytes = await readUpTo(file, MAX_SIGNATURE_BYTES + 1);
  } catch (cause) {
    const isMissing = isNotFound(cause);
    throw new PackflowError(
      isMissing ? "signature.not_found" : "signature.unreadable",
      `Cannot accept ${quote(path)} as it must be signed: ` +
        (isMissing
          ? `there is no ${quote(file)}`
          : `${quote(file)} cannot be read, ${fileErrorReason(cause)}`),
      { cause },
    );
  }
  return await verifySignature(bytes, keys);
}

/**
 * The text of a key's file.
 *
 * @throws {PackflowError} signature.unreadable, signature.invalid_key
 */
export async function readKeyFile(file: string): Promise<string> {
  try {
    // what is longer, or no text, holds no PEM block that is whole
    return new TextDecoder().decode(await readUpTo(file, MAX_KEY_BYTES));
  } catch (cause) {
    const reason = isNotFound(cause) ? "there is no such file" : fileErrorReason(cause);
    throw new PackflowError("signature.unreadable", `Cannot read key ${quote(file)}: ${reason}`, { cause });
  }
}

/** The digests of all files of a package, its list of files among them. */
export async function packageDigests(verified: VerifiedPackage): Promise<FileDigests> {
  const manifest = await verified.read(MANIFEST_PATH);
  return new Map([
    [MANIFEST_PATH, await sha256(manifest)],
    ...verified.manifest.files.map(({ path, sha256 }) => [path, sha256] as const),
  ]);
}

/**
 * Compares a package, which was verified whole, with what was signed. Its list of files must be signed: it holds
 * the digests of Git's own files too, and the modes, which a signature leaves out.
 *
 * @throws {PackflowError} signature.missing_file, signature.unsigned_file, signature.altered_file
 */
export async function checkPackage(signed: FileDigests, verified: VerifiedPackage): Promise<void> {
  const digests = await packageDigests(verified);
  for (const path of digests.keys()) checkIsSigned(signed, path);
  checkIsComplete(signed, digests);
  for (const [path, digest] of digests) {
    if (signed.has(path)) checkDigest(signed, path, digest);
  }
}
