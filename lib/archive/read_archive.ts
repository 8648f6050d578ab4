import { PackflowError } from "../base/errors.ts";
import { checkEntryPath, type Entry, EntryNames, quote } from "./entry.ts";
import { inflateArchive, type InflatedArchive } from "./inflate_archive.ts";
import { type ArchiveLimits, Limits } from "./limits.ts";
import { BLOCK, decodeTarHeader } from "./tar_header.ts";

/**
 * The files of a tar.gz, read as if an enemy had written it. The whole archive is refused for one entry that is not
 * a plain file or folder with a safe name of its own, and for any byte that could be read in two ways. Nothing is
 * written anywhere.
 *
 * An archive is held twice at most: as it came and as entries.
 *
 * @param bytes The archive.
 * @returns The files in the order of the archive; folders are checked and left out.
 * @throws {PackflowError} package.not_a_package, package.corrupt, package.unsafe_entry, package.too_large
 */
export function readArchive(bytes: Uint8Array, limits: ArchiveLimits = {}): Entry[] {
  const checked = new Limits(limits);
  return readTar(inflateArchive(bytes, checked), checked);
}

function readTar(inflated: InflatedArchive, limits: Limits): Entry[] {
  const tar = new TarBytes(inflated);
  const entries: Entry[] = [];
  const names = new EntryNames();
  let count = 0;
  for (let block = tar.take(BLOCK); !isZero(block); block = tar.take(BLOCK)) {
    const header = decodeTarHeader(block, tar.taken - BLOCK);
    limits.checkEntries(++count);
    checkEntryPath(header.path, limits.depth);
    names.add(header.path, header.kind);
    const data = tar.take(header.size);
    if (!isZero(tar.take(-header.size & (BLOCK - 1)))) {
      throw corrupt(`the padding of ${quote(header.path)} must be zero`);
    }
    if (header.kind === "file") entries.push({ path: header.path, mode: header.mode, data });
  }
  if (!isZero(tar.take(BLOCK))) throw corrupt("an empty block must be followed by another");
  tar.end();
  return entries;
}

/** Takes an archive's content in pieces of any length, however it comes. */
class TarBytes {
  /** Bytes taken so far. */
  taken = 0;
  readonly #size: number;
  readonly #chunks: Generator<Uint8Array, void, undefined>;
  #chunk: Uint8Array = new Uint8Array();

  constructor({ size, chunks }: InflatedArchive) {
    this.#size = size;
    this.#chunks = chunks;
  }

  /** The next bytes, in memory of their own; memory is taken only for what the archive says it holds. */
  take(count: number): Uint8Array {
    if (count > this.#size - this.taken) throw corrupt("it must not be cut short");
    const bytes = new Uint8Array(count);
    for (let filled = 0; filled < count;) {
      if (this.#chunk.length === 0) this.#chunk = this.#next();
      const piece = this.#chunk.subarray(0, count - filled);
      bytes.set(piece, filled);
      filled += piece.length;
      this.#chunk = this.#chunk.subarray(piece.length);
    }
    this.taken += count;
    return bytes;
  }

  /** Makes sure that nothing is left and that the archive was whole. */
  end(): void {
    if (this.taken < this.#size) throw corrupt("nothing must follow its two closing blocks");
    while (this.#chunks.next().done !== true);
  }

  #next(): Uint8Array {
    const { done, value } = this.#chunks.next();
    if (done === true) throw corrupt("it must not be cut short");
    return value;
  }
}

/** Whether all bytes are zero; so it is where there are none. */
function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function corrupt(rule: string): PackflowError {
  return new PackflowError("package.corrupt", `Cannot read package as ${rule}`);
}
