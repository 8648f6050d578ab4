import type { JsonValue } from "../base/json.ts";
import type { AnswerFields, AnswerType } from "./answer_type.ts";

/** Scalars of answers in Spark: the name in DDL, and in the JSON of a schema. */
const SCALARS: Readonly<Record<Exclude<AnswerType["kind"], "array" | "object">, readonly [string, string]>> =
  {
    null: ["STRING", "string"],
    boolean: ["BOOLEAN", "boolean"],
    text: ["STRING", "string"],
    number: ["DOUBLE", "double"],
    INT8: ["TINYINT", "byte"],
    INT16: ["SMALLINT", "short"],
    INT32: ["INT", "integer"],
    INT64: ["BIGINT", "long"],
    UINT8: ["SMALLINT", "short"],
    UINT16: ["INT", "integer"],
    UINT32: ["BIGINT", "long"],
    UINT64: ["DECIMAL(20,0)", "decimal(20,0)"],
    FP16: ["FLOAT", "float"],
    FP32: ["FLOAT", "float"],
    FP64: ["DOUBLE", "double"],
  };

/** The columns as Spark's DDL: what `from_json` and `spark.read.schema` take. */
export function sparkDdl(fields: AnswerFields): string {
  return Object.entries(fields).map(([name, type]) => `${quoted(name)} ${ddlOf(type)}`).join(", ");
}

/** The columns as the JSON that `StructType.fromJson` takes. */
export function sparkJson(fields: AnswerFields): JsonValue {
  return {
    type: "struct",
    fields: Object.entries(fields).map(([name, type]) => ({
      name,
      type: jsonOf(type),
      // an error may stand in the place of an answer
      nullable: true,
      metadata: {},
    })),
  };
}

function ddlOf(type: AnswerType): string {
  if (type.kind === "array") return `ARRAY<${ddlOf(type.element)}>`;
  if (type.kind !== "object") return SCALARS[type.kind][0];
  return `STRUCT<${
    Object.entries(type.fields).map(([name, each]) => `${quoted(name)}: ${ddlOf(each)}`).join(", ")
  }>`;
}

function jsonOf(type: AnswerType): JsonValue {
  if (type.kind === "array") {
    return { type: "array", elementType: jsonOf(type.element), containsNull: true };
  }
  return type.kind === "object" ? sparkJson(type.fields) : SCALARS[type.kind][1];
}

function quoted(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}
