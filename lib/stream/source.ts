import { PackflowError } from "../base/errors.ts";
import { type ByteReader, openFileReader, stdinReader, streamFault } from "../host/byte_streams.ts";

const CHUNK_BYTES = 256 * 1024;

/** A record's place in a topic. */
export interface RecordSpot {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Where the bytes of a stream come from. */
export interface Source {
  /** What messages and dead letters call it: the path as given, "-" for the standard input. */
  readonly name: string;
  /** Whether a read may wait for whoever sends, as with a pipe; if not, batches are always filled. */
  readonly mayPause: boolean;
  /** Size in bytes, if known beforehand. */
  readonly size?: number;
  /** Offset of the first byte that `chunks` gives. @default 0 */
  readonly offset?: number;
  /** Names the place of a record better than by its offset in the stream, where the source can. */
  placeOf?(offset: number): RecordSpot | undefined;
  /** The bytes. A chunk is valid until the next one is asked for. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * Opens a file, or the standard input for "-".
 *
 * @param offset Where in the file to begin.
 * @throws {PackflowError} `source.not_found`, `source.not_readable`; while reading, `source.read_failed`.
 */
export async function openSource(path: string, offset = 0): Promise<Source> {
  if (path === "-") return readerSource(path, stdinReader());
  let reader: ByteReader;
  try {
    reader = await openFileReader(path, offset);
  } catch (cause) {
    throw openError(path, cause);
  }
  return { ...readerSource(path, reader), offset };
}

function readerSource(name: string, reader: ByteReader): Source {
  return {
    name,
    mayPause: !reader.isFile,
    ...(reader.size === undefined ? {} : { size: reader.size }),
    chunks: { [Symbol.asyncIterator]: () => new ReaderChunks(name, reader) },
  };
}

/** Not a generator: `return` of one would wait for a read that may never end. */
class ReaderChunks implements AsyncIterator<Uint8Array> {
  readonly #buffer = new Uint8Array(CHUNK_BYTES);
  readonly #name: string;
  readonly #reader: ByteReader;
  #closed = false;

  constructor(name: string, reader: ByteReader) {
    this.#name = name;
    this.#reader = reader;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#closed) return { done: true, value: undefined };
    let size: number | null;
    try {
      size = await this.#reader.read(this.#buffer);
    } catch (cause) {
      this.#close();
      throw new PackflowError(
        "source.read_failed",
        `Cannot read "${this.#name}" to its end as reading failed`,
        {
          cause,
          place: { file: this.#name },
        },
      );
    }
    if (size !== null) return { done: false, value: this.#buffer.subarray(0, size) };
    this.#close();
    return { done: true, value: undefined };
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    this.#close();
    return Promise.resolve({ done: true, value: undefined });
  }

  #close(): void {
    if (!this.#closed) this.#reader.close();
    this.#closed = true;
  }
}

function openError(path: string, cause: unknown): PackflowError {
  const fault = streamFault(cause);
  const options = { cause, place: { file: path } };
  if (fault === "not_found") {
    return new PackflowError("source.not_found", `Cannot read input "${path}" as it must exist`, options);
  }
  const reason = fault === "directory"
    ? "it must be a file: it is a folder"
    : fault === "denied"
    ? "reading it must be allowed"
    : "opening it failed";
  return new PackflowError("source.not_readable", `Cannot read input "${path}" as ${reason}`, options);
}
