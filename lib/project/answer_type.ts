import type { JsonValue } from "../base/json.ts";
import { setOwn } from "../base/own_keys.ts";
import type { Datatype } from "../oip/datatypes.ts";
import type { TensorSpec } from "../oip/describe.ts";

/** The type of a value of answers; "null" where nothing else was ever seen. */
export type AnswerType =
  | { readonly kind: Scalar }
  | { readonly kind: "array"; readonly element: AnswerType }
  | { readonly kind: "object"; readonly fields: AnswerFields };

/** Scalars: numbers by the type of the tensor they come from, "number" where code made them. */
type Scalar = "null" | "boolean" | "text" | "number" | Exclude<Datatype, "BOOL" | "BYTES">;

/** The members of an object, in order. */
export type AnswerFields = Readonly<Record<string, AnswerType>>;

/** The type of a value, as far as one value tells. */
export function typeOfValue(value: JsonValue): AnswerType {
  if (value === null) return { kind: "null" };
  if (Array.isArray(value)) {
    return { kind: "array", element: value.map(typeOfValue).reduce(joinTypes, { kind: "null" }) };
  }
  if (typeof value === "object") {
    const fields: Record<string, AnswerType> = {};
    for (const [name, each] of Object.entries(value)) setOwn(fields, name, typeOfValue(each));
    return { kind: "object", fields };
  }
  return { kind: typeof value === "string" ? "text" : typeof value === "number" ? "number" : "boolean" };
}

/** The type of what an output tensor gives one event: its first dimension counts events. */
export function typeOfTensor({ datatype, shape }: Pick<TensorSpec, "datatype" | "shape">): AnswerType {
  const scalar = datatype === "BOOL" ? "boolean" : datatype === "BYTES" ? "text" : datatype;
  return shape.slice(1).reduce<AnswerType>((element) => ({ kind: "array", element }), { kind: scalar });
}

/** The type of two values of one place; text where they have nothing in common, which can hold any JSON. */
export function joinTypes(a: AnswerType, b: AnswerType): AnswerType {
  if (a.kind === "null") return b;
  if (b.kind === "null") return a;
  if (a.kind === "array" && b.kind === "array") {
    return { kind: "array", element: joinTypes(a.element, b.element) };
  }
  if (a.kind === "object" && b.kind === "object") {
    return { kind: "object", fields: joinFields(a.fields, b.fields) };
  }
  return a.kind === b.kind ? a : { kind: "text" };
}

/** The members of two objects: those of the first, then what the second has besides. */
export function joinFields(a: AnswerFields, b: AnswerFields): AnswerFields {
  const joined: Record<string, AnswerType> = {};
  for (const [name, type] of [...Object.entries(a), ...Object.entries(b)]) {
    const before = Object.hasOwn(joined, name) ? joined[name] : undefined;
    setOwn(joined, name, before === undefined ? type : joinTypes(before, type));
  }
  return joined;
}
