import { locate, readPackage } from "./open_package.ts";
import { checkFolder } from "./signed_folder.ts";
import { checkPackage, signaturePath, type Trust, verifyTrust } from "./trust.ts";

/** A package or folder that is what a trusted key has signed. */
export interface VerifiedProject {
  /** What it is called in the package, or else in the signature. */
  readonly name: string;
  /** Of a package. */
  readonly package?: { readonly version: string; readonly digest: string };
  /** Files that were compared. */
  readonly files: number;
  /** The id of the key that it was verified with. */
  readonly keyId: string;
  /** Its name in the signature. */
  readonly keyHint: string;
  /** The key's file, as the user named it. */
  readonly keyFile: string;
}

/**
 * Verifies that a package, or a folder such as an unpacked package, is what a trusted key has signed. Runs nothing
 * and writes nothing.
 *
 * @throws {PackflowError} project.not_found, package.*, signature.*
 */
export async function verifyProject(path: string, trust: Trust): Promise<VerifiedProject> {
  const target = await locate(path);
  const { name, files, key } = await verifyTrust(target.path, trust);
  const verifiedBy = { keyId: key.id, keyHint: key.hint, keyFile: key.file };
  if (target.kind === "directory") {
    await checkFolder(files, target.path, { signature: trust.signature ?? signaturePath(target.path) });
    return { name, files: files.size, ...verifiedBy };
  }
  const verified = await readPackage(target.path);
  await checkPackage(files, verified);
  const { manifest } = verified;
  return {
    name: manifest.name,
    package: { version: manifest.version, digest: manifest.digest },
    files: manifest.files.length,
    ...verifiedBy,
  };
}
