import type { InputFormat } from "../records/formats.ts";

/** White space before the first record that is looked through for the format before settling for NDJSON. */
const LONGEST_HEAD = 64 * 1024;

/** What the beginning of a stream told. */
export interface OpenedHead {
  readonly format: InputFormat;
  /** The bytes so far, without a byte order mark. */
  readonly bytes: Uint8Array;
  /** Offset of those bytes in the source. */
  readonly offset: number;
}

/**
 * Holds the first bytes of a stream back until they tell whether there is a byte order mark, and, where no format
 * is given, which it is: JSON if the first character that is not white space is "[", NDJSON otherwise.
 */
export class StreamHead {
  readonly #format: InputFormat | undefined;
  readonly #offset: number;
  #bytes: Uint8Array = new Uint8Array(0);

  /**
   * @param format The format, if it is known.
   * @param offset Offset in the source of the first byte; there is no byte order mark but at its very beginning.
   */
  constructor(format: InputFormat | undefined, offset = 0) {
    this.#format = format;
    this.#offset = offset;
  }

  /** Takes in the next chunk; undefined while more is needed. */
  add(chunk: Uint8Array): OpenedHead | undefined {
    const bytes = new Uint8Array(this.#bytes.length + chunk.length);
    bytes.set(this.#bytes);
    bytes.set(chunk, this.#bytes.length);
    this.#bytes = bytes;
    const mark = this.#offset > 0 ? 0 : markLength(bytes);
    if (mark === undefined) return undefined;
    const format = this.#format ?? formatOf(bytes.subarray(mark));
    if (format === undefined && bytes.length < LONGEST_HEAD) return undefined;
    return { format: format ?? "ndjson", bytes: bytes.subarray(mark), offset: this.#offset + mark };
  }

  /** The stream has ended before anything was told. */
  end(): OpenedHead {
    return { format: this.#format ?? "ndjson", bytes: this.#bytes, offset: this.#offset };
  }
}

/** Length of the byte order mark: 3 or 0, undefined if that cannot be told yet. */
function markLength(bytes: Uint8Array): number | undefined {
  const mark = [0xef, 0xbb, 0xbf];
  for (let i = 0; i < mark.length; i++) {
    if (i === bytes.length) return undefined;
    if (bytes[i] !== mark[i]) return 0;
  }
  return mark.length;
}

function formatOf(bytes: Uint8Array): InputFormat | undefined {
  for (const byte of bytes) {
    if (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)) continue;
    return byte === 0x5b ? "json" : "ndjson";
  }
  return undefined;
}
