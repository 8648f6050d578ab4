/** The element types of tensors, named as ONNX Runtime names them. */
export type TensorType =
  | "float32"
  | "float64"
  | "float16"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "bool"
  | "string";

/** The array that holds a tensor's elements, row by row. float16 holds raw bits, bool holds 0 and 1. */
export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | string[];

/** A tensor: elements, their type, and the size of each dimension. */
export interface Tensor {
  /** Type of the elements. */
  readonly type: TensorType;
  /** The elements, row by row: as many as the product of `dims`. */
  readonly data: TensorData;
  /** Size of each dimension; empty for a scalar. */
  readonly dims: readonly number[];
}

/** An input or output as a model declares it. */
export interface TensorInfo {
  /** The name that `feeds` and results have it under. */
  readonly name: string;
  /** Type of the elements. */
  readonly type: TensorType;
  /** Size of each dimension; null where the model leaves it open. */
  readonly shape: readonly (number | null)[];
}

/** An output that is no tensor (a map or a sequence), which Packflow cannot carry. */
export interface NonTensorInfo {
  /** The name that the model gives it. */
  readonly name: string;
  /** No tensor type. */
  readonly type: null;
}

/** A loaded ONNX model, whatever runs it. */
export interface Session {
  /** What runs the model: "trees", "wasm", "webgpu" or "native". */
  readonly device: string;
  /** What the model takes. */
  readonly inputs: readonly (TensorInfo | NonTensorInfo)[];
  /** What the model gives. */
  readonly outputs: readonly (TensorInfo | NonTensorInfo)[];
  /**
   * Runs the model once.
   *
   * @param feeds One tensor for every input.
   * @param outputNames The outputs to compute; all when left out.
   * @returns The outputs by name.
   */
  run(
    feeds: Readonly<Record<string, Tensor>>,
    outputNames?: readonly string[],
  ): Promise<Record<string, Tensor>>;
  /** Frees the model's memory; a second call does nothing. */
  dispose(): Promise<void>;
}
