import { quote } from "../archive/entry.ts";
import { PackflowError } from "../base/errors.ts";
import { type FileDigests, isUnsignedPath } from "./statement.ts";

/**
 * Refuses a file that was not signed, unless it is one of Git's own.
 *
 * @throws {PackflowError} signature.unsigned_file
 */
export function checkIsSigned(signed: FileDigests, path: string): void {
  if (signed.has(path) || isUnsignedPath(path)) return;
  throw new PackflowError(
    "signature.unsigned_file",
    `Cannot accept file ${quote(path)} as it must be signed: the signature does not list it`,
  );
}

/**
 * Refuses files of which one that was signed is missing.
 *
 * @throws {PackflowError} signature.missing_file
 */
export function checkIsComplete(signed: FileDigests, present: { has(path: string): boolean }): void {
  for (const path of signed.keys()) {
    if (present.has(path)) continue;
    throw new PackflowError(
      "signature.missing_file",
      `Cannot accept files as ${quote(path)} must be among them: it was signed`,
    );
  }
}

/**
 * Refuses a file whose SHA-256 is not the one that was signed.
 *
 * @throws {PackflowError} signature.altered_file
 */
export function checkDigest(signed: FileDigests, path: string, digest: string): void {
  const expected = signed.get(path);
  if (expected === digest) return;
  throw new PackflowError(
    "signature.altered_file",
    `Cannot accept file ${quote(path)} as its SHA-256 must be ${expected}: current value is ${digest}`,
  );
}
