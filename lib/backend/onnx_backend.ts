import { PackflowError } from "../base/errors.ts";
import type { EventRecord, JsonObject, Records } from "../base/json.ts";
import { OnnxConfig } from "../config/onnx_config.ts";
import type { z } from "../deps/zod.ts";
import type { Session, Tensor } from "../onnx/session.ts";
import { createDirectModel, DIRECT_MODEL, type DirectModel } from "./direct_model.ts";
import { FIELD_TYPES, type FieldType, plannedFieldTypes } from "./field_types.ts";
import { InferenceBackend } from "./inference_backend.ts";
import { onnxFeed } from "./onnx_feeds.ts";
import { type ModelPlan, planModel } from "./onnx_plan.ts";
import { onnxResults } from "./onnx_results.ts";
import { createTensorModel, TENSOR_MODEL, type TensorModel } from "./tensor_model.ts";

/**
 * Serves an ONNX model without any code. Extend it to put code around the model: `transformInputs` makes the fields
 * that the model takes, `transformOutputs` makes answers of its results, {@linkcode OnnxConfig} is extended for options.
 *
 * A model with one input gets the fields of `featureNames` in order as `[events, features]`; a field that holds an
 * array is spliced in; without `featureNames` the field of the input's own name feeds it. Of several inputs each gets
 * the field of its name. `renameFields` maps a field of the events to such a name; paths reach into nested objects.
 * Values are checked against the input's type: numbers (true and false count as 1 and 0), whole numbers in range,
 * strings, booleans. 64-bit integers beyond 2^53 go in and come out as strings of digits.
 *
 * The result of an event holds each output under its name: a scalar, or nested arrays where the output has more than
 * one dimension. A model that fixes its batch size is run in parts of that size, the last one padded.
 *
 * @throws {PackflowError} At `create`: `config.invalid`, `model.not_found`, `model.invalid`, `model.non_tensor_input`,
 * `model.non_tensor_output`, `model.wrong_shape`. At `infer`: `event.missing_field`, `event.wrong_type`,
 * `config.invalid` for too few features, `model.wrong_shape`, `model.run_failed`.
 *
 * @example
 * ```ts
 * import { OnnxBackend } from "packflow";
 *
 * const folder = "tests/fixtures/models/phishing";
 * const { feature_names } = JSON.parse(await Deno.readTextFile(`${folder}/about.json`));
 * await using backend = await OnnxBackend.create({
 *   folder,
 *   config: { model: "model.onnx", featureNames: feature_names },
 * });
 * const [line = ""] = (await Deno.readTextFile(`${folder}/events.ndjson`)).split("\n");
 * const { label, probabilities } = await backend.infer(JSON.parse(line));
 * console.assert(label === 1 && Array.isArray(probabilities));
 * ```
 */
export class OnnxBackend<Config extends OnnxConfig = OnnxConfig> extends InferenceBackend<Config> {
  /** The schema of the options; extend it with `OnnxConfig.extend({...})`. */
  static override config: z.ZodType<OnnxConfig> = OnnxConfig;
  #model: { readonly session: Session; readonly plan: ModelPlan } | undefined;

  /** Opens the model and works out how events feed it. */
  override async initialize(): Promise<void> {
    const { model, device, threads } = this.config;
    const session = await this.openModel(model, { device, threads });
    try {
      this.#model = { session, plan: planModel(session, this.config) };
    } catch (error) {
      await session.dispose();
      throw error;
    }
  }

  /**
   * Runs the model on a batch.
   *
   * @param records The events as they came; they are not changed.
   * @returns One object per event, in order: each output under its name.
   */
  override async execute(records: Records): Promise<JsonObject[]> {
    if (records.length === 0) return [];
    const { batchSize } = this.#opened().plan;
    if (batchSize === null || batchSize === records.length) return await this.#run(records, 0);
    const results: JsonObject[] = [];
    for (let first = 0; first < records.length; first += batchSize) {
      const part = records.slice(first, first + batchSize);
      const padding = new Array<EventRecord>(batchSize - part.length).fill(part[0] ?? {});
      const answers = await this.#run([...part, ...padding], first);
      for (const answer of answers.slice(0, part.length)) results.push(answer);
    }
    return results;
  }

  /**
   * The model for whoever can feed it directly; undefined where a subclass answers in its own way.
   *
   * @ignore
   */
  [DIRECT_MODEL](): DirectModel | undefined {
    return this.#isChanged() || this.#model === undefined
      ? undefined
      : createDirectModel(this.#model.session, this.#model.plan);
  }

  /**
   * The model for whoever has tensors; undefined where a subclass answers in its own way.
   *
   * @ignore
   */
  [TENSOR_MODEL](): TensorModel | undefined {
    return this.#isChanged() || this.#model === undefined
      ? undefined
      : createTensorModel(this.#model.session, this.#model.plan);
  }

  /**
   * What the model takes in the place of fields; nothing where a subclass makes fields of its own.
   *
   * @ignore
   */
  [FIELD_TYPES](): ReadonlyMap<string, FieldType> {
    const changed = this.transformInputs !== undefined || this.execute !== OnnxBackend.prototype.execute;
    return changed || this.#model === undefined ? new Map() : plannedFieldTypes(this.#model.plan);
  }

  /** Frees the model. */
  override async dispose(): Promise<void> {
    await this.#model?.session.dispose();
  }

  async #run(records: readonly EventRecord[], first: number): Promise<JsonObject[]> {
    const { session, plan } = this.#opened();
    const feeds: Record<string, Tensor> = {};
    for (const input of plan.inputs) feeds[input.name] = onnxFeed(input, records, first);
    const tensors = await session.run(feeds, plan.outputs);
    return onnxResults(plan.outputs, tensors, { events: records.length, single: plan.batchSize === 1 });
  }

  /** Whether a subclass or the options put something before or behind the model. */
  #isChanged(): boolean {
    return this.config.inputFormat !== "passthrough" ||
      ANSWERING.some((method) => this[method] !== OnnxBackend.prototype[method]);
  }

  #opened(): { readonly session: Session; readonly plan: ModelPlan } {
    if (this.#model !== undefined) return this.#model;
    throw new PackflowError(
      "backend.not_initialized",
      `Cannot run model "${this.config.model}" as it must be open: initialize has not run`,
    );
  }
}

/** What takes part in answering an event. */
const ANSWERING = ["execute", "transformInputs", "transformOutputs", "infer", "inferWithMetrics"] as const;
