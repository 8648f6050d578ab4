import { PackflowError } from "../base/errors.ts";
import { runtimeCause, runtimeMessage } from "./runtime_message.ts";
import type { NonTensorInfo, Session, Tensor, TensorData, TensorInfo, TensorType } from "./session.ts";

/** A tensor as ONNX Runtime gives it, in whichever build. */
export interface OrtTensor {
  readonly type: string;
  readonly data: unknown;
  readonly dims: readonly number[];
}

/** What onnxruntime-web gives as the size of a dimension that has neither size nor name. */
const OPEN_DIMENSION = 4_294_967_295;

const TENSOR_TYPES: ReadonlySet<string> = new Set<TensorType>([
  "float32",
  "float64",
  "float16",
  "int8",
  "int16",
  "int32",
  "int64",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "bool",
  "string",
]);

/** An input or output as a session tells it. Sizes that are no number are left open. */
export function valueInfo(name: string, type: string | undefined, shape: readonly unknown[]) {
  if (type === undefined || !isTensorType(type)) return { name, type: null };
  return {
    name,
    type,
    shape: shape.map((size) =>
      typeof size === "number" && size >= 0 && size !== OPEN_DIMENSION ? size : null
    ),
  };
}

/** A tensor of ONNX Runtime as the rest of Packflow knows it. */
export function fromOrt({ type, data, dims }: OrtTensor): Tensor {
  if (!isTensorType(type)) throw new TypeError(`Cannot read elements of type "${type}"`);
  if (!isTensorData(data)) {
    throw new TypeError(`Cannot read elements of type "${type}" from what they came in`);
  }
  // Where the platform has Float16Array the library hands out one; its bits are what Tensor holds.
  const bits = type === "float16" && ArrayBuffer.isView(data);
  return {
    type,
    data: bits ? new Uint16Array(data.buffer, data.byteOffset, data.length) : data,
    dims: [...dims],
  };
}

/**
 * Sees to it that every output asked for is a tensor.
 *
 * @param model What messages call the model.
 * @throws {PackflowError} `model.non_tensor_output`.
 */
export function requireTensors(
  outputs: readonly (TensorInfo | NonTensorInfo)[],
  names: readonly string[],
  model: string,
): void {
  for (const name of names) {
    if (outputs.find((output) => output.name === name)?.type !== null) continue;
    throw new PackflowError(
      "model.non_tensor_output",
      `Cannot read output "${name}" of model "${model}" as it must be a tensor: it is a sequence or a map`,
    );
  }
}

/** The error of a session that is used after its end. */
export function closedError(model: string): PackflowError {
  return new PackflowError(
    "model.closed",
    `Cannot run model "${model}" as it must be open: it was disposed of`,
  );
}

/** The error of a run that ONNX Runtime gave up. */
export function runError(model: string, error: unknown): PackflowError {
  return new PackflowError("model.run_failed", `Cannot run model "${model}": ${runtimeMessage(error)}`, {
    cause: runtimeCause(error),
  });
}

/** The results of a run by their names. */
export function tensorsOf(
  results: Readonly<Record<string, OrtTensor | null | undefined>>,
  names: readonly string[],
): Record<string, Tensor> {
  const tensors: Record<string, Tensor> = {};
  for (const name of names) {
    const result = results[name];
    if (result !== undefined && result !== null) tensors[name] = fromOrt(result);
  }
  return tensors;
}

/** What {@linkcode Session.run} computes when it is not told. */
export function allOutputs({ outputs }: Pick<Session, "outputs">): string[] {
  return outputs.map((output) => output.name);
}

function isTensorType(type: string): type is TensorType {
  return TENSOR_TYPES.has(type);
}

function isTensorData(data: unknown): data is TensorData {
  return Array.isArray(data) || ArrayBuffer.isView(data) && !(data instanceof DataView);
}
