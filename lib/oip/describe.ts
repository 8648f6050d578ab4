import type { AnyBackend } from "../backend/inference_backend.ts";
import { tensorModelOf } from "../backend/tensor_model.ts";
import type { TensorInfo } from "../onnx/session.ts";
import { type Datatype, datatypeOf } from "./datatypes.ts";

/** An input or output of a model, as `/v2/models/{name}` tells it. */
export interface TensorSpec {
  readonly name: string;
  readonly datatype: Datatype;
  /** Size of each dimension, the first one counting events; -1 where the model leaves it open. */
  readonly shape: readonly number[];
  /** Fields of an event that fill the tensor's row, in order. */
  readonly fields?: readonly string[];
}

/** What a backend says of itself to those who send tensors. */
export interface BackendDescription {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** What runs the model, where it is known. */
  readonly device?: string;
}

/** The input of a backend that takes events: their JSON texts. */
export const EVENT_INPUT = "event";
/** The output of a backend that takes events: the JSON texts of results. */
export const RESULT_OUTPUT = "result";

/** Describes a backend: its model's tensors where there is nothing but the model, else events and results as texts. */
export function describeBackend(backend: AnyBackend): BackendDescription {
  const model = tensorModelOf(backend);
  if (model === undefined) {
    return {
      inputs: [{ name: EVENT_INPUT, datatype: "BYTES", shape: [-1] }],
      outputs: [{ name: RESULT_OUTPUT, datatype: "BYTES", shape: [-1] }],
    };
  }
  return {
    inputs: model.inputs.map((input) => ({ ...specOf(input), fields: [...input.fields] })),
    outputs: model.outputs.map(specOf),
    device: model.device,
  };
}

function specOf({ name, type, shape }: TensorInfo): TensorSpec {
  return { name, datatype: datatypeOf(type), shape: shape.map((size) => size ?? -1) };
}
