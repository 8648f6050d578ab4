import { PackflowError } from "../base/errors.ts";
import type { JsonObject, JsonValue } from "../base/json.ts";
import { elementReader } from "../onnx/element_codec.ts";
import type { Tensor } from "../onnx/session.ts";

/** What a run was made with. */
export interface RunShape {
  /** How many events went in, padding included: the first dimension that every output must have. */
  readonly events: number;
  /** Whether the model takes one event at a time, so that an output without dimensions belongs to that event. */
  readonly single: boolean;
}

/**
 * One object per event: each output under its name, a scalar where the output has one dimension, else nested
 * arrays of the dimensions after the first. NaN and infinite numbers stay as they are.
 *
 * @throws {PackflowError} `model.wrong_shape` for an output whose first dimension is not the number of events.
 */
export function onnxResults(
  names: readonly string[],
  tensors: Readonly<Record<string, Tensor>>,
  run: RunShape,
): JsonObject[] {
  const results: JsonObject[] = [];
  for (let event = 0; event < run.events; event++) results.push({});
  for (const name of names) {
    const tensor = tensors[name];
    if (tensor === undefined) {
      throw new PackflowError(
        "model.run_failed",
        `Cannot read output "${name}" as the model gave no value for it`,
      );
    }
    const rowOf = rowReader(name, tensor, run);
    for (const [event, result] of results.entries()) result[name] = rowOf(event);
  }
  return results;
}

function rowReader(name: string, tensor: Tensor, run: RunShape): (event: number) => JsonValue {
  const [events, ...row] = tensor.dims;
  const fits = events === undefined ? run.single : events === run.events;
  if (!fits) {
    throw new PackflowError(
      "model.wrong_shape",
      `Cannot match output "${name}" to events as its first dimension must be the number of events, ` +
        `${run.events}: its shape is [${tensor.dims.join(", ")}]`,
    );
  }
  const elementAt = elementReader(tensor.type, tensor.data);
  if (row.length === 0) return elementAt;
  const size = row.reduce((product, length) => product * length, 1);
  return (event) => nested(elementAt, row, event * size);
}

/** The elements from `start` on as arrays nested as `dims` says. */
function nested(
  elementAt: (index: number) => JsonValue,
  dims: readonly number[],
  start: number,
): JsonValue[] {
  const [length = 0, ...inner] = dims;
  const items: JsonValue[] = [];
  if (inner.length === 0) {
    for (let index = start; index < start + length; index++) items.push(elementAt(index));
    return items;
  }
  const step = inner.reduce((product, size) => product * size, 1);
  for (let item = 0; item < length; item++) items.push(nested(elementAt, inner, start + item * step));
  return items;
}
