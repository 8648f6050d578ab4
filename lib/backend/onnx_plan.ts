import { PackflowError } from "../base/errors.ts";
import { nearestName } from "../base/nearest_name.ts";
import { elementCodec } from "../onnx/element_codec.ts";
import type { Session, TensorInfo, TensorType } from "../onnx/session.ts";
import { type FieldPath, parsePath } from "../preprocess/field_path.ts";

/** How one input of a model is filled from events. */
export interface InputPlan {
  readonly name: string;
  readonly type: TensorType;
  /** Whether the first dimension of the input counts events. */
  readonly batched: boolean;
  /** Sizes of the dimensions after it; null where the model leaves one open. */
  readonly row: readonly (number | null)[];
  /** The fields in order; exactly one unless `row` has one dimension. */
  readonly fields: readonly FieldPath[];
  /** Whether a key that is spelt like a path is read before the path, instead of refused. */
  readonly keysFirst: boolean;
  /** Whether a missing or null field becomes NaN instead of an error. */
  readonly missingIsNaN: boolean;
}

/** How a model is run on events. */
export interface ModelPlan {
  readonly inputs: readonly InputPlan[];
  /** The outputs that make up the results. */
  readonly outputs: readonly string[];
  /** How many events each run takes; null for any number. */
  readonly batchSize: number | null;
}

/** The options that say how fields become inputs. */
export interface PlanOptions {
  /** What messages call the model. */
  readonly model: string;
  readonly featureNames: readonly string[];
  readonly renameFields: Readonly<Record<string, string>>;
  readonly nestedFieldDelimiter: string;
  readonly ignoreDelimiterCollisions: boolean;
  readonly onMissing: "error" | "null";
  /** Names of the outputs to keep; empty keeps all. */
  readonly outputs: readonly string[];
}

/**
 * Works out, once per model, how events feed its inputs and which outputs make up the results.
 *
 * One input takes the features in order, or without features the field of its own name. Of several inputs each
 * takes the field of its name. `renameFields` says which field of the events carries a name.
 *
 * @throws {PackflowError} `config.invalid`, `model.non_tensor_input`, `model.non_tensor_output`, `model.wrong_shape`.
 */
export function planModel(session: Session, options: PlanOptions): ModelPlan {
  const infos = session.inputs.map((input) => {
    if (input.type !== null) return input;
    throw new PackflowError(
      "model.non_tensor_input",
      `Cannot feed input "${input.name}" of model "${options.model}" as it must be a tensor: ` +
        "it is a sequence, a map or optional",
    );
  });
  const sources = fieldSources(options.renameFields);
  const [only] = infos;
  const inputs = infos.length === 1 && only !== undefined
    ? [planInput(only, options, featuresOf(only, options).map((name) => sources.get(name) ?? name))]
    : infos.map((info) => planInput(info, options, [sources.get(info.name) ?? info.name]));
  if (infos.length > 1) checkFeatures(infos, options);
  return { inputs, outputs: chooseOutputs(session, options), batchSize: batchSizeOf(infos, options) };
}

function planInput(info: TensorInfo, options: PlanOptions, paths: readonly string[]): InputPlan {
  // ONNX Runtime reports a model that declares no rank like one of rank 0; only the first can hold many features.
  const [, ...row] = info.shape.length === 0 && paths.length > 1 ? [null, null] : info.shape;
  return {
    name: info.name,
    type: info.type,
    batched: info.shape.length > 0 || paths.length > 1,
    row,
    fields: paths.map((path) => parsePath(path, options.nestedFieldDelimiter)),
    keysFirst: options.ignoreDelimiterCollisions,
    missingIsNaN: options.onMissing === "null" && elementCodec(info.type).hasNaN,
  };
}

/** The features of a model's only input, checked against its shape. */
function featuresOf({ name, shape }: TensorInfo, { featureNames }: PlanOptions): readonly string[] {
  if (featureNames.length === 0) return [name];
  const [, width = 1] = shape;
  const most = shape.length === 0 ? Infinity : shape.length === 2 ? width ?? Infinity : 1;
  if (featureNames.length <= most) return featureNames;
  throw new PackflowError(
    "config.invalid",
    `Cannot feed input "${name}" of shape ${shapeText(shape)} as featureNames must be ${most} at most: ` +
      `current value has ${featureNames.length} names`,
    { place: { field: "featureNames" } },
  );
}

/** New name to the path of the field that carries it. */
function fieldSources(renameFields: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  for (const [path, name] of Object.entries(renameFields)) {
    const other = sources.get(name);
    if (other !== undefined) {
      throw new PackflowError(
        "config.invalid",
        `Cannot rename "${path}" to "${name}" as each new name must be given once: "${other}" has it too`,
        { place: { field: "renameFields" } },
      );
    }
    sources.set(name, path);
  }
  return sources;
}

/** With an input per field `featureNames` decides nothing, so it may only say what is so. */
function checkFeatures(inputs: readonly TensorInfo[], { featureNames, renameFields }: PlanOptions): void {
  const names = inputs.map((input) => input.name);
  for (const feature of featureNames) {
    const name = Object.hasOwn(renameFields, feature) ? renameFields[feature] : feature;
    if (name === undefined || names.includes(name)) continue;
    throw new PackflowError(
      "config.invalid",
      `Cannot use feature "${feature}" as a model with several inputs must be fed by input name` +
        `${suggestion(name, names)}: current value names no input`,
      { place: { field: "featureNames" } },
    );
  }
}

function chooseOutputs(session: Session, { model, outputs }: PlanOptions): readonly string[] {
  const known = session.outputs.map((output) => output.name);
  if (known.length === 0) {
    throw new PackflowError(
      "model.wrong_shape",
      `Cannot serve model "${model}" as it must have outputs: it has none`,
    );
  }
  const chosen = outputs.length === 0 ? known : outputs;
  for (const name of chosen) {
    const output = session.outputs.find((candidate) => candidate.name === name);
    if (output === undefined) {
      throw new PackflowError(
        "config.invalid",
        `Cannot keep output "${name}" as model "${model}" must have it${suggestion(name, known)}: ` +
          `its outputs are ${known.map((each) => `"${each}"`).join(", ")}`,
        { place: { field: "outputs" } },
      );
    }
    if (output.type === null) {
      throw new PackflowError(
        "model.non_tensor_output",
        `Cannot read output "${name}" of model "${model}" as it must be a tensor: it is a sequence or a map`,
      );
    }
  }
  return chosen;
}

/** How many events a run takes: what the inputs' first dimensions fix, and one where an input has no dimension. */
function batchSizeOf(inputs: readonly TensorInfo[], { model, featureNames }: PlanOptions): number | null {
  let batchSize: number | null = null;
  for (const { name, shape } of inputs) {
    const undeclared = shape.length === 0 && featureNames.length > 1;
    const [events = undeclared ? null : 1] = shape;
    if (events === null || events === batchSize) continue;
    if (batchSize !== null || events === 0) {
      throw new PackflowError(
        "model.wrong_shape",
        `Cannot batch events for model "${model}" as its inputs must agree on the first dimension: ` +
          `input "${name}" has the shape ${shapeText(shape)}, another has ${batchSize} there`,
      );
    }
    batchSize = events;
  }
  return batchSize;
}

function suggestion(name: string, known: readonly string[]): string {
  const near = nearestName(name, known);
  return near === undefined ? "" : ` (did you mean "${near}"?)`;
}

function shapeText(shape: readonly (number | null)[]): string {
  return `[${shape.map((size) => size ?? "any").join(", ")}]`;
}
