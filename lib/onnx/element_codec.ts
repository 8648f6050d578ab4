import type { JsonValue } from "../base/json.ts";
import type { TensorData, TensorType } from "./session.ts";

/** The elements of a tensor while it is filled from JSON values. */
export interface ElementWriter {
  readonly data: TensorData;
  /** Stores a value; false, and nothing stored, where the element type cannot hold it. */
  set(index: number, value: unknown): boolean;
}

/** How JSON values become elements of one type, and back. */
export interface ElementCodec {
  /** What a value must be, as messages say it: "a number", "an integer from -128 to 127". */
  readonly expected: string;
  /** Whether NaN can stand for a value that is not there. */
  readonly hasNaN: boolean;
  /** Makes the elements of a tensor, to be filled. */
  writer(length: number): ElementWriter;
}

/**
 * How values become elements of a type.
 *
 * Numeric types take numbers, and true and false as 1 and 0. Integers must be whole and in range; those of 64 bits
 * also come as strings of digits, as JSON numbers are exact up to 2^53 only. bool takes true, false, 1 and 0.
 */
export function elementCodec(type: TensorType): ElementCodec {
  return CODECS[type];
}

/**
 * Reads elements as JSON values: numbers, strings, and true and false for bool. Integers of 64 bits beyond 2^53,
 * which a JSON number would alter, become strings of digits.
 */
export function elementReader(type: TensorType, data: TensorData): (index: number) => JsonValue {
  if (data instanceof Array) return (index) => data[index] ?? "";
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return (index) => {
      const element = data[index] ?? 0n;
      const number = Number(element);
      return Number.isSafeInteger(number) ? number : String(element);
    };
  }
  if (type === "bool") return (index) => data[index] !== 0;
  if (type !== "float16") return (index) => data[index] ?? 0;
  const halves = new Float16Array(data.buffer, data.byteOffset, data.length);
  return (index) => halves[index] ?? 0;
}

type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array;

const CODECS: Readonly<Record<TensorType, ElementCodec>> = {
  float32: floats((length) => new Float32Array(length)),
  float64: floats((length) => new Float64Array(length)),
  float16: {
    expected: "a number",
    hasNaN: true,
    writer(length) {
      const halves = new Float16Array(length);
      return { data: new Uint16Array(halves.buffer), set: (index, value) => setFloat(halves, index, value) };
    },
  },
  int8: integers((length) => new Int8Array(length), -(2 ** 7), 2 ** 7 - 1),
  int16: integers((length) => new Int16Array(length), -(2 ** 15), 2 ** 15 - 1),
  int32: integers((length) => new Int32Array(length), -(2 ** 31), 2 ** 31 - 1),
  uint8: integers((length) => new Uint8Array(length), 0, 2 ** 8 - 1),
  uint16: integers((length) => new Uint16Array(length), 0, 2 ** 16 - 1),
  uint32: integers((length) => new Uint32Array(length), 0, 2 ** 32 - 1),
  int64: bigIntegers((length) => new BigInt64Array(length), -(2n ** 63n), 2n ** 63n - 1n),
  uint64: bigIntegers((length) => new BigUint64Array(length), 0n, 2n ** 64n - 1n),
  bool: {
    expected: "true, false, 1 or 0",
    hasNaN: false,
    writer(length) {
      const data = new Uint8Array(length);
      const set = (index: number, value: unknown) => {
        if (typeof value !== "boolean" && value !== 0 && value !== 1) return false;
        data[index] = Number(value);
        return true;
      };
      return { data, set };
    },
  },
  string: {
    // ONNX Runtime ends strings at the first NUL and replaces lone surrogates: both would alter data without a word.
    expected: "a string without U+0000 and lone surrogates",
    hasNaN: false,
    writer(length) {
      const data = new Array<string>(length).fill("");
      const set = (index: number, value: unknown) => {
        if (typeof value !== "string" || value.includes("\0") || !value.isWellFormed()) return false;
        data[index] = value;
        return true;
      };
      return { data, set };
    },
  },
};

function setFloat(data: Float32Array | Float64Array | Float16Array, index: number, value: unknown): boolean {
  if (typeof value === "number") data[index] = value;
  else if (typeof value === "boolean") data[index] = value ? 1 : 0;
  else return false;
  return true;
}

function floats(allocate: (length: number) => Float32Array | Float64Array): ElementCodec {
  return {
    expected: "a number",
    hasNaN: true,
    writer(length) {
      const data = allocate(length);
      return { data, set: (index, value) => setFloat(data, index, value) };
    },
  };
}

function integers(allocate: (length: number) => NumberArray, least: number, most: number): ElementCodec {
  return {
    expected: `an integer from ${least} to ${most}`,
    hasNaN: false,
    writer(length) {
      const data = allocate(length);
      const set = (index: number, value: unknown) => {
        const number = typeof value === "boolean" ? Number(value) : value;
        if (typeof number !== "number" || !Number.isInteger(number) || number < least || number > most) {
          return false;
        }
        data[index] = number;
        return true;
      };
      return { data, set };
    },
  };
}

function bigIntegers(
  allocate: (length: number) => BigInt64Array | BigUint64Array,
  least: bigint,
  most: bigint,
): ElementCodec {
  return {
    expected: `an integer from ${least} to ${most}, as a string of digits where it is beyond 2^53`,
    hasNaN: false,
    writer(length) {
      const data = allocate(length);
      const set = (index: number, value: unknown) => {
        const integer = toBigInt(value);
        if (integer === undefined || integer < least || integer > most) return false;
        data[index] = integer;
        return true;
      };
      return { data, set };
    },
  };
}

function toBigInt(value: unknown): bigint | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  if (typeof value === "boolean") return BigInt(value);
  if (typeof value === "bigint") return value;
  return typeof value === "string" && /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}
