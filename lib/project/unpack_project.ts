import type { ArchiveLimits } from "../archive/limits.ts";
import { PackflowError } from "../base/errors.ts";
import { resolvePath } from "../host/path.ts";
import { PatternList } from "./ignore_rules.ts";
import { locate, readPackage } from "./open_package.ts";
import { checkPackage, type Trust, verifyTrust } from "./trust.ts";

/** How to unpack a package. */
export interface UnpackProjectOptions {
  /** The folder to make; `{name}-{version}` in the current folder when left out. */
  readonly folder?: string;
  /** Patterns in the form of `.gitignore` of the files to write; all files when empty. */
  readonly filter?: readonly string[];
  /** It must be signed by one of these keys; anyone may have made it when left out. */
  readonly trust?: Trust;
  readonly limits?: ArchiveLimits;
}

/** What was unpacked. */
export interface UnpackedProject {
  /** Absolute path of the folder. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** How many files were written, beside the list of them. */
  readonly files: number;
  readonly digest: string;
  /** The id of the key that the package was verified with, where it had to be signed. */
  readonly signedBy?: string;
}

/**
 * Verifies a package whole, its signature first where it must have one, and writes its files to a new folder.
 *
 * @throws {PackflowError} `project.not_found`, `package.*`, `signature.*`; `usage.invalid` where no file matches
 */
export async function unpackProject(
  path: string,
  { folder, filter = [], trust, limits = {} }: UnpackProjectOptions = {},
): Promise<UnpackedProject> {
  const target = await locate(path);
  const signature = trust === undefined ? undefined : await verifyTrust(target.path, trust);
  const verified = await readPackage(target.path, limits);
  if (signature !== undefined) await checkPackage(signature.files, verified);
  const { name, version, files } = verified.manifest;
  const patterns = new PatternList(filter);
  const only = (file: string) => filter.length === 0 || patterns.matches(file);
  const count = files.filter((file) => only(file.path)).length;
  if (count === 0) {
    throw new PackflowError(
      "usage.invalid",
      `Cannot unpack "${path}" with these filters as they must match a file`,
    );
  }
  const place = resolvePath(folder ?? `${name}-${version}`);
  const { digest } = await verified.unpack(place, { only });
  return {
    ...{ path: place, name, version, files: count, digest },
    ...(signature === undefined ? {} : { signedBy: signature.key.id }),
  };
}
