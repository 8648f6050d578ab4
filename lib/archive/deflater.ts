import { Deflate, Z_SYNC_FLUSH } from "../deps/pako.ts";

/**
 * What the compressor is told. A change of any of these, or of the library's version, may give other bytes for the
 * same files: it is a change of the format (golden digests in the tests hold them).
 */
const OPTIONS = { level: 6, windowBits: 15, memLevel: 8, strategy: 0, raw: true, chunkSize: 65_536 } as const;

/** Makes a raw deflate stream. Its bytes depend on what is pushed alone, not on how that is cut. */
export class Deflater {
  readonly #ready: Uint8Array[] = [];
  readonly #deflate = new Deflate(OPTIONS);

  constructor() {
    this.#deflate.onData = (chunk) => void this.#ready.push(chunk);
  }

  /** Adds bytes; gives what is ready to be written. */
  push(bytes: Uint8Array): Uint8Array[] {
    this.#deflate.push(bytes, false);
    return this.#ready.splice(0);
  }

  /** Brings the stream to the end of a byte, with an empty stored block as zlib's Z_SYNC_FLUSH does. */
  flush(): Uint8Array[] {
    this.#deflate.push(new Uint8Array(), Z_SYNC_FLUSH);
    return this.#ready.splice(0);
  }

  /** Ends the stream. */
  end(): Uint8Array[] {
    this.#deflate.push(new Uint8Array(), true);
    return this.#ready.splice(0);
  }
}
