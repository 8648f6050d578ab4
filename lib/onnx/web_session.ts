import { PackflowError } from "../base/errors.ts";
import { runtimeCause, runtimeMessage } from "./runtime_message.ts";
import type { NonTensorInfo, Session, Tensor, TensorInfo, TensorType } from "./session.ts";
import { type WebRuntime, webRuntime } from "./web_runtime.ts";

type OrtSession = import("../deps/ort_web.ts").InferenceSession;
type OrtTensor = import("../deps/ort_web.ts").Tensor;
type OrtValueInfo = OrtSession["inputMetadata"][number];

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

/**
 * Opens a model on onnxruntime-web's WebAssembly device. Several may be opened and run at once.
 *
 * @param model The bytes of the ONNX file.
 * @param name What messages call the model.
 * @throws {unknown} What onnxruntime-web throws for bytes it cannot load; `openSession` explains it.
 */
export async function openWebSession(model: Uint8Array, name: string): Promise<Session> {
  const runtime = await webRuntime();
  const session = await runtime.serially(() =>
    runtime.ort.InferenceSession.create(model, { executionProviders: ["wasm"], logSeverityLevel: 4 })
  );
  return new WebSession(runtime, session, name);
}

class WebSession implements Session {
  readonly device = "wasm";
  readonly inputs: readonly (TensorInfo | NonTensorInfo)[];
  readonly outputs: readonly (TensorInfo | NonTensorInfo)[];
  readonly #runtime: WebRuntime;
  readonly #session: OrtSession;
  readonly #name: string;
  #disposed: Promise<void> | undefined;

  constructor(runtime: WebRuntime, session: OrtSession, name: string) {
    this.#runtime = runtime;
    this.#session = session;
    this.#name = name;
    this.inputs = session.inputMetadata.map(valueInfo);
    this.outputs = session.outputMetadata.map(valueInfo);
  }

  async run(
    feeds: Readonly<Record<string, Tensor>>,
    outputNames?: readonly string[],
  ): Promise<Record<string, Tensor>> {
    if (this.#disposed !== undefined) {
      throw new PackflowError(
        "model.closed",
        `Cannot run model "${this.#name}" as it must be open: it was disposed of`,
      );
    }
    const names = outputNames ?? this.outputs.map((output) => output.name);
    this.#requireTensors(names);
    const { Tensor } = this.#runtime.ort;
    const inputs: Record<string, OrtTensor> = {};
    try {
      for (const [name, { type, data, dims }] of Object.entries(feeds)) {
        inputs[name] = new Tensor(type, data, dims);
      }
      const results = await this.#runtime.serially(() => this.#session.run(inputs, names));
      const tensors: Record<string, Tensor> = {};
      for (const name of names) {
        const result = results[name];
        if (result !== undefined) tensors[name] = fromOrt(result);
      }
      return tensors;
    } catch (error) {
      throw new PackflowError(
        "model.run_failed",
        `Cannot run model "${this.#name}": ${runtimeMessage(error)}`,
        {
          cause: runtimeCause(error),
        },
      );
    }
  }

  dispose(): Promise<void> {
    // Queued behind runs that have begun.
    this.#disposed ??= this.#runtime.serially(() => this.#session.release());
    return this.#disposed;
  }

  #requireTensors(names: readonly string[]): void {
    for (const name of names) {
      if (this.outputs.find((output) => output.name === name)?.type !== null) continue;
      throw new PackflowError(
        "model.non_tensor_output",
        `Cannot read output "${name}" of model "${this.#name}" as it must be a tensor: it is a sequence or a map`,
      );
    }
  }
}

function valueInfo(value: OrtValueInfo): TensorInfo | NonTensorInfo {
  if (!value.isTensor || !isTensorType(value.type)) return { name: value.name, type: null };
  return {
    name: value.name,
    type: value.type,
    shape: value.shape.map((size) => typeof size === "number" && size !== OPEN_DIMENSION ? size : null),
  };
}

function isTensorType(type: string): type is TensorType {
  return TENSOR_TYPES.has(type);
}

function fromOrt({ type, data, dims }: OrtTensor): Tensor {
  if (!isTensorType(type)) throw new TypeError(`Cannot read elements of type "${type}"`);
  // Where the platform has Float16Array the library hands out one; its bits are what Tensor holds.
  const bits = type === "float16" && ArrayBuffer.isView(data);
  return { type, data: bits ? new Uint16Array(data.buffer, data.byteOffset, data.length) : data, dims };
}
