import { log } from "../base/log.ts";
import { PackflowError } from "../base/errors.ts";
import { type ByteReader, openFileReader, streamFault } from "../host/byte_streams.ts";
import type { Clock } from "../host/clock.ts";
import { fileErrorReason } from "../host/file_error.ts";
import { fileIdentity } from "../host/files.ts";
import type { Source } from "./source.ts";

const CHUNK_BYTES = 64 * 1024;
/** Time between two looks at a file that did not grow. */
const POLL_MS = 200;
const NEWLINE = Uint8Array.of(0x0a);

/** How a file is followed. */
export interface FollowOptions {
  readonly clock: Clock;
  /** Where in the file to begin. @default 0 */
  readonly offset?: number;
  /** A file that is cut or replaced ends the run, as positions in it mean nothing any more. */
  readonly mustStay: boolean;
}

/**
 * A file that others append to; it has no end. A file that is cut or replaced under its name, as logs are when they
 * rotate, is read from its beginning, and a warning says so; offsets and lines then count on.
 *
 * @throws While reading, `source.not_found`, `source.read_failed`.
 */
export function followFile(path: string, options: FollowOptions): Source {
  const { offset = 0 } = options;
  return {
    name: path,
    mayPause: true,
    offset,
    chunks: { [Symbol.asyncIterator]: () => new FollowedChunks(path, options) },
  };
}

/** Not a generator: `return` of one would wait for a file that may never grow. */
class FollowedChunks implements AsyncIterator<Uint8Array> {
  readonly #path: string;
  readonly #options: FollowOptions;
  readonly #buffer = new Uint8Array(CHUNK_BYTES);
  #reader: ByteReader | undefined;
  #identity: string | undefined;
  /** Where in the file the next read begins. */
  #position: number;
  #midLine = false;
  #closed = false;
  #wake = () => {};

  constructor(path: string, options: FollowOptions) {
    this.#path = path;
    this.#options = options;
    this.#position = options.offset ?? 0;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    try {
      while (!this.#closed) {
        const bytes = await this.#more();
        if (bytes !== undefined) return { done: false, value: bytes };
      }
    } catch (cause) {
      this.#close();
      throw this.#readError(cause);
    }
    return { done: true, value: undefined };
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    this.#close();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** What the file has more of now; undefined after a wait in vain. */
  async #more(): Promise<Uint8Array | undefined> {
    this.#reader ??= await this.#open();
    const size = await this.#reader.read(this.#buffer);
    if (size !== null && size > 0) {
      this.#position += size;
      this.#midLine = this.#buffer[size - 1] !== NEWLINE[0];
      return this.#buffer.subarray(0, size);
    }
    if (await this.#isSame()) {
      await this.#pause();
      return undefined;
    }
    return this.#startOver();
  }

  async #open(): Promise<ByteReader> {
    const reader = await openFileReader(this.#path, this.#position);
    this.#identity = (await fileIdentity(this.#path))?.identity;
    return reader;
  }

  async #isSame(): Promise<boolean> {
    const now = await fileIdentity(this.#path);
    // Nothing under the name: it is being replaced just now.
    return now === undefined || (now.identity === this.#identity && now.size >= this.#position);
  }

  /** The file is another one: what was unfinished in the old one is a line. */
  #startOver(): Uint8Array | undefined {
    if (this.#options.mustStay) throw this.#readError(undefined, "it was cut or replaced meanwhile");
    log("warn", `"${this.#path}" was cut or replaced; reading it from its beginning`);
    this.#reader?.close();
    this.#reader = undefined;
    this.#position = 0;
    const ends = this.#midLine;
    this.#midLine = false;
    return ends ? NEWLINE.slice() : undefined;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(POLL_MS, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  #close(): void {
    if (!this.#closed) this.#reader?.close();
    this.#closed = true;
    this.#wake();
  }

  #readError(cause: unknown, why?: string): PackflowError {
    if (cause instanceof PackflowError) return cause;
    const options = { cause, place: { file: this.#path } };
    if (streamFault(cause) === "not_found") {
      return new PackflowError("source.not_found", `Cannot follow "${this.#path}" as it must exist`, options);
    }
    const reason = why ?? fileErrorReason(cause);
    return new PackflowError("source.read_failed", `Cannot follow "${this.#path}" as ${reason}`, options);
  }
}
