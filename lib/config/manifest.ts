import type { JsonObject } from "../base/json.ts";
import { isObject } from "../base/json.ts";
import { z } from "../deps/zod.ts";
import { BackendConfig } from "./backend_config.ts";
import { REFERENCE_PATTERN, referenceProblem } from "./backend_reference.ts";
import { OnnxConfig } from "./onnx_config.ts";

/** The name of a project's manifest file. */
export const MANIFEST_FILE = "packflow.jsonc";

// Longer names would make file names that some systems refuse.
const NAME_LIMIT = 64;
const VERSION_LIMIT = 64;
/** Names that Windows keeps for devices, whatever their case. */
const RESERVED_NAMES = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/i;
/** Semantic Versioning 2.0.0, as semver.org puts it. */
const SEMVER = new RegExp(
  "^(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)" +
    "(?:-(?:0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*))*)?" +
    "(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$",
);

const text = () => z.string("must be a string");
const someText = () => text().min(1, "must not be empty");
const textList = (description: string) =>
  z.array(someText(), "must be an array of strings").default([]).describe(description);
/** Any JSON object, kept as it is: zod's records would drop a key such as `__proto__`. */
const jsonObject = (description: string) =>
  z.custom<JsonObject>(isObject, "must be an object").default(() => ({})).meta({
    type: "object",
    description,
  });
const allowList = (description: string) =>
  z.array(someText(), "must be an array of strings").optional().describe(description);

const count = (description: string) =>
  z.int("must be a whole number").min(1, "must be at least 1").optional().describe(description);

/** The rules a project's name follows; the message says which one is broken. */
export const ProjectName = text()
  .regex(
    /^[A-Za-z][A-Za-z0-9_-]*$/,
    "must start with a letter, then have letters, digits, hyphens and underscores only",
  )
  .max(NAME_LIMIT, `must have at most ${NAME_LIMIT} characters`)
  .refine((name) => !RESERVED_NAMES.test(name), "must not be a name that Windows keeps for a device");

/** The schema of a project's manifest, `packflow.jsonc`. */
export const Manifest = z.strictObject({
  $schema: text().optional().describe("Path of this file's JSON Schema, for editors"),
  name: ProjectName.describe("Name of the project, and of the package made from it"),
  version: text()
    .regex(SEMVER, 'must be a semantic version such as "1.2.0"')
    .max(VERSION_LIMIT, `must have at most ${VERSION_LIMIT} characters`)
    .default("0.1.0").describe("Semantic version of the project"),
  description: text().default("").describe("What the model does, in a sentence"),
  maintainers: textList("Whom to ask, such as names or e-mail addresses"),
  license: someText().optional().describe("SPDX expression of the licence, such as Apache-2.0"),
  backend: text()
    .regex(REFERENCE_PATTERN, { error: (issue) => backendProblem(issue.input), abort: true })
    .refine((reference) => referenceProblem(reference) === undefined, {
      error: (issue) => backendProblem(issue.input),
    })
    .default("inference.ts:Backend")
    .describe('File and export of the backend, or "packflow:OnnxBackend"'),
  config: jsonObject("Options of the backend"),
  partitionBy: someText().optional().describe(
    "Field of the key by which the backend keeps state: events with equal values meet the same worker, in order",
  ),
  run: z.strictObject({
    batchSize: count("Most events inferred at once"),
    workers: count("Most processes that infer"),
  }, { error: (issue) => issue.code === "invalid_type" ? "must be an object" : undefined })
    .default({}).describe(
      "What packflow run does where its options do not say; packflow bench --apply writes it",
    ),
  include: textList("Patterns of files that go into the package whatever .gitignore says"),
  exclude: textList("Patterns of files that stay out of the package"),
  env: z.record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be named with letters, digits and underscores"),
    z.string("must be a string: put the value in quotes"),
    "must be an object of strings",
  ).default({}).describe("Environment variables the backend reads, with their defaults"),
  permissions: z.strictObject({
    net: allowList("Hosts, such as api.example.org:443"),
    read: allowList("Paths outside the project"),
    env: allowList("Names of environment variables"),
  }, { error: (issue) => issue.code === "invalid_type" ? "must be an object" : undefined })
    .default({}).describe("What the code asks for; only whoever runs it can grant it"),
  extra: jsonObject("Anything else you want to keep with the project"),
});

/** A project's manifest, checked and with defaults filled in. */
export type Manifest = z.infer<typeof Manifest>;

/** The JSON Schema of `packflow.jsonc`, for editors. */
export function manifestJsonSchema(): JsonObject {
  const schema = plainSchema(z.toJSONSchema(Manifest, { io: "input", unrepresentable: "any" }));
  const options = plainSchema(z.toJSONSchema(BackendConfig, { io: "input" }));
  const config = { ...schema.properties.config, properties: options.properties };
  const { $schema: _, ...model } = plainSchema(z.toJSONSchema(OnnxConfig, { io: "input" }));
  // Editors allow comments in .jsonc anyhow; trailing commas need this keyword in VS Code.
  return {
    ...schema,
    title: "Packflow project",
    properties: { ...schema.properties, config },
    // other backends have options of their own; those of OnnxBackend are all known
    if: { properties: { backend: { const: "packflow:OnnxBackend" } }, required: ["backend"] },
    then: { properties: { config: model }, required: ["config"] },
    allowTrailingCommas: true,
  };
}

/** The schema as plain JSON, without the methods zod puts on it. */
function plainSchema(schema: unknown): JsonObject & { properties: Record<string, JsonObject> } {
  return JSON.parse(JSON.stringify(schema));
}

function backendProblem(input: unknown): string {
  return typeof input === "string" ? referenceProblem(input) ?? "it must name a backend" : "must be a string";
}
