import { OnnxBackend } from "../../lib/backend/onnx_backend.ts";
import { ENVIRONMENT } from "../../lib/cli/environment.ts";
import { BackendConfig } from "../../lib/config/backend_config.ts";
import { manifestJsonSchema } from "../../lib/config/manifest.ts";
import { z } from "../../lib/deps/zod.ts";
import { code, prose, table } from "./markdown.ts";

/** What of a JSON Schema the tables show. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
}

/** docs/reference/configuration.md, made from the schemas of the manifest and of the backends' options. */
export function configurationReference(): string {
  // only the parts the tables show are looked at
  const manifest = manifestJsonSchema() as Schema;
  const options = z.toJSONSchema(BackendConfig, { io: "input" }) as Schema;
  const onnx = z.toJSONSchema(OnnxBackend.config, { io: "input" }) as Schema;
  return [
    MANIFEST,
    schemaTable("key", withNested(manifest)),
    OPTIONS,
    schemaTable("option", entries(options)),
    ONNX,
    schemaTable("option", changed(onnx, options)),
    VARIABLES,
    table(
      ["variable", "meaning"],
      Object.entries(ENVIRONMENT).map(([name, text]) => [code(name), prose(text)]),
    ),
    "",
  ].join("\n\n");
}

interface Entry {
  readonly name: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
}

function entries({ properties = {}, required = [] }: Schema, prefix = ""): Entry[] {
  return Object.entries(properties).map(([name, schema]) => ({
    name: prefix + name,
    schema,
    isRequired: required.includes(name),
  }));
}

/** The manifest's keys with those inside them; the options in `config` have a table of their own. */
function withNested(manifest: Schema): Entry[] {
  return entries(manifest).flatMap((entry) =>
    entry.name === "config" ? [entry] : [entry, ...entries(entry.schema, `${entry.name}.`)]
  );
}

/** The options of one backend that another lacks or has otherwise. */
function changed(one: Schema, { properties = {} }: Schema): Entry[] {
  return entries(one).filter(({ name, schema }) =>
    JSON.stringify(schema) !== JSON.stringify(properties[name])
  );
}

function schemaTable(head: string, rows: readonly Entry[]): string {
  return table(
    [head, "type", "default", "meaning"],
    rows.map(({ name, schema, isRequired }) => [
      code(name),
      typeText(schema),
      isRequired ? "must be there" : defaultText(schema.default),
      prose(schema.description ?? ""),
    ]),
  );
}

function typeText(schema: Schema): string {
  const { type = "any", items, minimum, maximum, additionalProperties } = schema;
  const choices = schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
  if (choices.length > 0) return choices.map((choice) => code(JSON.stringify(choice))).join(", ");
  if (type === "array" && items !== undefined) return `array of ${typeText(items)}s`;
  if (type === "object" && typeof additionalProperties === "object") {
    return `object of ${typeText(additionalProperties)}s`;
  }
  if (type !== "integer") return type;
  const most = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? "" : ` to ${maximum}`;
  return minimum === undefined ? "whole number" : `whole number from ${minimum}${most}`;
}

function defaultText(value: unknown): string {
  return value === undefined ? "" : code(JSON.stringify(value));
}

const MANIFEST = `# Configuration

## \`packflow.jsonc\`

The project's manifest: JSON, with comments and trailing commas. A key that is not in this table is an error;
what you want to keep with the project goes into \`extra\`. \`packflow schema\` prints the JSON Schema that this
table is made of, for editors.`;

const OPTIONS = `## Options of every backend

They stand in \`config\` of \`packflow.jsonc\`. A backend in TypeScript reads them as \`this.config\`, and adds its
own with \`BackendConfig.extend\`. An option that the backend does not know is an error. What wins, from least to
most: the defaults, \`config\` of \`packflow.jsonc\`, the options given to \`create\` or \`loadBackend\`, the file that
\`BACKEND_CONFIG_FILE_PATH\` names.`;

const ONNX = `## Options of \`packflow:OnnxBackend\`

The options of every backend, and these, which are new or differ.`;

const VARIABLES = `## Environment variables

What the packflow command reads. A project's own variables stand in \`env\` of \`packflow.jsonc\`: its code reads the
values given there, and those of the machine only for variables that \`--allow-env\` names.`;
