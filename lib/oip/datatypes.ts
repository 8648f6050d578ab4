import type { TensorType } from "../onnx/session.ts";

/** The element types of tensors, as the Open Inference Protocol names them. */
export const DATATYPES = [
  "BOOL",
  "UINT8",
  "UINT16",
  "UINT32",
  "UINT64",
  "INT8",
  "INT16",
  "INT32",
  "INT64",
  "FP16",
  "FP32",
  "FP64",
  "BYTES",
] as const;

/** The element type of a tensor, as the Open Inference Protocol names it. */
export type Datatype = typeof DATATYPES[number];

const DATATYPE_OF: Readonly<Record<TensorType, Datatype>> = {
  float32: "FP32",
  float64: "FP64",
  float16: "FP16",
  int8: "INT8",
  int16: "INT16",
  int32: "INT32",
  int64: "INT64",
  uint8: "UINT8",
  uint16: "UINT16",
  uint32: "UINT32",
  uint64: "UINT64",
  bool: "BOOL",
  string: "BYTES",
};

/** The protocol's name of an element type. */
export function datatypeOf(type: TensorType): Datatype {
  return DATATYPE_OF[type];
}
