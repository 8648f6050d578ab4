import type { JsonObject, JsonValue } from "../base/json.ts";
import { isObject } from "../base/json.ts";
import { exampleEvent, isCode } from "./example_event.ts";
import type { TensorSpec } from "../oip/describe.ts";
import type { ServedModel } from "./serve_options.ts";

/** A reference to a schema by its name. */
export function schemaRef(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}

/** Schemas that do not depend on a model. */
export const COMMON_SCHEMAS: JsonObject = {
  Error: {
    type: "object",
    required: ["error"],
    properties: {
      error: { type: "string", description: "What cannot be done, and why" },
      code: { type: "string", description: "Stable, for programs: packflow explain CODE says more" },
      remedy: { type: "string", description: "How to mend it" },
    },
  },
  RowError: {
    type: "object",
    description: "Stands in the place of the answer to an event that failed",
    required: ["error"],
    properties: {
      error: {
        type: "object",
        required: ["code", "message"],
        properties: { code: { type: "string" }, message: { type: "string" } },
      },
    },
  },
  Server: {
    type: "object",
    required: ["name", "version", "extensions"],
    properties: {
      name: { type: "string" },
      version: { type: "string" },
      extensions: { type: "array", items: { type: "string" } },
    },
  },
  Metadata: {
    type: "object",
    required: ["name", "platform", "inputs", "outputs"],
    properties: {
      name: { type: "string" },
      versions: { type: "array", items: { type: "string" } },
      platform: { type: "string" },
      inputs: { type: "array", items: schemaRef("TensorMetadata") },
      outputs: { type: "array", items: schemaRef("TensorMetadata") },
    },
  },
  TensorMetadata: {
    type: "object",
    required: ["name", "datatype", "shape"],
    properties: {
      name: { type: "string" },
      datatype: { type: "string" },
      shape: {
        type: "array",
        items: { type: "integer" },
        description: "The first dimension counts events; -1 is any size",
      },
    },
  },
};

/** The schemas of one model, by the names under which others refer to them. */
export function modelSchemas(model: ServedModel): JsonObject {
  const { name, outputs } = model;
  return {
    [`${name}.Event`]: {
      ...schemaOfValue(exampleEvent(model)),
      description: model.sample === undefined
        ? "One event: as the model's inputs suggest"
        : "One event: as the project's sample shows",
    },
    [`${name}.Answer`]: isCode(model) ? { type: "object" } : answerSchema(outputs),
    [`${name}.InferRequest`]: requestSchema(model),
    [`${name}.InferResponse`]: {
      type: "object",
      required: ["model_name", "outputs"],
      properties: {
        model_name: { type: "string", const: name },
        model_version: { type: "string" },
        id: { type: "string" },
        parameters: { type: "object" },
        outputs: tensorsSchema(outputs),
      },
    },
  };
}

function requestSchema({ inputs, outputs }: ServedModel): JsonObject {
  return {
    type: "object",
    required: ["inputs"],
    properties: {
      id: { type: "string" },
      parameters: { type: "object" },
      inputs: tensorsSchema(inputs),
      outputs: {
        type: "array",
        description: "The outputs to answer; all when left out",
        items: {
          type: "object",
          required: ["name"],
          properties: { name: nameSchema(outputs), parameters: { type: "object" } },
        },
      },
    },
  };
}

/** The shape of a value as one sample of it shows: kinds of fields, none of them required. */
function schemaOfValue(value: JsonValue): JsonObject {
  if (value === null) return {};
  if (Array.isArray(value)) {
    const schemas = new Map(value.map(schemaOfValue).map((schema) => [JSON.stringify(schema), schema]));
    const [only, ...others] = schemas.values();
    return { type: "array", ...(only === undefined || others.length > 0 ? {} : { items: only }) };
  }
  if (!isObject(value)) return { type: typeof value };
  const properties = Object.entries(value).map(([key, item]) => [key, schemaOfValue(item)]);
  return { type: "object", properties: Object.fromEntries(properties) };
}

/** An answer holds each output under its name, without the dimension that counts events. */
function answerSchema(outputs: readonly TensorSpec[]): JsonObject {
  return {
    type: "object",
    required: outputs.map(({ name }) => name),
    properties: Object.fromEntries(outputs.map(({ name, datatype, shape }) => [
      name,
      shape.slice(1).reduceRight<JsonObject>(arraySchema, elementSchema(datatype)),
    ])),
  };
}

function arraySchema(items: JsonObject, size: number): JsonObject {
  return { type: "array", items, ...(size < 0 ? {} : { minItems: size, maxItems: size }) };
}

function elementSchema(datatype: TensorSpec["datatype"]): JsonObject {
  if (datatype === "BOOL") return { type: "boolean" };
  if (datatype === "BYTES") return { type: "string" };
  if (datatype.startsWith("FP")) return { type: "number" };
  // JSON readers lose digits of more than 53 bits
  if (datatype.endsWith("64")) {
    return { type: ["integer", "string"], description: "A string of digits beyond 2^53" };
  }
  return { type: "integer" };
}

function tensorsSchema(tensors: readonly TensorSpec[]): JsonObject {
  // a list of no alternatives is no schema
  return { type: "array", ...(tensors.length === 0 ? {} : { items: { oneOf: tensors.map(tensorSchema) } }) };
}

function tensorSchema({ name, datatype, shape }: TensorSpec): JsonObject {
  return {
    type: "object",
    required: ["name", "datatype", "shape"],
    properties: {
      name: { type: "string", const: name },
      datatype: { type: "string", const: datatype },
      shape: {
        type: "array",
        description: `[${shape.map((size) => size < 0 ? "any" : size).join(", ")}]`,
        items: { type: "integer", minimum: 0 },
      },
      data: {
        type: "array",
        description: "Elements row by row, flat or nested; left out where they follow as binary data",
      },
      parameters: { type: "object" },
    },
  };
}

function nameSchema(tensors: readonly TensorSpec[]): JsonObject {
  const names = new Set(tensors.map(({ name }) => name));
  return { type: "string", ...(names.size === 0 ? {} : { enum: [...names] }) };
}
