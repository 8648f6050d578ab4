import { sameBytes } from "../base/bytes.ts";
import { PackflowError } from "../base/errors.ts";

const decoder = new TextDecoder();

/** How a field's value is written: protobuf's wire types that are in use. */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/**
 * Reads a message of the protocol-buffer encoding, field by field, straight from its bytes: nothing is copied, and no
 * length that the bytes claim is believed before it is checked.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 * @throws {PackflowError} `model.invalid` where the bytes are no such message.
 */
export class ProtobufReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #wire = 0;
  /** The key of the field at hand. */
  #key = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Number of the next field, whose value must then be read or skipped; undefined at the end. */
  field(): number | undefined {
    if (this.#at === this.#bytes.length) return undefined;
    const key = this.varint();
    this.#key = key;
    this.#wire = key & 7;
    const field = Math.floor(key / 8);
    if (field === 0) throw malformed("fields must be numbered from 1");
    return field;
  }

  /** Whether the value is a length and bytes, as texts, messages and packed lists are. */
  get isBytes(): boolean {
    return this.#wire === BYTES;
  }

  /** Whether nothing is left. */
  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** A whole number of up to 64 bits, signed; exact up to 2^53. */
  varint(): number {
    const bytes = this.#bytes;
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count++) {
      const byte = bytes[this.#at++];
      if (byte === undefined) break;
      if (count === 9) return this.#negative(value, byte);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw malformed("a number in it must end");
  }

  /** A 32-bit float. */
  float(): number {
    const at = this.#take(4);
    return this.#view.getFloat32(at, true);
  }

  /** The value's bytes, which stay those of the file. */
  bytes(): Uint8Array {
    if (this.#wire !== BYTES) throw malformed("a text or message must have a length");
    const length = this.varint();
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** A text. */
  text(): string {
    return decoder.decode(this.bytes());
  }

  /** A message within this one. */
  message(): ProtobufReader {
    return new ProtobufReader(this.bytes());
  }

  /** Adds whole numbers of a list, which may be written in parts, each packed or alone. */
  varints(into: number[]): void {
    if (this.isBytes) {
      for (const packed = this.message(); !packed.atEnd;) into.push(packed.varint());
    } else {
      do into.push(this.varint()); while (this.#repeats());
    }
  }

  /** Adds 32-bit floats of a list, which may be written in parts, each packed or alone. */
  floats(into: number[]): void {
    if (this.isBytes) {
      for (const packed = this.message(); !packed.atEnd;) into.push(packed.float());
    } else {
      do into.push(this.float()); while (this.#repeats());
    }
  }

  /** Adds texts of a list. */
  texts(into: string[]): void {
    let bytes = this.bytes();
    let text = decoder.decode(bytes);
    into.push(text);
    while (this.#repeats()) {
      const next = this.bytes();
      // Lists of names say the same again and again; decoding costs more than comparing.
      if (!sameBytes(bytes, next)) text = decoder.decode(next);
      bytes = next;
      into.push(text);
    }
  }

  /** Passes over the value. */
  skip(): void {
    if (this.#wire === VARINT) this.varint();
    else if (this.#wire === FIXED64) this.#take(8);
    else if (this.#wire === BYTES) this.bytes();
    else if (this.#wire === FIXED32) this.#take(4);
    else throw malformed("its fields must have known types");
  }

  /** A number of ten bytes: negative ones are written so. */
  #negative(low63: number, last: number): number {
    if (last > 1) throw malformed("a number in it must have at most 64 bits");
    const bits = this.#bytes.subarray(this.#at - 10, this.#at);
    let exact = 0n;
    bits.forEach((byte, index) => exact |= BigInt(byte & 0x7f) << BigInt(7 * index));
    return last === 0 ? low63 : Number(BigInt.asIntN(64, exact));
  }

  /** Goes past the next key if it is the same again: elements of a list that stand alone follow each other. */
  #repeats(): boolean {
    if (this.#key >= 0x80 || this.#bytes[this.#at] !== this.#key) return false;
    this.#at++;
    return true;
  }

  #take(length: number): number {
    const at = this.#at;
    if (length > this.#bytes.length - at || length < 0) throw malformed("it must not be cut short");
    this.#at = at + length;
    return at;
  }
}

function malformed(rule: string): PackflowError {
  return new PackflowError("model.invalid", `Cannot read model as ${rule}`);
}
