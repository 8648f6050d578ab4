import { crc32 } from "../host/digest.ts";
import { Deflater } from "./deflater.ts";

/** The most bytes of a block that is not compressed. */
const STORED_BLOCK = 65_535;

/** No time, no name, and the system that most tools write. */
const HEADER = Uint8Array.of(31, 139, 8, 0, 0, 0, 0, 0, 0, 3);

/**
 * Makes one member of gzip out of bytes that are compressed and bytes that are stored. Each method yields what is
 * ready to be written.
 */
export class GzipWriter {
  #deflater = new Deflater();
  /** Whether the deflater was given anything. */
  #running = false;
  #sum = 0;
  #size = 0;

  *begin(): Generator<Uint8Array, void, undefined> {
    yield HEADER;
  }

  /** Adds bytes to be compressed. */
  *compress(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
    this.#count(bytes);
    this.#running ||= bytes.length > 0;
    yield* this.#deflater.push(bytes);
  }

  /** Adds bytes as they are, in blocks that are full but for the last; later bytes refer to none before. */
  async *store(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#running) yield* this.#deflater.flush();
    this.#running = false;
    this.#deflater = new Deflater();
    let block = new Uint8Array(STORED_BLOCK);
    let filled = 0;
    for await (const chunk of content) {
      this.#count(chunk);
      for (let at = 0; at < chunk.length;) {
        const piece = chunk.subarray(at, at + STORED_BLOCK - filled);
        block.set(piece, filled);
        at += piece.length;
        filled += piece.length;
        if (filled < STORED_BLOCK) continue;
        yield storedHeader(filled);
        yield block;
        block = new Uint8Array(STORED_BLOCK);
        filled = 0;
      }
    }
    if (filled === 0) return;
    yield storedHeader(filled);
    yield block.subarray(0, filled);
  }

  /** Ends the member. */
  *end(): Generator<Uint8Array, void, undefined> {
    yield* this.#deflater.end();
    const trailer = new DataView(new ArrayBuffer(8));
    trailer.setUint32(0, this.#sum, true);
    trailer.setUint32(4, this.#size % 2 ** 32, true);
    yield new Uint8Array(trailer.buffer);
  }

  #count(bytes: Uint8Array): void {
    this.#sum = crc32(bytes, this.#sum);
    this.#size += bytes.length;
  }
}

/** The header of a block that is not compressed and not the last. */
function storedHeader(length: number): Uint8Array {
  const inverse = length ^ 0xffff;
  return Uint8Array.of(0, length & 255, length >> 8, inverse & 255, inverse >> 8);
}
