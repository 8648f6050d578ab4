import type { Diagnostic } from "../base/diagnostic.ts";
import { isObject, type JsonObject } from "../base/json.ts";
import { nearestName } from "../base/nearest_name.ts";
import { getOwn } from "../base/own_keys.ts";
import type { z } from "../deps/zod.ts";
import { givenKey } from "./proto_keys.ts";

type Issue = z.core.$ZodIssue;

/** What a schema refused, and what is known of it. */
export interface RefusedConfig {
  readonly issues: readonly Issue[];
  readonly schema: z.ZodType;
  /** The options as they were given. */
  readonly options: JsonObject;
  /** The file that set some of them. */
  readonly override?: { readonly file: string; readonly configs: JsonObject };
}

/** Says of every refused option where it is, what it must be and what it is; a misspelt name gets the nearest one. */
export function configProblems(refused: RefusedConfig): Diagnostic[] {
  return refused.issues.flatMap((issue) => {
    const path = issue.path.map((part) => givenKey(String(part)));
    if (issue.code !== "unrecognized_keys") return [invalidValue(issue, path, refused)];
    return issue.keys.map((key) => unknownOption([...path, givenKey(key)], refused));
  });
}

function unknownOption(path: readonly string[], refused: RefusedConfig): Diagnostic {
  const nearest = path.length === 1 ? nearestName(path[0] ?? "", optionNames(refused.schema)) : undefined;
  const hint = nearest === undefined ? "" : `: did you mean "${nearest}"`;
  return {
    severity: "error",
    code: "config.unknown_option",
    message: `Cannot use option "${path.join(".")}" as the backend has no option of this name${hint}`,
    ...(nearest === undefined ? {} : { remedy: `Use "${nearest}"` }),
    ...fileOf(path, refused),
  };
}

function invalidValue(issue: Issue, path: readonly string[], refused: RefusedConfig): Diagnostic {
  const value = valueAt(refused.options, path);
  const nearest = issue.code === "invalid_value" && typeof value === "string"
    ? nearestName(value, issue.values.map(String))
    : undefined;
  const what = path.length === 0 ? "the options as they" : `option "${path.join(".")}" as it`;
  return {
    severity: "error",
    code: "config.invalid",
    message: `Cannot use ${what} ${expectation(issue)}: current value is ${shown(value)}`,
    ...(nearest === undefined ? {} : { remedy: `Use "${nearest}"` }),
    ...fileOf(path, refused),
  };
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${kindName(issue.expected)}`;
    case "invalid_value":
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
    case "too_small":
      return `must ${
        bound(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum)
      }`;
    case "too_big":
      return `must ${
        bound(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum)
      }`;
    case "invalid_key":
      return `must have an allowed name (${issue.issues.map((inner) => inner.message).join("; ")})`;
    default:
      return `must pass its check (${issue.message})`;
  }
}

const KIND_NAMES: Readonly<Record<string, string>> = {
  array: "an array",
  int: "a whole number",
  object: "an object",
  record: "an object",
};

function kindName(kind: string): string {
  return KIND_NAMES[kind] ?? `a ${kind}`;
}

function bound(origin: string, comparison: string, limit: number | bigint): string {
  if (origin === "string") return `have ${comparison} ${limit} ${limit === 1 ? "character" : "characters"}`;
  if (origin === "array" || origin === "set") {
    return `hold ${comparison} ${limit} ${limit === 1 ? "item" : "items"}`;
  }
  return `be ${comparison} ${limit}`;
}

function shown(value: unknown): string {
  if (value === undefined) return "missing";
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let inner = value;
  for (const part of path) {
    if (Array.isArray(inner)) inner = inner[Number(part)];
    else inner = isObject(inner) ? getOwn(inner, part) : undefined;
  }
  return inner;
}

function fileOf(path: readonly string[], { override }: RefusedConfig): { file?: string } {
  return override !== undefined && valueAt(override.configs, path) !== undefined
    ? { file: override.file }
    : {};
}

function optionNames(schema: z.ZodType): string[] {
  return "shape" in schema && isObject(schema.shape) ? Object.keys(schema.shape) : [];
}
