import type { JsonObject } from "../base/json.ts";
import { VERSION } from "../base/version.ts";
import { exampleEvent, exampleTensors } from "./example_event.ts";
import { COMMON_SCHEMAS, modelSchemas, schemaRef } from "./openapi_schemas.ts";
import type { ServedModel } from "./serve_options.ts";

/** What a service's description tells. */
export interface ApiOptions {
  readonly models: readonly ServedModel[];
  /** Whether requests must carry a bearer token. */
  readonly hasToken: boolean;
}

/**
 * The OpenAPI 3.1 description of a service that serves these models: every model has paths and schemas of its own.
 * `x-packflow-models` holds what the page at `/` shows.
 */
export function openApi({ models, hasToken }: ApiOptions): JsonObject {
  const [only, ...others] = models;
  return {
    openapi: "3.1.1",
    info: {
      title: "Packflow",
      version: VERSION,
      description:
        "Models served by packflow serve: events in, answers out, and the Open Inference Protocol v2.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    tags: [
      { name: "service" },
      ...models.map(({ name, description }) => ({ name, ...(description === "" ? {} : { description }) })),
    ],
    ...(hasToken ? { security: [{ bearer: [] }] } : {}),
    paths: {
      ...servicePaths(),
      ...(only !== undefined && others.length === 0
        ? { "/invocations": { post: invocations(only, { id: "invocations" }) } }
        : {}),
      ...Object.assign({}, ...models.map(modelPaths)),
    },
    components: {
      schemas: Object.assign({}, COMMON_SCHEMAS, ...models.map(modelSchemas)),
      responses: RESPONSES,
      ...(hasToken ? { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } } : {}),
    },
    "x-packflow-models": models.map(pageModel),
  };
}

/** Nothing but what the page shows: whatever else a model comes to carry stays inside. */
function pageModel(model: ServedModel): JsonObject {
  const { name, version, description, device, inputs, outputs } = model;
  return {
    name,
    version,
    description,
    ...(device === undefined ? {} : { device }),
    inputs: inputs.map(pageTensor),
    outputs: outputs.map(pageTensor),
    example: exampleEvent(model),
  };
}

function pageTensor({ name, datatype, shape, fields }: ServedModel["inputs"][number]): JsonObject {
  return { name, datatype, shape: [...shape], ...(fields === undefined ? {} : { fields: [...fields] }) };
}

/** What is refused, by the name under which operations refer to it. */
const RESPONSES: JsonObject = {
  BadRequest: problem("The request, or an event in it, cannot be read"),
  Unauthorized: problem("The bearer token is missing or wrong"),
  NotFound: problem("There is no such model or version"),
  TooLarge: problem("The body is larger than the service accepts"),
  OtherType: problem("The body has a type or an encoding that is not taken"),
  BadEvent: problem("The event does not fit the model"),
  Failed: problem("The model, or the service itself, failed"),
  Lost: problem("The worker that had the events ended"),
  Unavailable: {
    ...problem("The models are being loaded, the queue is full, or the service is stopping"),
    headers: {
      "Retry-After": { schema: { type: "integer" }, description: "Seconds to wait before trying again" },
    },
  },
  TooLate: problem("The request was not answered before its deadline; its work was dropped"),
};

function problem(description: string): JsonObject {
  return { description, content: { "application/json": { schema: schemaRef("Error") } } };
}

function refused(...statuses: readonly [string, string][]): JsonObject {
  return Object.fromEntries(
    statuses.map(([status, name]) => [status, { $ref: `#/components/responses/${name}` }]),
  );
}

const OPEN = { security: [] };
const NOT_THERE = refused(["401", "Unauthorized"], ["404", "NotFound"]);
const INFERENCE_PROBLEMS = refused(
  ["400", "BadRequest"],
  ["401", "Unauthorized"],
  ["404", "NotFound"],
  ["413", "TooLarge"],
  ["415", "OtherType"],
  ["422", "BadEvent"],
  ["500", "Failed"],
  ["502", "Lost"],
  ["503", "Unavailable"],
  ["504", "TooLate"],
);

function servicePaths(): JsonObject {
  const service = (id: string, summary: string, responses: JsonObject) => ({
    get: { operationId: id, tags: ["service"], summary, responses },
  });
  const open = (path: { get: JsonObject }) => ({ get: { ...path.get, ...OPEN } });
  const text = (type: string, description: string) => ({
    "200": { description, content: { [type]: { schema: { type: "string" } } } },
  });
  const denied = refused(["401", "Unauthorized"]);
  return {
    "/": open(service("page", "A page to try the models with", text("text/html", "The page"))),
    "/openapi.json": service("description", "This description", {
      ...json("200", { type: "object" }),
      ...denied,
    }),
    "/metrics": service("metrics", "Metrics in Prometheus's text format", {
      ...text("text/plain", "The metrics"),
      ...denied,
    }),
    "/v2": service("server", "Name, version and protocol extensions", {
      ...json("200", schemaRef("Server")),
      ...denied,
    }),
    "/v2/health/live": open(service("live", "Whether the process answers", json("200", flag("live")))),
    "/v2/health/ready": open(
      service("ready", "Whether all models can infer", {
        ...json("200", flag("ready")),
        ...json("503", flag("ready")),
      }),
    ),
    "/v2/models": service("models", "The models that are served", {
      ...json("200", {
        type: "object",
        properties: { models: { type: "array", items: schemaRef("Metadata") } },
      }),
      ...denied,
    }),
  };
}

function flag(name: string): JsonObject {
  return { type: "object", required: [name], properties: { [name]: { type: "boolean" } } };
}

function modelPaths(model: ServedModel): JsonObject {
  const { name, version } = model;
  const byName = protocolPaths(model, { base: `/v2/models/${name}`, suffix: name });
  const byVersion = protocolPaths(model, {
    // a version may hold a plus sign
    base: `/v2/models/${name}/versions/${encodeURIComponent(version)}`,
    suffix: `${name}_version`,
  });
  return {
    [`/models/${name}/invocations`]: { post: invocations(model, { id: `invocations_${name}` }) },
    ...byName,
    ...byVersion,
  };
}

/** The Open Inference Protocol's paths of a model. */
function protocolPaths(model: ServedModel, { base, suffix }: { base: string; suffix: string }): JsonObject {
  const tags = [model.name];
  return {
    [base]: {
      get: {
        operationId: `metadata_${suffix}`,
        tags,
        summary: "Inputs and outputs",
        responses: { ...json("200", schemaRef("Metadata")), ...NOT_THERE },
      },
    },
    [`${base}/ready`]: {
      get: {
        operationId: `ready_${suffix}`,
        tags,
        summary: "Whether the model can infer",
        responses: { ...json("200", flag("ready")), ...json("503", flag("ready")), ...NOT_THERE },
      },
    },
    [`${base}/infer`]: { post: infer(model, suffix) },
  };
}

function infer(model: ServedModel, suffix: string): JsonObject {
  const { name } = model;
  const example = exampleTensors(model);
  const binary = { schema: { type: "string", format: "binary" } };
  return {
    operationId: `infer_${suffix}`,
    tags: [name],
    summary: "Tensors in, tensors out",
    description:
      "With the header Inference-Header-Content-Length the JSON part of a body has that many bytes " +
      "and binary tensor data follow.",
    requestBody: {
      required: true,
      content: {
        "application/json": {
          schema: schemaRef(`${name}.InferRequest`),
          ...(example === undefined ? {} : { example }),
        },
        "application/octet-stream": binary,
      },
    },
    responses: {
      "200": {
        description: "The outputs",
        content: {
          "application/json": { schema: schemaRef(`${name}.InferResponse`) },
          "application/octet-stream": binary,
        },
      },
      ...INFERENCE_PROBLEMS,
    },
  };
}

function invocations(model: ServedModel, { id }: { id: string }): JsonObject {
  const { name } = model;
  const event = exampleEvent(model);
  const schemaOfOneOrMany = (one: JsonObject, each: JsonObject) => ({
    oneOf: [one, { type: "array", items: each }],
  });
  const answer = schemaRef(`${name}.Answer`);
  const answerOrError = { anyOf: [answer, schemaRef("RowError")] };
  return {
    operationId: id,
    tags: [name],
    summary: "Events in, answers out",
    description:
      "One event, an array of events, or a stream of events one a line, answered in the same form and " +
      "order. An event that fails has an error in the place of its answer; the others are answered.",
    requestBody: {
      required: true,
      content: {
        "application/json": {
          schema: schemaOfOneOrMany(schemaRef(`${name}.Event`), schemaRef(`${name}.Event`)),
          examples: { event: { value: event }, batch: { value: [event, event] } },
        },
        "application/x-ndjson": { schema: { type: "string" } },
      },
    },
    responses: {
      "200": {
        description: "One answer for each event, in order",
        content: {
          "application/json": { schema: schemaOfOneOrMany(answer, answerOrError) },
          "application/x-ndjson": { schema: { type: "string" } },
        },
      },
      ...INFERENCE_PROBLEMS,
    },
  };
}

function json(status: string, schema: JsonObject): JsonObject {
  return { [status]: { description: "The answer", content: { "application/json": { schema } } } };
}
