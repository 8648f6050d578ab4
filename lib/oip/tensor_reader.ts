import { elementCodec, type ElementWriter } from "../onnx/element_codec.ts";
import type { Tensor, TensorData, TensorType } from "../onnx/session.ts";
import { datatypeOf } from "./datatypes.ts";
import { invalid, type WireTensor } from "./infer_request.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * A request's tensor as one of the type that a model takes.
 *
 * @throws {PackflowError} `request.invalid` for another datatype, or elements that do not fit it or the shape.
 */
export function readTensor({ name, datatype, shape, data }: WireTensor, type: TensorType): Tensor {
  if (datatype !== datatypeOf(type)) {
    throw invalid(`input "${name}" must be of datatype ${datatypeOf(type)}: current value is "${datatype}"`);
  }
  const length = shape.reduce((product, size) => product * size, 1);
  // Before memory is taken for what is not there: an element of JSON or text takes bytes of the body.
  const most = data instanceof Uint8Array ? data.length : deepLength(data);
  if (length > most) throw wrongCount(name, length);
  const elements = data instanceof Uint8Array
    ? readBytes(data, { name, type, length })
    : readJson(data, { name, type, length });
  return { type, data: elements, dims: shape };
}

interface Expected {
  readonly name: string;
  readonly type: TensorType;
  readonly length: number;
}

function readJson(values: readonly unknown[], { name, type, length }: Expected): TensorData {
  const codec = elementCodec(type);
  const writer = codec.writer(length);
  const filled = fill(writer, values, 0);
  if (filled === length) return writer.data;
  if (filled !== -1) throw wrongCount(name, length);
  throw invalid(`elements of input "${name}" must each be ${codec.expected}`);
}

/** Fills in nested arrays, row by row; returns the position behind, or -1 for a value that does not fit. */
function fill(writer: ElementWriter, values: readonly unknown[], start: number): number {
  let at = start;
  for (const value of values) {
    if (Array.isArray(value)) {
      at = fill(writer, value, at);
      if (at === -1) return -1;
    } else if (!writer.set(at++, value)) return -1;
  }
  return at;
}

/** Elements in nested arrays. */
function deepLength(values: readonly unknown[]): number {
  let length = 0;
  for (const value of values) length += Array.isArray(value) ? deepLength(value) : 1;
  return length;
}

/** Elements in little-endian order, one behind the other. */
function readBytes(bytes: Uint8Array, { name, type, length }: Expected): TensorData {
  if (type === "string") return readTexts(bytes, { name, length });
  const { data } = elementCodec(type).writer(length);
  if (!(data instanceof Array) && data.byteLength === bytes.length) {
    const target = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    target.set(bytes);
    if (type === "bool") { for (let i = 0; i < target.length; i++) target[i] = target[i] === 0 ? 0 : 1; }
    return data;
  }
  throw wrongCount(name, length);
}

/** Texts, each behind its length in four bytes. */
export function readTexts(
  bytes: Uint8Array,
  { name, length }: { readonly name: string; readonly length: number },
): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const writer = elementCodec("string").writer(length);
  const texts: string[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const size = view.getUint32(at, true);
    at += 4;
    if (at + size > bytes.length) break;
    texts.push(textOf(bytes.subarray(at, at + size), name));
    at += size;
  }
  if (at !== bytes.length || texts.length !== length) throw wrongCount(name, length);
  for (const [index, text] of texts.entries()) {
    if (!writer.set(index, text)) throw invalid(`elements of input "${name}" must not hold U+0000`);
  }
  return texts;
}

function textOf(bytes: Uint8Array, name: string): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw invalid(`elements of input "${name}" must be UTF-8`);
  }
}

function wrongCount(name: string, length: number) {
  return invalid(`input "${name}" must have as many elements as its shape says: ${length}`);
}
