import { PackflowError } from "../base/errors.ts";
import { Gzip } from "../deps/fflate.ts";
import { archiveTime } from "./archive_time.ts";
import { checkEntryPath, comparePaths, type Entry, EntryNames, quote } from "./entry.ts";
import { type ArchiveLimits, Limits } from "./limits.ts";
import { BLOCK, encodeTarHeader } from "./tar_header.ts";

/** The file that lists all others; it comes first in an archive. */
export const MANIFEST_PATH = "MANIFEST.json";

/**
 * What the compressor is told. Another level, memory or chunk gives other bytes for the same files, so a change of
 * any of these, or of the library's version, is a change of the format (a golden digest in the tests holds them).
 */
const COMPRESSION = { level: 6, mem: 8, mtime: 0 } as const;
const CHUNK = 65_536;

/** How an archive is written. */
export interface WriteOptions {
  /** What the reader will accept: nothing is written that it would refuse. */
  readonly limits?: ArchiveLimits;
  /** The time of every file, in seconds since 1970; by default `archiveTime` decides. */
  readonly mtime?: number;
}

/**
 * A tar.gz whose bytes depend on the entries alone: their order, the clock, the machine, the user and the version
 * of the runtime do not matter.
 *
 * @throws {PackflowError} package.unsafe_entry, package.too_large, usage.invalid_environment
 */
export function writeArchive(entries: readonly Entry[], options: WriteOptions = {}): Uint8Array<ArrayBuffer> {
  // Untouched pages of a large buffer cost nothing, so room for the worst case beats joining a list of chunks.
  const room = entries.reduce(
    (sum, entry) => sum + entry.path.length + entry.data.length + 2 * BLOCK,
    4 * BLOCK,
  );
  const bytes = new Uint8Array(room + Math.ceil(room / 500));
  let length = 0;
  for (const chunk of archiveChunks(entries, options)) {
    bytes.set(chunk, length);
    length += chunk.length;
  }
  return new Uint8Array(bytes.buffer.transfer(length));
}

/** The bytes of {@linkcode writeArchive} piece by piece, to write a large archive without holding it. */
export function* archiveChunks(
  entries: readonly Entry[],
  options: WriteOptions = {},
): Generator<Uint8Array, void, undefined> {
  const checked = new Limits(options.limits);
  const mtime = options.mtime ?? archiveTime();
  const sorted = canonicalEntries(entries, checked);
  let inflated = 0;
  let compressed = 0;
  const parts = function* () {
    for (const part of tarParts(sorted, mtime)) {
      inflated += part.length;
      checked.checkSize(inflated);
      yield part;
    }
  };
  for (const chunk of gzipChunks(parts())) {
    compressed += chunk.length;
    yield chunk;
  }
  checked.checkRatio(inflated, compressed);
}

/** The entries in the order of an archive, each path checked, none colliding. */
function canonicalEntries(entries: readonly Entry[], limits: Limits): Entry[] {
  limits.checkEntries(entries.length);
  const names = new EntryNames();
  for (const { path, mode } of entries) {
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
  }
  const rank = (path: string) => path === MANIFEST_PATH ? 0 : 1;
  return [...entries].sort((a, b) => rank(a.path) - rank(b.path) || comparePaths(a.path, b.path));
}

function* tarParts(entries: readonly Entry[], mtime: number): Generator<Uint8Array, void, undefined> {
  for (const { path, mode, data } of entries) {
    yield encodeTarHeader({ path, kind: "file", mode, size: data.length, mtime });
    yield data;
    yield new Uint8Array(-data.length & (BLOCK - 1));
  }
  yield new Uint8Array(2 * BLOCK);
}

/** Compresses in chunks of one size, so that the bytes do not depend on how the parts are cut. */
function* gzipChunks(parts: Iterable<Uint8Array>): Generator<Uint8Array, void, undefined> {
  const ready: Uint8Array[] = [];
  const gzip = new Gzip(COMPRESSION, (chunk) => ready.push(chunk));
  const chunk = new Uint8Array(CHUNK);
  let filled = 0;
  for (const part of parts) {
    for (let at = 0; at < part.length;) {
      const piece = part.subarray(at, at + CHUNK - filled);
      chunk.set(piece, filled);
      at += piece.length;
      filled += piece.length;
      if (filled < CHUNK) continue;
      gzip.push(chunk);
      filled = 0;
      yield* ready.splice(0);
    }
  }
  gzip.push(chunk.subarray(0, filled), true);
  yield* ready.splice(0);
}
