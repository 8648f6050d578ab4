import { type EventRecord, isJsonObject, type JsonObject, type JsonValue } from "../base/json.ts";
import { EVENT_INPUT, RESULT_OUTPUT, type TensorSpec } from "../oip/describe.ts";
import type { ServedModel } from "./serve_options.ts";

/** A larger sample would make the service's description too large to read: characters of JSON. */
const SAMPLE_LIMIT = 64 * 1024;
/** A larger row says less than none. */
const ROW_LIMIT = 1000;

/**
 * An event to try a model with: its sample; without one, or where that is very large, an event of zeros and empty
 * text that the model's inputs suggest.
 */
export function exampleEvent(model: ServedModel): EventRecord {
  const { sample, inputs } = model;
  if (sample !== undefined && JSON.stringify(sample).length <= SAMPLE_LIMIT) return sample;
  const event: EventRecord = {};
  if (isCode(model)) return event;
  for (const input of inputs) {
    for (const field of input.fields ?? [input.name]) setField(event, field, valueOf(input));
  }
  return event;
}

/**
 * The same as tensors of one row, in the form of the Open Inference Protocol; zeros where a model takes tensors.
 * Undefined where they are very large.
 */
export function exampleTensors(model: ServedModel): JsonObject | undefined {
  const inputs = model.inputs.map(({ name, datatype, shape: [, ...row] }) => {
    const shape = [1, ...row.map((size) => Math.max(size, 1))];
    const size = shape.reduce((product, length) => product * length, 1);
    const text = isCode(model) ? JSON.stringify(exampleEvent(model)) : undefined;
    const data = size > ROW_LIMIT ? [] : Array.from({ length: size }, () => text ?? zeroOf(datatype));
    return { name, datatype, shape, data };
  });
  return inputs.some(({ data }) => data.length === 0) ? undefined : { inputs };
}

/** Whether a backend in TypeScript answers: only it knows what its events and results hold. */
export function isCode({ inputs, outputs }: ServedModel): boolean {
  const names = [...inputs, ...outputs].map(({ name, datatype }) => `${name} ${datatype}`);
  return names.join() === `${EVENT_INPUT} BYTES,${RESULT_OUTPUT} BYTES`;
}

/** What an event holds for one field of an input. */
function valueOf({ datatype, shape, fields }: TensorSpec): JsonValue {
  const row = fields === undefined || fields.length === 1
    ? shape.slice(1).map((size) => Math.max(size, 1))
    : [];
  const size = row.reduce((product, length) => product * length, 1);
  // one element goes without brackets, as people write it
  if (row.length === 0 || (row.length === 1 && size === 1)) return zeroOf(datatype);
  return size > ROW_LIMIT ? [] : filled(row, datatype);
}

function filled([size, ...inner]: readonly number[], datatype: TensorSpec["datatype"]): JsonValue {
  if (size === undefined) return zeroOf(datatype);
  return Array.from({ length: size }, () => filled(inner, datatype));
}

function zeroOf(datatype: TensorSpec["datatype"]): JsonValue {
  if (datatype === "BOOL") return false;
  return datatype === "BYTES" ? "" : 0;
}

/** A path such as "source.port" stands for a field inside another. */
function setField(event: EventRecord, path: string, value: JsonValue): void {
  const keys = path.split(".");
  let holder: JsonObject = event;
  for (const key of keys.slice(0, -1)) {
    const inner = Object.hasOwn(holder, key) ? holder[key] : define(holder, key, {});
    if (!isJsonObject(inner)) return;
    holder = inner;
  }
  define(holder, keys.at(-1) ?? path, value);
}

/** Sets a key, also one named `__proto__`. */
function define(holder: JsonObject, key: string, value: JsonValue): JsonValue {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
  return value;
}
