import { PackflowError } from "../base/errors.ts";
import type { EventRecord, JsonObject, JsonValue } from "../base/json.ts";
import type { GraphValue, ModelGraph } from "../onnx/model_graph.ts";
import type { TensorType } from "../onnx/session.ts";
import { namedFeatures } from "./feature_names.ts";
import { inputWidth } from "./input_width.ts";

/** What can be made of a model without knowing more than it says. */
export interface ModelSample {
  /** Options of the backend, beside the model's path. */
  readonly config: JsonObject;
  /** Made-up events that fit the model's inputs. */
  readonly events: readonly EventRecord[];
  /** What the user should know of the names, a sentence each. */
  readonly notes: readonly string[];
}

/** The part of a model that events are made up from. */
export type SampledGraph = Pick<ModelGraph, "inputs" | "outputs" | "nodes" | "initializers" | "metadata">;

/** Separators of field paths, to find one that no name has in it: "input.1" and "sepal.length" are plain names. */
const DELIMITERS = [".", "/", "::", "|", "#", "->", "~~", "\u241f"];

/** Beyond this many numbers an event, two events must do. */
const LARGE_EVENT = 1000;
/** Beyond this many nobody wants an event as a line of text. */
const MOST_ELEMENTS = 10_000_000;
/** A row of more features than this is no table of columns: one field holds it as an array. */
const MOST_COLUMNS = 512;

interface SampleInput {
  readonly name: string;
  readonly type: TensorType;
  /** Whether the model says how many dimensions there are. */
  readonly isRanked: boolean;
  /** Sizes of the dimensions after the one that counts events; null where open. */
  readonly row: readonly (number | null)[];
}

/**
 * Names fields for a model's inputs and makes up events that fit them.
 *
 * The features of a model's only input of shape `[events, N]` have the names that the model's metadata gives them,
 * else `feature_0` and so on; other inputs are fed by the field of their name.
 *
 * @param model What messages call the model.
 * @throws {PackflowError} `create.unsupported_model`, `model.non_tensor_input`, `model.non_tensor_output`.
 */
export function sampleEvents(graph: SampledGraph, model: string): ModelSample {
  for (const output of graph.outputs) checkOutput(output, model);
  const inputs = graph.inputs.map((input) => checkInput(input, model));
  const [only] = inputs;
  if (only === undefined) throw unsupported(model, "it must take an input: it has none");
  const { features, row = only.row, notes } = inputs.length > 1 ? { notes: [] } : featuresOf(only, graph);
  const sampled = inputs.length > 1 ? inputs : [{ ...only, row }];
  const size = features?.length ?? sampled.reduce((sum, { row }) => sum + sizeOf(row), 0);
  if (size > MOST_ELEMENTS) {
    throw unsupported(model, `an event must have at most ${MOST_ELEMENTS} elements: its inputs take ${size}`);
  }
  const events = Array.from({ length: size > LARGE_EVENT ? 2 : 4 }, (_, index): EventRecord => {
    const fields: [string, JsonValue][] = features === undefined
      ? sampled.map((input, at) => [input.name, sampleValue(input, input.row, index + at)])
      : features.map((name, at) => [name, sampleScalar(only, index * 3 + at)]);
    return Object.fromEntries(fields);
  });
  const delimiter = delimiterFor(features ?? inputs.map(({ name }) => name));
  const config: JsonObject = {
    ...(features === undefined ? {} : { featureNames: features }),
    ...(delimiter === "." ? {} : { nestedFieldDelimiter: delimiter }),
  };
  return { config, events, notes };
}

interface Features {
  /** Undefined where the input's own name serves. */
  readonly features?: string[];
  /** The shape of the input's own field, where the input leaves it open. */
  readonly row?: readonly number[];
  readonly notes: string[];
}

/** Names for the features of a model's only input. */
function featuresOf(input: SampleInput, graph: SampledGraph): Features {
  if (input.isRanked && input.row.length !== 1) return { notes: [] };
  const [declared = null] = input.row;
  const named = namedFeatures(graph.metadata);
  const width = declared ?? inputWidth(graph, { ...input, dims: undefined }) ?? named?.names.length;
  if (width === undefined) return { notes: input.isRanked ? [openWidth(input.name)] : [] };
  if (named !== undefined && named.names.length === width) {
    return { features: [...named.names], notes: [`The fields have the names in the model's "${named.key}"`] };
  }
  const notes = named === undefined ? [] : [
    `The model's "${named.key}" names ${named.names.length} features, and "${input.name}" takes ${width}: ` +
    "the names are not used",
  ];
  if (width === 1) return { notes };
  if (width > MOST_COLUMNS) return { row: [width], notes };
  const features = Array.from({ length: width }, (_, index) => `feature_${index}`);
  notes.push(
    `The model does not name its ${width} features: give them your events' names, in the model's order, in ` +
      "featureNames of packflow.jsonc and in the events",
  );
  return { features, notes };
}

function openWidth(name: string): string {
  return `The model does not say how many values "${name}" takes: each event holds them as an array`;
}

/** A separator that no name has in it, so that every name is one key. */
function delimiterFor(names: readonly string[]): string {
  const isFree = (delimiter: string) => !names.some((name) => name.includes(delimiter));
  let delimiter = DELIMITERS.find(isFree);
  for (let length = 2; delimiter === undefined; length++) {
    if (isFree(".".repeat(length))) delimiter = ".".repeat(length);
  }
  return delimiter;
}

function checkOutput({ name, type, other = "not a tensor" }: GraphValue, model: string): void {
  if (type !== undefined) return;
  const isZipMap = other === "a sequence" || other === "a map";
  throw new PackflowError(
    "model.non_tensor_output",
    `Cannot make a project from "${model}" as its output "${name}" must be a tensor of a known type: it is ${other}`,
    {
      remedy: isZipMap
        ? "Convert the model without ZipMap: with skl2onnx, options={id(model): {'zipmap': False}} or zipmap=False"
        : "Export the model with outputs of numbers, text or booleans, such as float32",
    },
  );
}

function checkInput(
  { name, type, other = "not a tensor", dims }: GraphValue,
  model: string,
): SampleInput {
  if (type === undefined) {
    throw new PackflowError(
      "model.non_tensor_input",
      `Cannot make a project from "${model}" as its input "${name}" must be a tensor of a known type: it is ${other}`,
      { remedy: "Export the model with inputs of numbers, text or booleans, such as float32" },
    );
  }
  // Sizes of 0 and less stand for open ones in some files.
  const row = (dims ?? []).slice(1).map((size) => typeof size === "number" && size > 0 ? size : null);
  return { name, type, isRanked: dims !== undefined, row };
}

/** A value of the shape of one event; a dimension that the model leaves open has one element. */
function sampleValue(input: SampleInput, row: readonly (number | null)[], seed: number): JsonValue {
  const [size, ...inner] = row;
  // One number goes without brackets, as people write it.
  if (size === undefined || (row.length === 1 && size === 1)) return sampleScalar(input, seed);
  return Array.from({ length: size ?? 1 }, (_, index) => sampleValue(input, inner, seed + index));
}

function sampleScalar({ type }: SampleInput, seed: number): JsonValue {
  if (type === "string") return ["a", "b", "c"][seed % 3] ?? "a";
  if (type === "bool") return seed % 2 === 1;
  return type.startsWith("float") ? ((seed * 3) % 11) / 10 : seed % 3;
}

function sizeOf(row: readonly (number | null)[]): number {
  return row.reduce<number>((product, size) => product * (size ?? 1), 1);
}

function unsupported(model: string, reason: string): PackflowError {
  return new PackflowError("create.unsupported_model", `Cannot make a project from "${model}" as ${reason}`);
}
