import { messageOf, PackflowError } from "../base/errors.ts";
import { createDecompressor, type Decompressor } from "../host/gzip.ts";
import { ChunkReplay } from "./chunk_replay.ts";
import type { Source } from "./source.ts";

/** What gzip data begins with. */
const MAGIC = [0x1f, 0x8b];

/**
 * The source itself, or what comes out of it if it is packed with gzip: offsets and lines are then those of the
 * content. Bytes are unpacked as they are read, with memory bounded.
 *
 * @param isGzip That it must be gzip, as its name says; otherwise its first two bytes tell.
 * @throws While reading, `source.read_failed` for what is not whole gzip data.
 */
export function gunzipSource(source: Source, isGzip: boolean): Source {
  const { size, ...rest } = source;
  return {
    ...rest,
    // The size of what is packed is not known.
    ...(isGzip || size === undefined ? {} : { size }),
    chunks: { [Symbol.asyncIterator]: () => new UnpackedChunks(source, isGzip) },
  };
}

/** Looks at the first bytes when they are asked for, and not before. */
class UnpackedChunks implements AsyncIterator<Uint8Array> {
  readonly #name: string;
  readonly #replay: ChunkReplay;
  readonly #raw: AsyncIterator<Uint8Array>;
  #chunks: AsyncIterator<Uint8Array> | undefined;
  #closed = false;

  constructor(source: Source, isGzip: boolean) {
    this.#name = source.name;
    this.#replay = new ChunkReplay(source.chunks);
    this.#raw = this.#replay.all[Symbol.asyncIterator]();
    if (isGzip) this.#chunks = new GunzipChunks(this.#name, this.#raw);
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    this.#chunks ??= await startsWithMagic(this.#replay)
      ? new GunzipChunks(this.#name, this.#raw)
      : this.#raw;
    return this.#closed ? { done: true, value: undefined } : this.#chunks.next();
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.#closed = true;
    await (this.#chunks ?? this.#raw).return?.();
    return { done: true, value: undefined };
  }
}

async function startsWithMagic(chunks: ChunkReplay): Promise<boolean> {
  for (let at = 0; at < MAGIC.length; at++) {
    while (chunks.peeked.length <= at) if (!await chunks.peek()) return false;
    if (chunks.peeked[at] !== MAGIC[at]) return false;
  }
  return true;
}

/** Not a generator: `return` of one would wait for a read that may never end. */
class GunzipChunks implements AsyncIterator<Uint8Array> {
  readonly #name: string;
  readonly #packed: AsyncIterator<Uint8Array>;
  readonly #decompressor: Decompressor = createDecompressor();
  #feeding: Promise<void> | undefined;
  #fault: unknown;
  #closed = false;

  constructor(name: string, packed: AsyncIterator<Uint8Array>) {
    this.#name = name;
    this.#packed = packed;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    this.#feeding ??= this.#feed();
    let bytes: Uint8Array | undefined;
    try {
      bytes = await this.#decompressor.read();
    } catch (cause) {
      await this.return();
      throw this.#readError(cause);
    }
    if (this.#fault !== undefined && !this.#closed) throw this.#fault;
    return bytes === undefined ? { done: true, value: undefined } : { done: false, value: bytes };
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    this.#closed = true;
    this.#decompressor.close();
    this.#packed.return?.().catch(() => {});
    return Promise.resolve({ done: true, value: undefined });
  }

  async #feed(): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.#packed.next();
        if (this.#closed) return;
        if (done) return this.#decompressor.end();
        await this.#decompressor.write(value);
      }
    } catch (error) {
      this.#fault = error;
      this.#decompressor.close();
    }
  }

  #readError(cause: unknown): PackflowError {
    const message = `Cannot read "${this.#name}" to its end as it must be whole gzip data: ${
      messageOf(cause)
    }`;
    return new PackflowError("source.read_failed", message, { cause, place: { file: this.#name } });
  }
}
