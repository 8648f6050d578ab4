import type { Entry } from "../archive/entry.ts";
import type { PackageManifest } from "../archive/package_manifest.ts";
import { PackflowError } from "../base/errors.ts";
import { type Manifest, MANIFEST_FILE } from "../config/manifest.ts";
import { readManifest } from "../config/read_manifest.ts";
import { fileErrorReason } from "../host/file_error.ts";
import { fileInfo, isNotFound, makeTempFolder, readFile, realPath, remove } from "../host/files.ts";
import { basename, dirname, joinPath, resolvePath } from "../host/path.ts";

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

/**
 * Opens a project's folder, its `packflow.jsonc`, or a package. A package is verified whole before anything is
 * written; then it is unpacked to a private temporary folder, which goes when the project is disposed of.
 *
 * @throws {PackflowError} `project.not_found`, `manifest.*`, and for a package `package.*`.
 */
export async function openProject(path: string): Promise<OpenedProject> {
  const target = await locate(path);
  if (target.kind === "directory") {
    return { ...await openFolder(target.path), [Symbol.asyncDispose]: async () => {} };
  }
  const { entries } = await readPackage(target.path);
  const { unpackPackage } = await import("../archive/unpack.ts");
  const temporary = await makeTemporary(target.path);
  try {
    const folder = joinPath(temporary, "package");
    const { digest } = await unpackPackage(entries, folder);
    return {
      ...await openFolder(folder),
      package: { digest },
      [Symbol.asyncDispose]: () => remove(temporary),
    };
  } catch (error) {
    await remove(temporary);
    throw error;
  }
}

/**
 * Reads a package and verifies it whole; writes nothing, runs none of its code.
 *
 * @throws {PackflowError} `project.not_found` where there is no such file, else `package.*`.
 */
export async function readPackage(
  path: string,
): Promise<{ entries: readonly Entry[]; manifest: PackageManifest }> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(resolvePath(path));
  } catch (cause) {
    throw notReadable(path, cause);
  }
  // a project is most often a folder: what reads packages takes milliseconds to load
  const { readArchive } = await import("../archive/read_archive.ts");
  const { verifyPackage } = await import("../archive/package_manifest.ts");
  const entries = readArchive(bytes);
  return { entries, manifest: await verifyPackage(entries) };
}

async function locate(path: string): Promise<{ path: string; kind: "file" | "directory" }> {
  try {
    const real = await realPath(resolvePath(path));
    const kind = (await fileInfo(real))?.kind;
    if (kind === "directory") return { path: real, kind };
    if (kind === "file") {
      return basename(real) === MANIFEST_FILE
        ? { path: dirname(real), kind: "directory" }
        : { path: real, kind };
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
