import { messageOf, PackflowError } from "../base/errors.ts";
import { createInflater, type Inflater } from "../host/gzip.ts";

/**
 * Inflates a deflate stream that must end with the last byte of the data. Little is inflated ahead of what is taken.
 * The platform's own inflate does it: unlike compressed bytes, inflated ones are the same everywhere, and it is
 * some five times faster than what compresses here.
 *
 * @param data The stream in pieces.
 * @param size Bytes of the stream.
 * @throws {PackflowError} package.corrupt, and what reading the data throws
 */
export async function* inflateExactly(
  data: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const inflater = createInflater();
  const feeding = new Feeding(inflater, data);
  try {
    for (let bytes = await inflater.read(); bytes !== undefined; bytes = await inflater.read()) yield bytes;
  } catch (cause) {
    throw feeding.failure ?? new PackflowError(
      "package.corrupt",
      `Cannot read package as its compressed data must be whole: ${messageOf(cause)}`,
      { cause },
    );
  } finally {
    await feeding.stop();
  }
  if (feeding.failure !== undefined) throw feeding.failure;
  if (inflater.consumed !== size) {
    throw new PackflowError(
      "package.corrupt",
      "Cannot read package as nothing must follow its compressed data",
    );
  }
}

/** Gives an inflater its data while what it makes is read. */
class Feeding {
  /** What reading the data threw. */
  failure: unknown;
  #stopped = false;
  readonly #inflater: Inflater;
  readonly #done: Promise<void>;

  constructor(inflater: Inflater, data: AsyncIterable<Uint8Array>) {
    this.#inflater = inflater;
    this.#done = this.#feed(data);
  }

  /** Resolves when nothing is read or inflated any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#inflater.close();
    await this.#done;
  }

  async #feed(data: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      for await (const chunk of data) {
        if (this.#stopped) return;
        await this.#inflater.write(chunk);
      }
      if (!this.#stopped) this.#inflater.end();
    } catch (error) {
      this.failure = error;
      this.#inflater.close();
    }
  }
}
