import type { TensorType } from "../onnx/session.ts";
import type { AnyBackend } from "./inference_backend.ts";
import type { ModelPlan } from "./onnx_plan.ts";

/** What a model takes in the place of a field, for inputs that hold text alone. */
export type FieldType = "text" | "number" | "integer" | "boolean";

/** The method by which a backend tells the types of fields; a symbol, as it is no part of the SDK. */
export const FIELD_TYPES: unique symbol = Symbol("packflow.fieldTypes");

/** What a backend's model takes in the place of fields, by their names; nothing is known of other fields. */
export function fieldTypesOf(
  backend: AnyBackend & { [FIELD_TYPES]?: unknown },
): ReadonlyMap<string, FieldType> {
  const tell = backend[FIELD_TYPES];
  // Only our own OnnxBackend knows the symbol.
  return typeof tell === "function" ? tell.call(backend) : new Map();
}

/** What the inputs of a model say about the fields that feed them. */
export function plannedFieldTypes({ inputs }: ModelPlan): ReadonlyMap<string, FieldType> {
  return new Map(
    inputs.flatMap(({ type, fields }) =>
      fields.map(({ name }): [string, FieldType] => [name, fieldType(type)])
    ),
  );
}

function fieldType(type: TensorType): FieldType {
  if (type === "string") return "text";
  if (type === "bool") return "boolean";
  return type.startsWith("float") ? "number" : "integer";
}
