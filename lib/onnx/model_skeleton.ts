import { joinBytes } from "../base/bytes.ts";
import { PackflowError } from "../base/errors.ts";

/** What becomes of a field: taken as it is, emptied, or a message whose fields are looked at; others are left out. */
type Treatment = "take" | "empty" | Fields;
interface Fields {
  readonly [field: number]: Treatment;
}

/** TensorProto: sizes, type, name and where external elements lie, but no elements. */
const TENSOR: Fields = { 1: "take", 2: "take", 8: "take", 13: "take", 14: "take" };
/** AttributeProto: tensors and graphs in it are only known to be there. */
const ATTRIBUTE: Fields = {
  ...{ 1: "take", 2: "take", 3: "take", 4: "take", 7: "take", 8: "take", 9: "take", 20: "take", 21: "take" },
  ...{ 5: "empty", 6: "empty", 10: "empty", 11: "empty" },
};
const NODE: Fields = { 1: "take", 2: "take", 3: "take", 4: "take", 5: ATTRIBUTE, 7: "take" };
const GRAPH: Fields = { 1: NODE, 2: "take", 5: TENSOR, 11: "take", 12: "take" };
const MODEL: Fields = {
  ...{ 1: "take", 2: "take", 3: "take", 4: "take", 5: "take", 6: "take", 7: GRAPH, 8: "take", 14: "take" },
};

/** A value longer than this is data, whatever its field: it is emptied. */
const LONGEST_VALUE = 1024 * 1024;
/** Of the numbers and texts of an attribute this many are taken: the lists of a large forest are weights as well. */
const MOST_ELEMENTS = 4096;
/** What a description may take in memory. */
const LONGEST_SKELETON = 64 * 1024 * 1024;
/** Passing over this many bytes is worth opening the file anew. */
const LONG_WAY = 4 * 1024 * 1024;

/** Opens a model's bytes from a position on. */
export type OpenModelBytes = (position: number) => AsyncIterable<Uint8Array>;

/**
 * Reads an ONNX file and leaves out the elements of its weights, so that a model of any size takes little memory. What
 * is left is an ONNX file too, of the same inputs, outputs, operators and names, for `readModelGraph`.
 *
 * @param source The file's bytes in order, once.
 * @param reopen Opens the bytes from a later position on, where that is quicker than reading up to it.
 * @throws {PackflowError} `model.invalid` where the bytes are no ONNX file, or its description has more than 64 MiB.
 */
export async function readModelSkeleton(
  source: AsyncIterable<Uint8Array>,
  reopen?: OpenModelBytes,
): Promise<Uint8Array> {
  const reader = new FieldReader(source, reopen);
  try {
    const parts: Uint8Array[] = [];
    const budget = { left: LONGEST_SKELETON };
    await copyFields(reader, { fields: MODEL, end: Infinity, parts, budget });
    return joinBytes(parts);
  } finally {
    await reader.close();
  }
}

interface Copy {
  readonly fields: Fields;
  /** Position behind the message; the outermost one ends with the file. */
  readonly end: number;
  readonly parts: Uint8Array[];
  readonly budget: { left: number };
}

async function copyFields(reader: FieldReader, { fields, end, parts, budget }: Copy): Promise<void> {
  let elements = MOST_ELEMENTS;
  const push = (...more: Uint8Array[]) => {
    for (const part of more) budget.left -= part.length + 16;
    if (budget.left < 0) throw malformed(`its description must have at most ${LONGEST_SKELETON} bytes`);
    parts.push(...more);
  };
  while (reader.position < end && !(end === Infinity && await reader.atEnd())) {
    const key = await reader.varint();
    const field = Math.floor(key / 8);
    // 7, 8 and 9 are the lists of an attribute.
    const isElement = fields === ATTRIBUTE && field >= 7 && field <= 9;
    const isLeftOut = isElement && --elements < 0;
    const treatment = isLeftOut ? undefined : fields[field];
    const wire = key & 7;
    if (wire !== 2) {
      const value = await fixedValue(reader, wire);
      if (treatment === "take") push(varint(key), value);
    } else {
      const length = await reader.varint();
      if (reader.position + length > end) throw malformed("a part of it must not be longer than the whole");
      if (typeof treatment === "object") {
        const inner: Uint8Array[] = [];
        await copyFields(reader, { fields: treatment, end: reader.position + length, parts: inner, budget });
        const message = joinBytes(inner);
        parts.push(varint(key), varint(message.length), message);
      } else if (treatment === "take" && length <= LONGEST_VALUE) {
        push(varint(key), varint(length), await reader.take(length));
      } else {
        await reader.skip(length);
        if (treatment !== undefined) push(varint(key), varint(0));
      }
    }
    if (isLeftOut) reader.skipAlike(key, end);
  }
  if (reader.position > end) throw malformed("its parts must end where they say");
}

async function fixedValue(reader: FieldReader, wire: number): Promise<Uint8Array> {
  if (wire === 0) return await reader.varintBytes();
  if (wire === 1) return await reader.take(8);
  if (wire === 5) return await reader.take(4);
  throw malformed("its fields must have known types");
}

/** Takes and passes over bytes that come in pieces. */
class FieldReader {
  #chunks: AsyncIterator<Uint8Array>;
  readonly #reopen: OpenModelBytes | undefined;
  #chunk: Uint8Array = new Uint8Array();
  #at = 0;
  #before = 0;

  constructor(source: AsyncIterable<Uint8Array>, reopen: OpenModelBytes | undefined) {
    this.#chunks = source[Symbol.asyncIterator]();
    this.#reopen = reopen;
  }

  /** Bytes that were taken or passed over. */
  get position(): number {
    return this.#before + this.#at;
  }

  async atEnd(): Promise<boolean> {
    while (this.#at === this.#chunk.length) {
      const { done, value } = await this.#chunks.next();
      if (done === true) return true;
      this.#before += this.#chunk.length;
      this.#chunk = value;
      this.#at = 0;
    }
    return false;
  }

  /** A whole number; what has more than 53 bits is exact no more, and no length. */
  async varint(): Promise<number> {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count++) {
      if (this.#at === this.#chunk.length && await this.atEnd()) break;
      const byte = this.#chunk[this.#at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw malformed("a number in it must end");
  }

  /** A whole number as it is written, so that a negative one stays exact. */
  async varintBytes(): Promise<Uint8Array> {
    const bytes: number[] = [];
    for (let more = true; more && bytes.length < 10;) {
      const byte = (await this.take(1))[0] ?? 0;
      bytes.push(byte);
      more = byte >= 0x80;
    }
    return Uint8Array.from(bytes);
  }

  async take(count: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(count);
    for (let filled = 0; filled < count;) {
      if (await this.atEnd()) throw malformed("it must not be cut short");
      const piece = this.#chunk.subarray(this.#at, this.#at + count - filled);
      bytes.set(piece, filled);
      filled += piece.length;
      this.#at += piece.length;
    }
    return bytes;
  }

  async skip(count: number): Promise<void> {
    const held = this.#chunk.length - this.#at;
    if (this.#reopen !== undefined && count - held > LONG_WAY) {
      // The last byte is read, so that a file that is cut short is found out.
      const target = this.position + count - 1;
      await this.close();
      this.#chunks = this.#reopen(target)[Symbol.asyncIterator]();
      this.#chunk = new Uint8Array();
      [this.#before, this.#at] = [target, 0];
      await this.take(1);
      return;
    }
    for (let left = count; left > 0;) {
      if (await this.atEnd()) throw malformed("it must not be cut short");
      const step = Math.min(left, this.#chunk.length - this.#at);
      this.#at += step;
      left -= step;
    }
  }

  /** Passes over the fields with this key that follow, as far as they are at hand: lists have millions of them. */
  skipAlike(key: number, end: number): void {
    const wire = key & 7;
    const last = Math.min(this.#chunk.length, end - this.#before);
    while (key < 0x80 && this.#chunk[this.#at] === key) {
      let at = this.#at + 1;
      let value = 0;
      // A text of 128 bytes or more, and what has no known type, is left to whoever reads field by field.
      if (wire === 0 || wire === 2) {
        value = this.#chunk[at++] ?? 0x80;
        for (let count = 1; wire === 0 && value >= 0x80 && count < 10; count++) {
          value = this.#chunk[at++] ?? 0x80;
        }
        if (value >= 0x80) return;
      }
      at += wire === 2 ? value : wire === 5 ? 4 : wire === 1 ? 8 : 0;
      if (at > last || wire === 3 || wire === 4 || wire > 5) return;
      this.#at = at;
    }
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; bytes.length < 10; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push(rest % 128 + 128);
  }
  return Uint8Array.from(bytes);
}

function malformed(rule: string): PackflowError {
  return new PackflowError("model.invalid", `Cannot read model as ${rule}`);
}
