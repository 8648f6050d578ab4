/** Chunks of which the first can be looked at before they are read. */
export class ChunkReplay {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #peeked: Uint8Array = new Uint8Array(0);
  #fault: { readonly error: unknown } | undefined;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The bytes that were looked at so far. */
  get peeked(): Uint8Array {
    return this.#peeked;
  }

  /** Looks at one more chunk. False at the end; what reading throws is kept for whoever reads on. */
  async peek(): Promise<boolean> {
    if (this.#fault !== undefined) return false;
    try {
      const { done, value } = await this.#chunks.next();
      if (done) return false;
      const bytes = new Uint8Array(this.#peeked.length + value.length);
      bytes.set(this.#peeked);
      bytes.set(value, this.#peeked.length);
      this.#peeked = bytes;
      return true;
    } catch (error) {
      this.#fault = { error };
      return false;
    }
  }

  /** All chunks from the first on, to be read once. */
  readonly all: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({ next: () => this.#next(), return: () => this.#return() }),
  };

  #next(): Promise<IteratorResult<Uint8Array>> {
    const value = this.#peeked;
    if (value.length === 0) {
      return this.#fault === undefined ? this.#chunks.next() : Promise.reject(this.#fault.error);
    }
    this.#peeked = new Uint8Array(0);
    return Promise.resolve({ done: false, value });
  }

  #return(): Promise<IteratorResult<Uint8Array>> {
    // Whoever stops early does not wait for a read that may never end.
    this.#chunks.return?.().catch(() => {});
    return Promise.resolve({ done: true, value: undefined });
  }
}
