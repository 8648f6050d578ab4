import { PackflowError } from "../base/errors.ts";
import type { EventRecord, JsonObject, JsonValue } from "../base/json.ts";
import type { NonTensorInfo, Session, TensorInfo } from "../onnx/session.ts";

/** What can be made of a model without knowing more than it says. */
export interface ModelSample {
  /** Options of the backend, beside the model's path. */
  readonly config: JsonObject;
  /** Made-up events that fit the model's inputs. */
  readonly events: readonly EventRecord[];
}

/** Separators of field paths, to find one that no input has in its name: "input.1" is a plain name. */
const DELIMITERS = [".", "/", "::", "|", "#"];

/** Beyond this many numbers an event, two events must do. */
const LARGE_EVENT = 1000;

/**
 * Names fields for a model's inputs and makes up events that fit them.
 *
 * The features of a model's only input of shape `[events, N]` are `feature_0` and so on; other inputs are fed by the
 * field of their name.
 *
 * @throws {PackflowError} `create.unsupported_model`, `model.non_tensor_output`.
 */
export function sampleEvents(session: Pick<Session, "inputs" | "outputs">, model: string): ModelSample {
  for (const output of session.outputs) checkOutput(output, model);
  const inputs = session.inputs.map((input) => checkInput(input, model));
  const features = featureNames(inputs, model);
  const size = inputs.reduce(
    (sum, { shape }) => sum + shape.slice(1).reduce<number>((a, b) => a * (b ?? 1), 1),
    0,
  );
  const events = Array.from({ length: size > LARGE_EVENT ? 2 : 4 }, (_, index): EventRecord => {
    const [only] = inputs;
    const fields: [string, JsonValue][] = features === undefined || only === undefined
      ? inputs.map((input, at) => [input.name, sampleValue(input, input.shape.slice(1), index + at)])
      : features.map((name, at) => [name, sampleScalar(only, index * 3 + at)]);
    return Object.fromEntries(fields);
  });
  const names = inputs.map((input) => input.name);
  const delimiter = DELIMITERS.find((each) => !names.some((name) => name.includes(each))) ?? ".";
  const config: JsonObject = {
    ...(features === undefined ? {} : { featureNames: features }),
    ...(features !== undefined || delimiter === "." ? {} : { nestedFieldDelimiter: delimiter }),
  };
  return { config, events };
}

/** Names for the features of a model's only input; undefined where the input's own name serves. */
function featureNames(inputs: readonly TensorInfo[], model: string): string[] | undefined {
  const [input, ...others] = inputs;
  if (input === undefined || others.length > 0 || input.shape.length !== 2) return undefined;
  const [, width = null] = input.shape;
  if (width === null) {
    throw new PackflowError(
      "create.unsupported_model",
      `Cannot make a project from "${model}" as its input "${input.name}" must declare how many features it takes: ` +
        "its second dimension is open",
    );
  }
  return width === 1 ? undefined : Array.from({ length: width }, (_, index) => `feature_${index}`);
}

function checkOutput(output: TensorInfo | NonTensorInfo, model: string): void {
  if (output.type !== null) return;
  throw new PackflowError(
    "model.non_tensor_output",
    `Cannot make a project from "${model}" as its output "${output.name}" must be a tensor: it is a map or a sequence`,
    {
      remedy:
        "Convert the model without ZipMap: with skl2onnx, options={id(model): {'zipmap': False}} or zipmap=False",
    },
  );
}

function checkInput(input: TensorInfo | NonTensorInfo, model: string): TensorInfo {
  if (input.type !== null) return input;
  throw new PackflowError(
    "create.unsupported_model",
    `Cannot make a project from "${model}" as its input "${input.name}" must be a tensor: it is a map or a sequence`,
  );
}

/** A value of the shape of one event; a dimension that the model leaves open has one element. */
function sampleValue(input: TensorInfo, shape: readonly (number | null)[], seed: number): JsonValue {
  const [size, ...inner] = shape;
  // One number goes without brackets, as people write it.
  if (size === undefined || (shape.length === 1 && size === 1)) return sampleScalar(input, seed);
  return Array.from({ length: size ?? 1 }, (_, index) => sampleValue(input, inner, seed + index));
}

function sampleScalar({ type }: TensorInfo, seed: number): JsonValue {
  if (type === "string") return ["a", "b", "c"][seed % 3] ?? "a";
  if (type === "bool") return seed % 2 === 1;
  return type.startsWith("float") ? ((seed * 3) % 11) / 10 : seed % 3;
}
