import type { ArchiveLimits } from "../archive/limits.ts";
import { isOciLayout } from "../archive/is_oci_layout.ts";
import type { VerifiedPackage } from "../archive/open_archive.ts";
import { PackflowError } from "../base/errors.ts";
import { type Manifest, MANIFEST_FILE } from "../config/manifest.ts";
import { readManifest } from "../config/read_manifest.ts";
import { fileErrorReason } from "../host/file_error.ts";
import { fileInfo, isNotFound, makeTempFolder, realPath, remove } from "../host/files.ts";
import { basename, dirname, joinPath, resolvePath } from "../host/path.ts";
import type { Trust } from "./trust.ts";

/** A project to work with: a folder of the user's, or a package unpacked for as long as it is open. */
export interface OpenedProject {
  /** Absolute path, links resolved. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** Of a project that came as a package: the digest of its files. */
  readonly package?: { readonly digest: string };
  /** Removes the folder of an unpacked package. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** What must hold before a project is opened. */
export interface OpenOptions {
  /** It must be signed by one of these keys; anyone may have made it when left out. */
  readonly trust?: Trust;
}

/**
 * Opens a project's folder, its `packflow.jsonc`, or a package. A package is verified whole before anything is
 * written; then it is unpacked to a private temporary folder, which goes when the project is disposed of. With
 * `trust` the signature is verified before all else, and a folder's signed files are copied to such a private
 * folder too: what is used later are the very bytes that were compared with what was signed.
 *
 * @throws {PackflowError} `project.not_found`, `manifest.*`, for a package `package.*`, with trust `signature.*`.
 */
export async function openProject(path: string, { trust }: OpenOptions = {}): Promise<OpenedProject> {
  const target = await locate(path);
  if (trust !== undefined) return await openTrusted(target, trust);
  if (target.kind === "directory") {
    return { ...await openFolder(target.path), [Symbol.asyncDispose]: async () => {} };
  }
  const verified = await readPackage(target.path);
  return await inTemporary(target.path, (folder) => openPackage(verified, folder));
}

async function openTrusted({ path, kind }: Target, trust: Trust): Promise<OpenedProject> {
  const { checkPackage, signaturePath, verifyTrust } = await import("./trust.ts");
  const signed = await verifyTrust(path, trust);
  if (kind === "directory") {
    const signature = trust.signature ?? signaturePath(path);
    const { checkFolder } = await import("./signed_folder.ts");
    return await inTemporary(path, async (copyTo) => {
      await checkFolder(signed.files, path, { signature, copyTo });
      return await openFolder(copyTo);
    });
  }
  const verified = await readPackage(path);
  await checkPackage(signed.files, verified);
  return await inTemporary(path, (folder) => openPackage(verified, folder));
}

/** What is known of a project beside how to let it go. */
type Opened = Omit<OpenedProject, typeof Symbol.asyncDispose>;

async function openPackage(verified: VerifiedPackage, folder: string): Promise<Opened> {
  const { digest } = await verified.unpack(folder);
  return { ...await openFolder(folder), package: { digest } };
}

/** Fills a folder inside a fresh private one, which goes when the project is disposed of, or at once on an error. */
async function inTemporary(path: string, fill: (folder: string) => Promise<Opened>): Promise<OpenedProject> {
  const temporary = await makeTemporary(path);
  try {
    const opened = await fill(joinPath(temporary, "package"));
    return { ...opened, [Symbol.asyncDispose]: () => remove(temporary) };
  } catch (error) {
    await remove(temporary);
    throw error;
  }
}

/**
 * Reads a package and verifies it whole; writes nothing, runs none of its code.
 *
 * @throws {PackflowError} `project.not_found` where there is no such file or folder, else `package.*`.
 */
export async function readPackage(path: string, limits: ArchiveLimits = {}): Promise<VerifiedPackage> {
  // A project is most often a folder: what reads packages takes milliseconds to load.
  const { verifyPackageFile } = await import("../archive/open_archive.ts");
  const { verifyOciLayout } = await import("../archive/open_oci_layout.ts");
  try {
    return await isOciLayout(path)
      ? await verifyOciLayout(path, limits)
      : await verifyPackageFile(path, limits);
  } catch (cause) {
    throw cause instanceof PackflowError ? cause : notReadable(path, cause);
  }
}

/** What a path leads to, links resolved: a project's folder, or what may be a package: a file or an OCI layout. */
export interface Target {
  readonly path: string;
  readonly kind: "package" | "directory";
}

/**
 * Finds what a path leads to; a folder's `packflow.jsonc` leads to the folder.
 *
 * @throws {PackflowError} project.not_found
 */
export async function locate(path: string): Promise<Target> {
  try {
    const real = await realPath(resolvePath(path));
    const kind = (await fileInfo(real))?.kind;
    if (kind === "directory") return { path: real, kind: await isOciLayout(real) ? "package" : kind };
    if (kind === "file") {
      return basename(real) === MANIFEST_FILE
        ? { path: dirname(real), kind: "directory" }
        : { path: real, kind: "package" };
    }
  } catch (cause) {
    throw notReadable(path, cause);
  }
  throw notReadable(path, new Error("It is neither a file nor a folder"));
}

async function openFolder(folder: string): Promise<{ folder: string; manifest: Manifest }> {
  const real = await realPath(folder);
  return { folder: real, manifest: await readManifest(real) };
}

async function makeTemporary(path: string): Promise<string> {
  try {
    return await makeTempFolder("packflow-");
  } catch (cause) {
    const reason = fileErrorReason(cause);
    throw new PackflowError(
      "package.unpack_failed",
      `Cannot unpack "${path}" to a temporary folder: ${reason}`,
      {
        cause,
      },
    );
  }
}

function notReadable(path: string, cause: unknown): PackflowError {
  const reason = isNotFound(cause) ? "there is no such file or folder" : fileErrorReason(cause);
  return new PackflowError("project.not_found", `Cannot open "${path}" as a project or package: ${reason}`, {
    cause,
    remedy: "Name a project's folder or a package; packflow create NAME makes a project",
  });
}
