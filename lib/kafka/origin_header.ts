import { encodeHeader } from "./batch_builder.ts";
import type { Slice } from "./byte_slice.ts";

/** The header of every record that was made of another one: topic, partition and offset of that, with "-" between. */
export const ORIGIN_HEADER = "packflow.origin";

const ZERO = 0x30;

/** Makes the headers that name records of one partition. */
export class OriginHeader {
  readonly #name: string;
  #bytes: Uint8Array = new Uint8Array(0);
  #digits = 0;

  constructor(topic: string, partition: number) {
    this.#name = `${topic}-${partition}-`;
  }

  /** The header for an offset, to be used before the next is asked for. */
  of(offset: number): Slice {
    let digits = 1;
    for (let most = 10; most <= offset; most *= 10) digits++;
    if (digits !== this.#digits) {
      this.#digits = digits;
      this.#bytes = encodeHeader(ORIGIN_HEADER, encoder.encode(this.#name + "0".repeat(digits)));
    }
    const bytes = this.#bytes;
    let rest = offset;
    for (let at = bytes.length - 1; digits > 0; at--, digits--) {
      const tenth = Math.floor(rest / 10);
      bytes[at] = ZERO + (rest - 10 * tenth);
      rest = tenth;
    }
    return { bytes, start: 0, end: bytes.length };
  }
}

const encoder = new TextEncoder();
