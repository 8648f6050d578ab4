import { messageOf, PackflowError } from "../base/errors.ts";
import { type EventRecord, isObject, type JsonObject, kindOf, type Records } from "../base/json.ts";
import { log } from "../base/log.ts";
import { createPreprocessor, type Preprocessor } from "../preprocess/preprocessor.ts";
import { placeOfError } from "./error_place.ts";
import type { AnyBackend } from "./inference_backend.ts";
import type { InferenceMetrics } from "./metrics.ts";

/** The steps of a call, in order; also the names under which their times are reported. */
type Step = "preprocess" | "transformInputs" | "execute" | "transformOutputs";

type StepTimes = { preprocess: number; execute: number } & { [step in Step]?: number };

/**
 * The one wrapper around a backend's hooks: initializes once, times each step, checks that there is one result
 * per event, and wraps what hooks throw. All state of a call is local to it, so calls may run at once.
 */
export class BackendPipeline {
  readonly #backend: AnyBackend;
  readonly #preprocessor: Preprocessor;

  private constructor(backend: AnyBackend) {
    this.#backend = backend;
    this.#preprocessor = createPreprocessor(backend.config);
  }

  /** Initializes the backend and asks whether it is ready. */
  static async open(backend: AnyBackend): Promise<BackendPipeline> {
    checkExecute(backend);
    const pipeline = new BackendPipeline(backend);
    await initialize(backend);
    if (await callHook(backend, "ready", () => backend.ready())) return pipeline;
    throw new PackflowError(
      "backend.not_ready",
      `Cannot serve with "${backend.constructor.name}" as its ready hook must return true: it returned false`,
    );
  }

  /** Runs every step for one event or a batch of them. */
  async infer(
    input: EventRecord | readonly EventRecord[],
  ): Promise<{ output: JsonObject | JsonObject[]; metrics: InferenceMetrics }> {
    const records = Array.isArray(input) ? checkedRecords(input) : checkedRecords([input]);
    const times: StepTimes = { preprocess: 0, execute: 0 };
    const results = checkedResults(this.#backend, await this.#runSteps(records, times), records.length);
    const total = times.preprocess + (times.transformInputs ?? 0) + times.execute +
      (times.transformOutputs ?? 0);
    const metrics = { batchSize: records.length, executionTimes: times, totalExecutionTime: total };
    if (this.#backend.config.verbose) log("info", describeCall(this.#backend, metrics));
    const [single] = results;
    return { output: Array.isArray(input) || single === undefined ? results : single, metrics };
  }

  /** Has a backend that keeps state forget it. */
  async reset(): Promise<void> {
    const backend = this.#backend;
    await callHook(backend, "reset", () => backend.reset?.());
  }

  async #runSteps(records: Records, times: StepTimes): Promise<unknown> {
    const backend = this.#backend;
    const { transformInputs, transformOutputs } = backend;
    let started = performance.now();
    const timed = (step: Step) => {
      const now = performance.now();
      times[step] = now - started;
      started = now;
    };
    const prepared = this.#preprocessor.process(records);
    timed("preprocess");
    let value: unknown = prepared;
    if (transformInputs !== undefined) {
      // An author who asks for tensors types transformInputs accordingly; the hook's own type is not known here.
      value = await callHook(
        backend,
        "transformInputs",
        () => transformInputs.call(backend, prepared as Records),
      );
      timed("transformInputs");
    }
    value = await callHook(backend, "execute", () => backend.execute(value));
    timed("execute");
    if (transformOutputs !== undefined) {
      value = await callHook(
        backend,
        "transformOutputs",
        () => transformOutputs.call(backend, value as never),
      );
      timed("transformOutputs");
    }
    return value;
  }
}

function describeCall(backend: AnyBackend, { batchSize, executionTimes }: InferenceMetrics): string {
  const steps = Object.entries(executionTimes).map(([step, ms]) => `${step} ${ms.toFixed(3)} ms`);
  return `${backend.constructor.name} inferred a batch of ${batchSize}: ${steps.join(", ")}`;
}

/** TypeScript knows that execute is there; plain JavaScript does not. */
function checkExecute(backend: AnyBackend): void {
  if (typeof backend.execute === "function") return;
  throw new PackflowError(
    "backend.wrong_export",
    `Cannot build "${backend.constructor.name}" as it must have execute: the hook is ${
      kindOf(backend.execute)
    }`,
    { remedy: "Write override execute(inputs: Records) { ... } in the class" },
  );
}

async function initialize(backend: AnyBackend): Promise<void> {
  try {
    await backend.initialize();
  } catch (cause) {
    if (cause instanceof PackflowError) throw cause;
    throw new PackflowError(
      "backend.initialize_failed",
      `Cannot initialize "${backend.constructor.name}" as its initialize hook threw: ${messageOf(cause)}`,
      { cause, place: { hook: "initialize", ...placeOfError(cause, backend.folder) } },
    );
  }
}

/** Calls a hook; what its code throws is told with the hook's name and the place in the project's file. */
export async function callHook<T>(backend: AnyBackend, hook: string, call: () => T): Promise<Awaited<T>> {
  try {
    return await call();
  } catch (cause) {
    // What Packflow's own code says (a missing field, a wrong shape) is clearer than a wrapper around it.
    if (cause instanceof PackflowError) throw cause;
    throw new PackflowError(
      "backend.hook_failed",
      `Cannot run ${hook} of "${backend.constructor.name}" as it threw: ${messageOf(cause)}`,
      { cause, place: { hook, ...placeOfError(cause, backend.folder) } },
    );
  }
}

function checkedRecords(input: readonly unknown[]): Records {
  for (let index = 0; index < input.length; index++) {
    const event = input[index];
    if (isObject(event)) continue;
    throw new PackflowError(
      "event.not_object",
      `Cannot infer event ${index} as it must be an object: current value is ${kindOf(event)}`,
      { place: { eventIndex: index } },
    );
  }
  return input as Records;
}

/** The results, when there is one for every event; what each holds is `checkIo`'s to check. */
function checkedResults(backend: AnyBackend, results: unknown, events: number): JsonObject[] {
  if (Array.isArray(results) && results.length === events) return results;
  const got = Array.isArray(results) ? `${results.length} results` : kindOf(results);
  throw new PackflowError(
    "backend.wrong_output",
    `Cannot match results of "${backend.constructor.name}" to events as there must be an array of one result per ` +
      `event: expected ${events} results, got ${got}`,
  );
}
