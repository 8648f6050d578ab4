/** Reads the numbers of Kafka's protocol from bytes, one after another. */
export class ByteCursor {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  /** Where the next read begins. */
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  int8(): number {
    return this.#view.getInt8(this.at++);
  }

  int16(): number {
    this.at += 2;
    return this.#view.getInt16(this.at - 2);
  }

  int32(): number {
    this.at += 4;
    return this.#view.getInt32(this.at - 4);
  }

  /** A number of 64 bits; offsets and times are far below where a double is exact. */
  int64(): number {
    this.at += 8;
    return this.#view.getInt32(this.at - 8) * 0x1_0000_0000 + this.#view.getUint32(this.at - 4);
  }

  /** A length as compact types have it. */
  unsignedVarint(): number {
    const { bytes } = this;
    let value = 0;
    for (let factor = 1;; factor *= 128) {
      const byte = bytes[this.at++];
      if (byte === undefined) throw new RangeError("Cannot read past the end of the bytes");
      if (byte < 0x80) return value + byte * factor;
      value += (byte & 0x7f) * factor;
    }
  }

  /** A signed number, as records have them. */
  varint(): number {
    const { bytes, at } = this;
    const first = bytes[at] ?? 0x80;
    if (first < 0x80) {
      this.at++;
      return (first & 1) === 0 ? first >>> 1 : -((first + 1) >>> 1);
    }
    const value = this.unsignedVarint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** A text of a compact type. */
  compactText(): string {
    const length = this.unsignedVarint() - 1;
    if (length <= 0) return "";
    this.at += length;
    return decoder.decode(this.bytes.subarray(this.at - length, this.at));
  }

  skip(bytes: number): void {
    this.at += bytes;
  }

  /** Passes over fields that later versions have added. */
  skipTags(): void {
    for (let left = this.unsignedVarint(); left > 0; left--) {
      this.unsignedVarint();
      this.skip(this.unsignedVarint());
    }
  }
}

const decoder = new TextDecoder();
