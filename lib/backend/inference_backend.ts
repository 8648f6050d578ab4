import { PackflowError } from "../base/errors.ts";
import type { EventRecord, JsonObject, Records } from "../base/json.ts";
import { BackendConfig } from "../config/backend_config.ts";
import { type ConfigOverride, resolveConfig } from "../config/resolve_config.ts";
import type { z } from "../deps/zod.ts";
import { resolvePath } from "../host/path.ts";
import type { ModelOptions } from "../onnx/devices.ts";
import type { Session } from "../onnx/session.ts";
import { BackendPipeline, callHook } from "./backend_pipeline.ts";
import { checkIo } from "./check_io.ts";
import type { InferenceMetrics } from "./metrics.ts";
import { openModelFile } from "./open_model_file.ts";

/** What a hook may return: the value or a promise of it. */
export type Awaitable<T> = T | Promise<T>;

/** How to build a backend. */
export interface BackendOptions {
  /** Options of the backend's schema, in camelCase; they win over the manifest's. */
  readonly config?: JsonObject;
  /** Options from the project's manifest. */
  readonly manifestConfig?: JsonObject;
  /**
   * What the file of `BACKEND_CONFIG_FILE_PATH` says, where it has been read already.
   *
   * @ignore
   */
  readonly override?: ConfigOverride;
  /** The folder that paths such as a model's are relative to; the current folder when left out. */
  readonly folder?: string;
}

/** What the constructor of a backend receives; subclasses with a constructor of their own pass it on. */
export interface BackendContext {
  /** The options, checked by the class's schema. */
  readonly config: BackendConfig;
  /** Absolute path of the project's folder. */
  readonly folder: string;
}

/** A class that extends {@linkcode InferenceBackend} and can be built. */
export interface BackendClass<Backend extends AnyBackend = AnyBackend> {
  /** Called by `create` and `loadBackend` only. */
  new (context: BackendContext): Backend;
  /** The class's name, as messages say it. */
  readonly name: string;
  /** The schema of its options. */
  readonly config: z.ZodType<BackendConfig>;
}

/** A backend, whatever its options and the inputs of its `execute`. */
export type AnyBackend = InferenceBackend<BackendConfig, unknown>;

/**
 * What a project's inference code extends. Write the hooks once: they serve a single event and a batch alike.
 *
 * Per call the steps are: prepare the events as `config.inputFormat` says, then `transformInputs`, `execute`,
 * `transformOutputs`. A hook may be async. What a hook throws is reported with the hook's name. Hooks leave the
 * events they are given as they are. No hook runs from the constructor: build with `await Backend.create()`.
 *
 * @typeParam Config The options, as the schema in `static config` yields them.
 * @typeParam Inputs What `execute` receives: records, a `TensorBatch`, or what `transformInputs` returns.
 *
 * @example
 * ```ts
 * import { InferenceBackend, type Records } from "packflow";
 *
 * class Backend extends InferenceBackend {
 *   override execute(inputs: Records) {
 *     return inputs.map((event) => ({ total: Number(event.a) + Number(event.b) }));
 *   }
 * }
 *
 * await using backend = await Backend.create();
 * console.assert((await backend.infer({ a: 1, b: 2 })).total === 3);
 * console.assert((await backend.infer([{ a: 1, b: 2 }, { a: 3, b: 4 }])).length === 2);
 * ```
 */
export abstract class InferenceBackend<Config extends BackendConfig = BackendConfig, Inputs = Records> {
  /** The schema of the options; extend it with `BackendConfig.extend({...})`. */
  static config: z.ZodType<BackendConfig> = BackendConfig;

  /** The options, checked and with defaults filled in. */
  readonly config: Config;
  /** Absolute path of the project's folder. */
  readonly folder: string;
  #pipeline: BackendPipeline | undefined;

  /**
   * Code does not call this itself: `create` does.
   *
   * @param context What `create` and `loadBackend` pass.
   */
  constructor(context: BackendContext) {
    // `create` has parsed the options with this class's schema, whose output type the author names as Config.
    this.config = context.config as Config;
    this.folder = context.folder;
  }

  /** Runs once, before the first event: load models and tables here. */
  initialize(): Awaitable<void> {}

  /** Whether the backend can serve; asked once after `initialize`, and by health checks. */
  ready(): Awaitable<boolean> {
    return true;
  }

  /**
   * Forgets what earlier events have left behind, as if there had been none. For backends that keep state between
   * events: checks call it, so that answers alone and in batches start from the same.
   */
  reset?(): Awaitable<void>;

  /** Turns the prepared events into what `execute` takes: `records.length` events, in order. */
  transformInputs?(records: Records): Awaitable<Inputs>;

  /** The inference itself. Returns one value per event, in order: results, or what `transformOutputs` takes. */
  abstract execute(inputs: Inputs): Awaitable<unknown>;

  /** Turns what `execute` returned into one plain object per event, in order. */
  transformOutputs?(outputs: never): Awaitable<readonly JsonObject[]>;

  /** Frees what `initialize` took; runs once, from `await using` or `dispose` of who built the backend. */
  dispose(): Awaitable<void> {}

  /**
   * Builds a backend: checks the options, runs `initialize` once, asks `ready`.
   *
   * Options: defaults < manifest < `config` < the JSON file named by `BACKEND_CONFIG_FILE_PATH`.
   *
   * @throws {PackflowError} `config.*` for options, `backend.initialize_failed`, `backend.not_ready`.
   *
   * @example
   * ```ts
   * import { InferenceBackend, type Records } from "packflow";
   *
   * class Echo extends InferenceBackend {
   *   override execute(inputs: Records) {
   *     return inputs;
   *   }
   * }
   * const backend = await Echo.create({ config: { featureNames: ["a"] } });
   * console.assert(JSON.stringify(await backend.infer({ a: 1, b: 2 })) === '{"a":1}');
   * ```
   */
  static async create<Backend extends AnyBackend>(
    this: BackendClass<Backend>,
    options: BackendOptions = {},
  ): Promise<Backend> {
    const config = await resolveConfig(this.config, {
      ...(options.manifestConfig === undefined ? {} : { manifest: options.manifestConfig }),
      ...(options.config === undefined ? {} : { args: options.config }),
      ...(options.override === undefined ? {} : { override: options.override }),
    });
    const backend = new this({ config, folder: resolvePath(options.folder ?? ".") });
    backend.#pipeline = await BackendPipeline.open(backend);
    return backend;
  }

  /**
   * The result of one event, or the results of a batch in the same order: the same steps serve both.
   *
   * @param input One event, or an array of events. It is not changed.
   * @throws {PackflowError} `event.*` for input that does not fit, `backend.hook_failed` for what a hook throws
   * (kept as `cause`), `backend.wrong_output` unless there is one result per event.
   *
   * @example
   * ```ts
   * import { InferenceBackend, type Records } from "packflow";
   *
   * class Double extends InferenceBackend {
   *   override execute(inputs: Records) {
   *     return inputs.map(({ x }) => ({ y: 2 * Number(x) }));
   *   }
   * }
   * const backend = await Double.create();
   * console.assert((await backend.infer({ x: 21 })).y === 42);
   * ```
   */
  infer(input: EventRecord): Promise<JsonObject>;
  /** The results of a batch, one for each event, in order. */
  infer(input: readonly EventRecord[]): Promise<JsonObject[]>;
  /** The result of one event, or those of a batch. */
  infer(input: EventRecord | readonly EventRecord[]): Promise<JsonObject | JsonObject[]>;
  async infer(input: EventRecord | readonly EventRecord[]): Promise<JsonObject | JsonObject[]> {
    return (await this.inferWithMetrics(input)).output;
  }

  /** Like {@linkcode infer}, with what this very call cost, in milliseconds per step. */
  inferWithMetrics(
    input: EventRecord | readonly EventRecord[],
  ): Promise<{ output: JsonObject | JsonObject[]; metrics: InferenceMetrics }> {
    return this.#open().infer(input);
  }

  /**
   * Checks the backend's promises on sample events: one plain, JSON-serialisable object per event (no NaN or
   * Infinity), `config.outputKeys` present, the batch's answers equal to the single ones, inputs left as they were.
   * A backend with a {@linkcode reset} hook is reset before each pass over the events, and at the end.
   *
   * @param sample One event, or a batch.
   * @returns The results, as {@linkcode infer} gives them.
   * @throws {PackflowError} `check.io`, naming the event's index and the path inside its result.
   */
  checkIo(sample: EventRecord | readonly EventRecord[]): Promise<JsonObject | JsonObject[]> {
    return checkIo(this.#open(), sample, this.config.outputKeys);
  }

  /**
   * Opens an ONNX model of the project.
   *
   * @param path Path of the model, relative to the project's folder.
   * @param options.device What runs it: "trees", "wasm", "webgpu", "native", or "auto" for the fastest known to.
   * @param options.threads Threads that share the work of one call on wasm and native; 1 when left out.
   * @throws {PackflowError} `model.not_found`, `model.outside_project`, `model.too_large`, `model.invalid`,
   * `model.no_device`.
   */
  protected openModel(path: string, options: ModelOptions = {}): Promise<Session> {
    return openModelFile(path, { folder: this.folder, ...options });
  }

  /** Disposes of the backend when an `await using` block ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    await callHook(this, "dispose", () => this.dispose());
  }

  #open(): BackendPipeline {
    if (this.#pipeline !== undefined) return this.#pipeline;
    throw new PackflowError(
      "backend.not_initialized",
      `Cannot infer with "${this.constructor.name}" as it must be initialized: it was made with new`,
      { remedy: `Build it with await ${this.constructor.name}.create()` },
    );
  }
}
