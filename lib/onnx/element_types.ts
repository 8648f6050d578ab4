import type { TensorType } from "./session.ts";

/** Element types by their number in TensorProto.DataType. */
const ELEMENT_TYPES: readonly (TensorType | undefined)[] = [
  undefined,
  "float32",
  "uint8",
  "int8",
  "uint16",
  "int16",
  "int32",
  "int64",
  "string",
  "bool",
  "float16",
  "float64",
  "uint32",
  "uint64",
];

/** Element types that ONNX has beyond those, from the number after on. */
const OTHER_ELEMENT_TYPES = [
  "complex64",
  "complex128",
  "bfloat16",
  "float8e4m3fn",
  "float8e4m3fnuz",
  "float8e5m2",
  "float8e5m2fnuz",
  "uint4",
  "int4",
  "float4e2m1",
];

/** What TypeProto may hold beside a tensor, by the number of its field. */
const OTHER_TYPES: ReadonlyMap<number, string> = new Map([
  [4, "a sequence"],
  [5, "a map"],
  [7, "an opaque value"],
  [8, "a sparse tensor"],
  [9, "an optional value"],
]);

/** The type of elements by its number in an ONNX file; undefined for one that has no tensors here. */
export function elementType(number: number): TensorType | undefined {
  return ELEMENT_TYPES[number];
}

/** The name of any type of elements, for messages. */
export function elementTypeName(number: number): string {
  return elementType(number) ?? OTHER_ELEMENT_TYPES[number - ELEMENT_TYPES.length] ??
    `the element type ${number}`;
}

/** What a value is that is no tensor, by the number of its field in an ONNX file; undefined for what is unknown. */
export function otherTypeName(field: number): string | undefined {
  return OTHER_TYPES.get(field);
}
