import { bytesContent, type Entry } from "../archive/entry.ts";
import type { ArchiveLimits } from "../archive/limits.ts";
import type { PackageFormat } from "../archive/open_archive.ts";
import { makePackageManifest, type PackageManifest } from "../archive/package_manifest.ts";
import { joinChunks } from "../archive/verify_package.ts";
import { type Manifest, MANIFEST_FILE } from "../config/manifest.ts";
import { parseManifest } from "../config/parse_manifest.ts";
import { readManifest } from "../config/read_manifest.ts";
import type { LeftFile } from "./collect_files.ts";
import { locate, readPackage } from "./open_package.ts";
import { projectEntries } from "./project_entries.ts";

/** What a package holds, or a package of a project would hold. */
export interface Contents {
  /** Absolute path, links resolved. */
  readonly path: string;
  /** Of a package. */
  readonly archive?: { readonly format: PackageFormat; readonly size: number; readonly sha256: string };
  /** Every file but the list itself, and the digest over all. */
  readonly list: PackageManifest;
  /** The project's manifest. */
  readonly manifest: Manifest;
  /** What stays out of a package of the project; of a package that is made, nothing is known of it. */
  readonly left: readonly LeftFile[];
  /** A file's bytes in pieces. */
  chunks(path: string): AsyncIterable<Uint8Array>;
}

/** Files that are read whole are read up to this size. */
const READ_LIMIT = 64 * 1024 * 1024;

/**
 * Opens a package, verified whole, or a project's folder for a look at what it holds. Writes nothing and runs none of
 * its code.
 *
 * @throws {PackflowError} `project.*`, `manifest.*`, `package.*`; of a folder `backend.*` and `loader.*` too
 */
export async function openContents(path: string, limits: ArchiveLimits = {}): Promise<Contents> {
  const target = await locate(path);
  return target.kind === "directory" ? await openFolder(target.path) : await openPackage(target.path, limits);
}

/** The text of a small file, undefined where there is none. */
export async function readText({ list, chunks }: Contents, path: string): Promise<string | undefined> {
  const file = list.files.find((file) => file.path === path);
  if (file === undefined || file.size > READ_LIMIT) return undefined;
  return new TextDecoder().decode(await joinChunks(chunks(path), file.size));
}

async function openPackage(path: string, limits: ArchiveLimits): Promise<Contents> {
  const verified = await readPackage(path, limits);
  const { format, size, sha256 } = verified;
  const text = await verified.read(MANIFEST_FILE);
  return {
    path,
    archive: { format, size, sha256 },
    list: verified.manifest,
    manifest: parseManifest(new TextDecoder().decode(text), MANIFEST_FILE),
    left: [],
    chunks: (file) => verified.chunks(file),
  };
}

async function openFolder(path: string): Promise<Contents> {
  const manifest = await readManifest(path);
  const { entries, left } = await projectEntries(path, manifest);
  const byPath = new Map<string, Entry>(entries.map((entry) => [entry.path, entry]));
  return {
    path,
    list: await makePackageManifest(entries, manifest),
    manifest,
    left,
    chunks: (file) => (byPath.get(file)?.content ?? bytesContent(new Uint8Array())).chunks(),
  };
}
