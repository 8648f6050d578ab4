import { PackflowError } from "../base/errors.ts";
import type { ArchivedFile } from "./archived_file.ts";
import type { ByteSource } from "./byte_source.ts";
import { checkEntryPath, EntryNames, quote } from "./entry.ts";
import { inflateGzip } from "./gzip_reader.ts";
import type { Limits } from "./limits.ts";
import { BLOCK, decodeTarHeader } from "./tar_header.ts";

/**
 * The files of a tar.gz, read as if an enemy had written it. The whole archive is refused for one entry that is not
 * a plain file or folder with a safe name of its own, and for any byte that could be read in two ways.
 *
 * @returns The files in the order of the archive; folders are checked and left out.
 * @throws {PackflowError} package.not_a_package, package.corrupt, package.unsafe_entry, package.too_large
 */
export async function* readTarGz(
  source: ByteSource,
  limits: Limits,
): AsyncGenerator<ArchivedFile, void, undefined> {
  const tar = new TarBytes(inflateGzip(source, limits));
  const names = new EntryNames();
  let count = 0;
  try {
    for (let block = await tar.take(BLOCK); !isZero(block); block = await tar.take(BLOCK)) {
      const { path, kind, mode, size } = decodeTarHeader(block, tar.taken - BLOCK);
      limits.checkEntries(++count);
      checkEntryPath(path, limits.depth);
      limits.checkFile(path, size);
      names.add(path, kind);
      const end = tar.taken + size;
      if (kind === "file") yield { path, mode, size, chunks: tar.upTo(end) };
      for await (const _ of tar.upTo(end)); // what nobody took
      if (!isZero(await tar.take(-size & (BLOCK - 1)))) {
        throw corrupt(`the padding of ${quote(path)} must be zero`);
      }
    }
    if (!isZero(await tar.take(BLOCK))) throw corrupt("an empty block must be followed by another");
    await tar.end();
  } finally {
    await tar.close();
  }
}

/** Takes an archive's content in pieces of any length, however it comes. */
class TarBytes {
  /** Bytes taken so far. */
  taken = 0;
  readonly #chunks: AsyncGenerator<Uint8Array, void, undefined>;
  #chunk: Uint8Array = new Uint8Array();

  constructor(chunks: AsyncGenerator<Uint8Array, void, undefined>) {
    this.#chunks = chunks;
  }

  /** The next few bytes. */
  async take(count: number): Promise<Uint8Array> {
    if (count > 0 && this.#chunk.length === 0) await this.#next();
    if (this.#chunk.length >= count) return this.#piece(count);
    const bytes = new Uint8Array(count);
    for (let filled = 0; filled < count;) {
      if (this.#chunk.length === 0) await this.#next();
      const piece = this.#piece(count - filled);
      bytes.set(piece, filled);
      filled += piece.length;
    }
    return bytes;
  }

  /** The bytes up to a place; none where it is behind. */
  async *upTo(end: number): AsyncGenerator<Uint8Array, void, undefined> {
    while (this.taken < end) {
      if (this.#chunk.length === 0) await this.#next();
      yield this.#piece(end - this.taken);
    }
  }

  /** Makes sure that nothing is left and that the archive was whole. */
  async end(): Promise<void> {
    const rest = this.#chunk.length > 0 || (await this.#chunks.next()).done !== true;
    if (rest) throw corrupt("nothing must follow its two closing blocks");
  }

  /** Lets go of what is being inflated. */
  async close(): Promise<void> {
    await this.#chunks.return();
  }

  #piece(count: number): Uint8Array {
    const piece = this.#chunk.subarray(0, count);
    this.#chunk = this.#chunk.subarray(piece.length);
    this.taken += piece.length;
    return piece;
  }

  async #next(): Promise<void> {
    const { done, value } = await this.#chunks.next();
    if (done === true) throw corrupt("it must not be cut short");
    this.#chunk = value;
  }
}

/** Whether all bytes are zero; so it is where there are none. */
function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function corrupt(rule: string): PackflowError {
  return new PackflowError("package.corrupt", `Cannot read package as ${rule}`);
}
