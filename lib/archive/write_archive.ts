import { PackflowError } from "../base/errors.ts";
import { archiveTime } from "./archive_time.ts";
import { checkEntryPath, comparePaths, type Entry, EntryNames, quote } from "./entry.ts";
import { type ArchiveLimits, Limits } from "./limits.ts";
import { tarGzChunks } from "./tar_writer.ts";
import { zipChunks } from "./zip_writer.ts";

/** The file that lists all others; it comes first in an archive. */
export const MANIFEST_PATH = "MANIFEST.json";

/** The containers of a package, each by the end of its file's name. */
export type ArchiveFormat = "tar.gz" | "zip";

/** How an archive is written. */
export interface WriteOptions {
  /** What the reader will accept: nothing is written that it would refuse. */
  readonly limits?: ArchiveLimits;
  /** The time of every file, in seconds since 1970; by default `archiveTime` decides. */
  readonly mtime?: number;
}

/**
 * An archive piece by piece, never held whole. Its bytes depend on the entries alone: their order, the clock, the
 * machine, the user and the version of the runtime do not matter.
 *
 * @throws {PackflowError} package.unsafe_entry, package.too_large, package.content_changed,
 * usage.invalid_environment; and what reading a content throws
 */
export async function* archiveChunks(
  entries: readonly Entry[],
  format: ArchiveFormat,
  options: WriteOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const limits = new Limits(options.limits);
  const mtime = options.mtime ?? archiveTime();
  const sorted = canonicalEntries(entries, limits);
  const write = format === "zip" ? zipChunks : tarGzChunks;
  let written = 0;
  for await (const chunk of write(sorted, mtime)) {
    written += chunk.length;
    yield chunk;
  }
  limits.checkRatio(sorted.reduce((sum, { content }) => sum + content.size, 0), written);
}

/** The entries in the order of an archive, each path checked, none colliding, none too large. */
function canonicalEntries(entries: readonly Entry[], limits: Limits): Entry[] {
  limits.checkEntries(entries.length);
  const names = new EntryNames();
  let total = 0;
  for (const { path, mode, content } of entries) {
    checkEntryPath(path, limits.depth);
    names.add(path, "file");
    if (mode !== 0o644 && mode !== 0o755) {
      throw new PackflowError(
        "package.unsafe_entry",
        `Cannot accept package entry ${
          quote(path)
        } as its mode must be 0644 or 0755: current value is ${mode}`,
      );
    }
    limits.checkFile(path, content.size);
    limits.checkSize(total += content.size);
  }
  const rank = (path: string) => path === MANIFEST_PATH ? 0 : 1;
  return [...entries].sort((a, b) => rank(a.path) - rank(b.path) || comparePaths(a.path, b.path));
}
