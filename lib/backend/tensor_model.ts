import type { Session, Tensor, TensorInfo } from "../onnx/session.ts";
import type { AnyBackend } from "./inference_backend.ts";
import type { ModelPlan } from "./onnx_plan.ts";

/** An input of a model, and the fields of an event that fill it. */
export interface TensorModelInput extends TensorInfo {
  /** Paths of the fields, in the order of the row's elements. */
  readonly fields: readonly string[];
}

/** A model that answers for its backend without any code around it, so that tensors may go straight to it. */
export interface TensorModel {
  /** What runs it, such as "wasm". */
  readonly device: string;
  readonly inputs: readonly TensorModelInput[];
  /** Those that make up the results. */
  readonly outputs: readonly TensorInfo[];
  /** How many events each run takes; null for any number. */
  readonly batchSize: number | null;
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
}

/** The method by which a backend offers its model; a symbol, as it is no part of the SDK. */
export const TENSOR_MODEL: unique symbol = Symbol("packflow.tensorModel");

/** The model of a backend that adds nothing to it; undefined for any other backend. */
export function tensorModelOf(backend: AnyBackend & { [TENSOR_MODEL]?: unknown }): TensorModel | undefined {
  const offer = backend[TENSOR_MODEL];
  // Only our own OnnxBackend knows the symbol.
  return typeof offer === "function" ? offer.call(backend) : undefined;
}

/** The model as tensors can be given to it. */
export function createTensorModel(session: Session, plan: ModelPlan): TensorModel {
  const infos = (all: Session["inputs"]) => all.flatMap((info) => info.type === null ? [] : [info]);
  const fieldsOf = new Map(plan.inputs.map(({ name, fields }) => [name, fields.map((field) => field.name)]));
  return {
    device: session.device,
    inputs: infos(session.inputs).map((info) => ({ ...info, fields: fieldsOf.get(info.name) ?? [] })),
    outputs: infos(session.outputs).filter(({ name }) => plan.outputs.includes(name)),
    batchSize: plan.batchSize,
    run: (feeds) => session.run(feeds, plan.outputs),
  };
}
