import { messageOf, PackflowError } from "../base/errors.ts";
import { hasWasmThreads } from "../host/runtime.ts";
import { runtimeCause, runtimeMessage } from "./runtime_message.ts";

/** The library onnxruntime-web. */
type OrtWeb = typeof import("../deps/ort_web.ts");

/**
 * A build of onnxruntime-web, loaded and set up, with its one queue.
 *
 * All sessions of a process share one WebAssembly module and its stack. A call saves the stack pointer, awaits,
 * and restores it, so two calls that overlap, even of two sessions, would write over each other's arguments.
 */
export class WebRuntime {
  readonly ort: OrtWeb;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(ort: OrtWeb) {
    this.ort = ort;
  }

  /** Runs a task after all earlier ones have ended, however they ended. */
  serially<T>(task: () => Promise<T>): Promise<T> {
    // With nothing ahead the task starts at once: waiting a turn would cost a single event a tenth of its time.
    const started = this.#waiting === 0 ? task() : this.#last.then(task);
    this.#waiting++;
    const done = () => {
      this.#waiting--;
    };
    this.#last = started.then(done, done);
    return started;
  }
}

/** What is loaded: the build for the processor, and the one for GPUs. */
const loading: { cpu?: Promise<WebRuntime>; gpu?: Promise<WebRuntime> } = {};

/**
 * The process's runtime on the processor; loads the library on first use, and again after a failure.
 *
 * @param threads Threads that share the work of one call, where the runtime can have several. The first use decides
 * for the whole process.
 */
export function webRuntime(threads = 1): Promise<WebRuntime> {
  loading.cpu ??= load(() => import("../deps/ort_web.ts"), hasWasmThreads() ? threads : 1)
    .catch((error: unknown) => {
      delete loading.cpu;
      throw error;
    });
  return loading.cpu;
}

/**
 * The process's runtime on a GPU. It lacks the operators of classic machine learning, and its calls go through
 * JavaScript's own suspension of WebAssembly.
 */
export function gpuRuntime(): Promise<WebRuntime> {
  loading.gpu ??= load(() => import("../deps/ort_webgpu.ts"), 1).catch((error: unknown) => {
    delete loading.gpu;
    throw error;
  });
  return loading.gpu;
}

/** Loads the library and compiles its WebAssembly ahead of the first session. What fails does so again then. */
export function warmWebRuntime(): void {
  const model = new Uint8Array(1);
  webRuntime()
    .then((runtime) =>
      runtime.serially(() => runtime.ort.InferenceSession.create(model, { logSeverityLevel: 4 }))
    )
    .catch(() => {});
}

async function load(library: () => Promise<OrtWeb>, threads: number): Promise<WebRuntime> {
  let ort: OrtWeb;
  try {
    ort = await library();
  } catch (error) {
    throw new PackflowError(
      "model.no_runtime",
      `Cannot load ONNX Runtime as the library onnxruntime-web must be there: ${
        runtimeMessage(messageOf(error))
      }`,
      { cause: runtimeCause(error) },
    );
  }
  // Its warnings would land on stderr in its own format; what fails is thrown as well.
  ort.env.logLevel = "fatal";
  ort.env.wasm.numThreads = threads;
  return new WebRuntime(ort);
}
