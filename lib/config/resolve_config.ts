import { deepMerge } from "../base/deep_merge.ts";
import { DiagnosticsError } from "../base/diagnostic.ts";
import { PackflowError } from "../base/errors.ts";
import { isJsonObject, isObject, type JsonObject, type JsonValue, kindOf } from "../base/json.ts";
import { setOwn } from "../base/own_keys.ts";
import type { z } from "../deps/zod.ts";
import { getEnv } from "../host/env.ts";
import { readTextFile } from "../host/files.ts";
import { configProblems } from "./config_problems.ts";
import { hideProto, showProto } from "./proto_keys.ts";

/** Names the JSON file whose `configs` win over every other source of options. */
const OVERRIDE_VARIABLE = "BACKEND_CONFIG_FILE_PATH";

/** Where options come from, beside the schema's defaults and the override file. */
export interface ConfigLayers {
  /** The project's options. */
  readonly manifest?: JsonObject;
  /** The caller's options. */
  readonly args?: JsonObject;
  /** What the override file says, where it has been read already; the environment is not looked at then. */
  readonly override?: ConfigOverride;
}

/** The options that a JSON file sets over all others. */
export interface ConfigOverride {
  /** Path of the file, for messages. */
  readonly file: string;
  /** Options in camelCase, merged in deeply. */
  readonly configs: JsonObject;
}

/**
 * The options in effect: defaults < manifest < arguments < the JSON file named by `BACKEND_CONFIG_FILE_PATH`.
 *
 * An option given by the arguments replaces the manifest's as a whole. The file's object `configs` is merged in deeply:
 * objects key by key, arrays and anything else replaced.
 *
 * @throws {DiagnosticsError} `config.invalid`, or `config.unknown_option` where that is all, with every problem at once.
 * @throws {PackflowError} `config.override_file` where the named file cannot be used.
 */
export function resolveConfig<Schema extends z.ZodType>(
  schema: Schema,
  layers: ConfigLayers,
): Promise<z.infer<Schema>> {
  return resolveLayers(schema, { ...layers, overrideFile: getEnv(OVERRIDE_VARIABLE) });
}

/**
 * What the file named by `BACKEND_CONFIG_FILE_PATH` says; undefined where the variable is not set.
 *
 * @throws {PackflowError} `config.override_file` where the named file cannot be used.
 */
export function readConfigOverride(): Promise<ConfigOverride | undefined> {
  return readOverride(getEnv(OVERRIDE_VARIABLE));
}

/** {@linkcode resolveConfig} with the override file given; the environment is not read. */
export async function resolveLayers<Schema extends z.ZodType>(
  schema: Schema,
  layers: ConfigLayers & { readonly overrideFile: string | undefined },
): Promise<z.infer<Schema>> {
  const override = layers.override ?? await readOverride(layers.overrideFile);
  const given = merged(layers.manifest ?? {}, layers.args ?? {});
  const options = override === undefined ? given : deepMerge(given, override.configs);
  const { value, hidden } = hideProto(options);
  const result = await schema.safeParseAsync(value);
  if (result.success) return hidden ? showProto(result.data) : result.data;
  const problems = configProblems({
    issues: result.error.issues,
    schema,
    options,
    ...(override && { override }),
  });
  const [first] = problems;
  const code = problems.every((problem) => problem.code === "config.unknown_option")
    ? "config.unknown_option"
    : "config.invalid";
  const message = problems.length === 1 && first !== undefined
    ? first.message
    : `Cannot use the options as ${problems.length} are wrong:\n${
      problems.map((one) => `- ${one.message}`).join("\n")
    }`;
  throw new DiagnosticsError(code, message, problems);
}

/** Options of both, those of `over` first in rank. An option that a caller sets to undefined is not given. */
function merged(base: JsonObject, over: JsonObject): JsonObject {
  const all: JsonObject = { ...base };
  for (const [name, value] of Object.entries(over)) {
    if (value !== undefined) setOwn<JsonValue>(all, name, value);
  }
  return all;
}

async function readOverride(file: string | undefined): Promise<ConfigOverride | undefined> {
  if (file === undefined || file === "") return undefined;
  let content: unknown;
  try {
    content = JSON.parse(await readTextFile(file));
  } catch (cause) {
    throw overrideError(
      file,
      cause instanceof SyntaxError ? "it must be JSON" : "it must be a readable UTF-8 file",
      cause,
    );
  }
  if (!isObject(content)) {
    throw overrideError(file, `it must be an object: current value is ${article(content)}`);
  }
  const configs = Object.hasOwn(content, "configs") ? content.configs : undefined;
  if (isJsonObject(configs)) return { file, configs };
  const current = configs === undefined ? "missing" : article(configs);
  throw overrideError(file, `its "configs" must be an object: current value is ${current}`);
}

function article(value: unknown): string {
  const kind = kindOf(value);
  return kind === "null" ? kind : `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`;
}

function overrideError(file: string, why: string, cause?: unknown): PackflowError {
  return new PackflowError(
    "config.override_file",
    `Cannot use the options in "${file}" of ${OVERRIDE_VARIABLE} as ${why}`,
    {
      ...(cause === undefined ? {} : { cause }),
      place: { file },
    },
  );
}
