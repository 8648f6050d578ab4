import { elementType } from "./element_types.ts";
import type { ExternalData } from "./external_data.ts";
import { type NativeModel, type NativeRuntime, NativeTensor, type NativeValue } from "./native_runtime.ts";
import { allOutputs, closedError, requireTensors, runError, tensorsOf, valueInfo } from "./ort_values.ts";
import type { NonTensorInfo, Session, Tensor, TensorInfo } from "./session.ts";

/** How to open a model natively. */
export interface NativeSessionOptions {
  /** What messages call the model. */
  readonly name: string;
  /** Threads that share the work of one call. */
  readonly threads?: number;
  /** The files beside the model that hold its weights. */
  readonly externalData?: readonly ExternalData[];
}

/**
 * Opens a model on a project's onnxruntime-node.
 *
 * @param model The bytes of the ONNX file.
 * @throws {unknown} What ONNX Runtime throws for bytes it cannot load; `openSession` explains it.
 */
export function openNativeSession(
  model: Uint8Array,
  { library }: NativeRuntime,
  options: NativeSessionOptions,
): Session {
  const { name, threads = 1, externalData = [] } = options;
  const session = new library.InferenceSession();
  session.loadModel(model.buffer, model.byteOffset, model.byteLength, {
    executionProviders: ["cpu"],
    logSeverityLevel: 4,
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    ...(externalData.length === 0 ? {} : { externalData: [...externalData] }),
  });
  return new NativeSession(session, name);
}

class NativeSession implements Session {
  readonly device = "native";
  readonly inputs: readonly (TensorInfo | NonTensorInfo)[];
  readonly outputs: readonly (TensorInfo | NonTensorInfo)[];
  readonly #name: string;
  #model: NativeModel | undefined;

  constructor(model: NativeModel, name: string) {
    this.#model = model;
    this.#name = name;
    this.inputs = model.inputMetadata.map(infoOf);
    this.outputs = model.outputMetadata.map(infoOf);
  }

  // The library computes in place and answers at once.
  // deno-lint-ignore require-await
  async run(
    feeds: Readonly<Record<string, Tensor>>,
    outputNames?: readonly string[],
  ): Promise<Record<string, Tensor>> {
    const model = this.#model;
    if (model === undefined) throw closedError(this.#name);
    const names = outputNames ?? allOutputs(this);
    requireTensors(this.outputs, names, this.#name);
    try {
      const inputs: Record<string, NativeTensor> = {};
      for (const { name } of this.inputs) {
        const feed = feeds[name];
        if (feed === undefined) throw new TypeError(`Missing input: ${name}`);
        inputs[name] = new NativeTensor(feed.type, feed.data, feed.dims);
      }
      const results = model.run(inputs, Object.fromEntries(names.map((name) => [name, null])), {
        logSeverityLevel: 4,
      });
      return tensorsOf(results, names);
    } catch (error) {
      throw runError(this.#name, error);
    }
  }

  // deno-lint-ignore require-await
  async dispose(): Promise<void> {
    this.#model?.dispose();
    this.#model = undefined;
  }
}

function infoOf({ name, isTensor, type = 0, shape = [] }: NativeValue): TensorInfo | NonTensorInfo {
  return valueInfo(name, isTensor ? elementType(type) : undefined, shape);
}
