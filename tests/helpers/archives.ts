/** Archives in memory: made, read and verified without a file. */
import { bytesSource } from "../../lib/archive/byte_source.ts";
import { bytesContent, type Entry } from "../../lib/archive/entry.ts";
import { type ArchiveLimits, Limits } from "../../lib/archive/limits.ts";
import { makePackageManifest, manifestEntry } from "../../lib/archive/package_manifest.ts";
import { archiveFormat, readArchive } from "../../lib/archive/read_archive.ts";
import { joinChunks } from "../../lib/archive/verify_package.ts";
import { archiveChunks, type ArchiveFormat, type WriteOptions } from "../../lib/archive/write_archive.ts";
import { join } from "./raw_tar.ts";

export const FORMATS = ["tar.gz", "zip"] as const;

/** A file with its bytes at hand. */
export interface File {
  readonly path: string;
  readonly mode: 0o644 | 0o755;
  readonly data: Uint8Array;
}

/** A file from its text or bytes. */
export function file(path: string, data: string | Uint8Array, mode: 0o644 | 0o755 = 0o644): File {
  return { path, mode, data: typeof data === "string" ? new TextEncoder().encode(data) : data };
}

/** The file as an archive's writer takes it. */
export function entryOf({ path, mode, data }: File): Entry {
  return { path, mode, content: bytesContent(data) };
}

/** The bytes of an archive. */
export async function archive(
  files: readonly File[],
  format: ArchiveFormat = "tar.gz",
  options: WriteOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return join(...await Array.fromAsync(archiveChunks(files.map(entryOf), format, options)));
}

/** A package's files, its manifest first. */
export async function packed(
  files: readonly File[],
  about = { name: "sample", version: "1.2.3" },
): Promise<File[]> {
  const { path, mode, content } = manifestEntry(await makePackageManifest(files.map(entryOf), about));
  return [{ path, mode, data: await joinChunks(content.chunks(), content.size) }, ...files];
}

/** The files of an archive, whichever it is, as the reader gives them. */
export async function readFiles(bytes: Uint8Array, limits: ArchiveLimits = {}): Promise<File[]> {
  const source = bytesSource(bytes);
  const files: File[] = [];
  for await (const file of readArchive(source, await archiveFormat(source), new Limits(limits))) {
    const { path, mode, size, chunks } = file;
    files.push({ path, mode, data: await joinChunks(chunks, size) });
  }
  return files;
}
