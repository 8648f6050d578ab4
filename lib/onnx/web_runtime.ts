import { PackflowError } from "../base/errors.ts";
import { runtimeCause, runtimeMessage } from "./runtime_message.ts";

/** The library onnxruntime-web. */
type OrtWeb = typeof import("../deps/ort_web.ts");

/**
 * onnxruntime-web, loaded and set up, with its one queue.
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

let loading: Promise<WebRuntime> | undefined;

/** The process's runtime; loads the library on first use, and again after a failure. */
export function webRuntime(): Promise<WebRuntime> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
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

async function load(): Promise<WebRuntime> {
  let ort: OrtWeb;
  try {
    ort = await import("../deps/ort_web.ts");
  } catch (error) {
    throw new PackflowError(
      "model.no_runtime",
      `Cannot load ONNX Runtime as the library onnxruntime-web must be there: ${runtimeMessage(error)}`,
      { cause: runtimeCause(error) },
    );
  }
  // Its warnings would land on stderr in its own format; what fails is thrown as well.
  ort.env.logLevel = "fatal";
  // More than one thread overflows the stack on runtimes before Deno 2.7.
  ort.env.wasm.numThreads = 1;
  return new WebRuntime(ort);
}
