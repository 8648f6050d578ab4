import type { ExternalData } from "./external_data.ts";
import { allOutputs, closedError, requireTensors, runError, tensorsOf, valueInfo } from "./ort_values.ts";
import type { NonTensorInfo, Session, Tensor, TensorInfo } from "./session.ts";
import { gpuRuntime, type WebRuntime, webRuntime } from "./web_runtime.ts";

type OrtSession = import("../deps/ort_web.ts").InferenceSession;
type OrtTensor = import("../deps/ort_web.ts").Tensor;

/** How to open a model on onnxruntime-web. */
export interface WebSessionOptions {
  /** What messages call the model. */
  readonly name: string;
  readonly device?: "wasm" | "webgpu";
  /** Threads that share the work of one call on wasm; the process's first model decides. */
  readonly threads?: number;
  /** The files beside the model that hold its weights. */
  readonly externalData?: readonly ExternalData[];
}

/**
 * Opens a model on onnxruntime-web. Several may be opened and run at once.
 *
 * @param model The bytes of the ONNX file.
 * @throws {unknown} What onnxruntime-web throws for bytes it cannot load; `openSession` explains it.
 */
export async function openWebSession(model: Uint8Array, options: WebSessionOptions): Promise<Session> {
  const { name, device = "wasm", threads = 1, externalData = [] } = options;
  const runtime = device === "wasm" ? await webRuntime(threads) : await gpuRuntime();
  const session = await runtime.serially(() =>
    runtime.ort.InferenceSession.create(model, {
      executionProviders: [device],
      logSeverityLevel: 4,
      ...(externalData.length === 0 ? {} : { externalData: [...externalData] }),
    })
  );
  return new WebSession(runtime, session, { name, device });
}

/** What fails is thrown as well; on stderr it would be in the runtime's own format. */
const QUIETLY = { logSeverityLevel: 4 } as const;

class WebSession implements Session {
  readonly device: string;
  readonly inputs: readonly (TensorInfo | NonTensorInfo)[];
  readonly outputs: readonly (TensorInfo | NonTensorInfo)[];
  readonly #runtime: WebRuntime;
  readonly #session: OrtSession;
  readonly #name: string;
  #disposed: Promise<void> | undefined;

  constructor(runtime: WebRuntime, session: OrtSession, { name, device }: { name: string; device: string }) {
    this.#runtime = runtime;
    this.#session = session;
    this.#name = name;
    this.device = device;
    this.inputs = session.inputMetadata.map(infoOf);
    this.outputs = session.outputMetadata.map(infoOf);
  }

  async run(
    feeds: Readonly<Record<string, Tensor>>,
    outputNames?: readonly string[],
  ): Promise<Record<string, Tensor>> {
    if (this.#disposed !== undefined) throw closedError(this.#name);
    const names = outputNames ?? allOutputs(this);
    requireTensors(this.outputs, names, this.#name);
    const { Tensor } = this.#runtime.ort;
    const inputs: Record<string, OrtTensor> = {};
    try {
      for (const [name, { type, data, dims }] of Object.entries(feeds)) {
        inputs[name] = new Tensor(type, data, dims);
      }
      const results = await this.#runtime.serially(() => this.#session.run(inputs, names, QUIETLY));
      return tensorsOf(results, names);
    } catch (error) {
      throw runError(this.#name, error);
    }
  }

  dispose(): Promise<void> {
    // Queued behind runs that have begun.
    this.#disposed ??= this.#runtime.serially(() => this.#session.release());
    return this.#disposed;
  }
}

function infoOf(value: OrtSession["inputMetadata"][number]): TensorInfo | NonTensorInfo {
  return value.isTensor
    ? valueInfo(value.name, value.type, value.shape)
    : valueInfo(value.name, undefined, []);
}
