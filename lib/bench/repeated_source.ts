import type { Source } from "../stream/source.ts";

/** Enough that cutting the stream costs no more than with a file. */
const CHUNK_BYTES = 256 * 1024;

/** The same events over and over, until it is told to end: a stream as long as a measurement wants. */
export class RepeatedSource implements Source, AsyncIterator<Uint8Array> {
  readonly name = "events";
  readonly mayPause = false;
  /** A stream without end has work for all workers at once. */
  readonly size = Infinity;
  readonly chunks: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => this };
  readonly #chunk: Uint8Array;
  #isEnded = false;

  /** @param ndjson Whole events, at least one. */
  constructor(ndjson: Uint8Array) {
    const times = Math.max(1, Math.floor(CHUNK_BYTES / ndjson.length));
    this.#chunk = new Uint8Array(times * ndjson.length);
    for (let at = 0; at < times; at++) this.#chunk.set(ndjson, at * ndjson.length);
  }

  /** Lets the stream end after the chunk that was given last. */
  end(): void {
    this.#isEnded = true;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    return Promise.resolve(
      this.#isEnded ? { done: true, value: undefined } : { done: false, value: this.#chunk },
    );
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }
}
