import { isObject, type JsonValue } from "../base/json.ts";
import { type Datatype, DATATYPES } from "../oip/datatypes.ts";
import type { BackendDescription, TensorSpec } from "../oip/describe.ts";

/** What a worker says of its backend; code of the project runs beside it, so nothing is taken on trust. */
export function readDescription(value: JsonValue): BackendDescription {
  const { inputs, outputs, device }: Record<string, unknown> = isObject(value) ? value : {};
  return {
    inputs: specsOf(inputs),
    outputs: specsOf(outputs),
    ...(typeof device === "string" ? { device } : {}),
  };
}

function specsOf(value: unknown): TensorSpec[] {
  return Array.isArray(value) ? value.flatMap(specOf) : [];
}

function specOf(value: unknown): TensorSpec[] {
  if (!isObject(value)) return [];
  const { name, datatype, shape, fields } = value;
  if (typeof name !== "string" || !isDatatype(datatype) || !isList(shape, "number")) return [];
  return [{ name, datatype, shape, ...(isList(fields, "string") ? { fields } : {}) }];
}

function isDatatype(value: unknown): value is Datatype {
  return DATATYPES.some((datatype) => datatype === value);
}

function isList(value: unknown, kind: "number"): value is number[];
function isList(value: unknown, kind: "string"): value is string[];
function isList(value: unknown, kind: string): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === kind);
}
