import type { Diagnostic } from "../base/diagnostic.ts";
import type { JsonValue } from "../base/json.ts";
import { isObject } from "../base/json.ts";
import { nearestName } from "../base/nearest_name.ts";
import { findNodeAtLocation, type Node } from "../deps/jsonc.ts";
import type { z } from "../deps/zod.ts";
import { Manifest } from "./manifest.ts";
import { positionAt } from "./text_position.ts";

/** The text a manifest was read from, to find the places of its problems. */
export interface ManifestSource {
  readonly text: string;
  readonly file: string;
  readonly root: Node | undefined;
  readonly value: JsonValue | undefined;
}

type Path = readonly (string | number)[];

const SHOWN_LENGTH = 80;

/** Turns one issue of the schema into findings with the place in the file: unknown keys make one each. */
export function manifestDiagnostics(issue: z.core.$ZodIssue, source: ManifestSource): Diagnostic[] {
  const path = issue.path.map((part) => typeof part === "number" ? part : String(part));
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey([...path, key], source));
  const shown = path.join(".") || "the manifest";
  const found = valueAt(source.value, path);
  const place = placeOf(path, source, issue.code === "invalid_key");
  if (found === undefined) {
    const message = `Cannot read ${source.file} as "${shown}" must be there: it is missing`;
    return [{ severity: "error", code: "manifest.invalid", message, ...place }];
  }
  const [inner] = issue.code === "invalid_key" ? issue.issues : [issue];
  const reason = sentence(inner?.message ?? issue.message);
  const current = issue.code === "invalid_key" ? "" : `: current value is ${show(found)}`;
  const message = `Cannot read "${shown}" of ${source.file} as ${reason}${current}`;
  return [{ severity: "error", code: "manifest.invalid", message, ...remedyFor(path, found), ...place }];
}

/** The messages of the schema start with "must"; those of whole values get their subject here. */
function sentence(message: string): string {
  return message.startsWith("must") ? `it ${message}` : message;
}

function unknownKey(path: Path, source: ManifestSource): Diagnostic {
  const key = String(path.at(-1));
  const parent = path.slice(0, -1).join(".");
  const { shape } = parent === "permissions" || parent === "run" ? Manifest.shape[parent].unwrap() : Manifest;
  const known = Object.keys(shape);
  const near = nearestName(key, known);
  const hint = near === undefined ? `known keys are ${known.join(", ")}` : `did you mean "${near}"`;
  return {
    severity: "error",
    code: "manifest.unknown_key",
    message: `Cannot read "${path.join(".")}" of ${source.file} as there is no such key: ${hint}`,
    ...(near === undefined
      ? {}
      : { remedy: `Rename "${key}" to "${near}", or keep your own data under "extra"` }),
    ...placeOf(path, source, true),
  };
}

/** The slips that most people make have a remedy of their own. */
function remedyFor(path: Path, found: JsonValue): { remedy?: string } {
  if (path.length === 1 && path[0] === "version" && typeof found === "number") {
    return { remedy: `Write three numbers in quotes, such as "${Math.trunc(found)}.0.0"` };
  }
  if (path[0] === "env" && path.length === 2 && (typeof found === "number" || typeof found === "boolean")) {
    return { remedy: `Put the value in quotes: "${found}"` };
  }
  return {};
}

function valueAt(root: JsonValue | undefined, path: Path): JsonValue | undefined {
  let value = root;
  for (const part of path) {
    if (Array.isArray(value)) value = value[Number(part)];
    else if (isObject(value) && Object.hasOwn(value, part)) value = value[part];
    else return undefined;
  }
  return value;
}

/** The place of a value, of its key, or of the nearest thing around it that exists. */
function placeOf(
  path: Path,
  source: ManifestSource,
  key: boolean,
): { file: string; line: number; column: number } {
  let node: Node | undefined;
  for (let length = path.length; node === undefined && length >= 0 && source.root !== undefined; length--) {
    node = length === 0 ? source.root : findNodeAtLocation(source.root, path.slice(0, length));
    if (key && length === path.length && node?.parent?.type === "property") node = node.parent;
  }
  return { file: source.file, ...positionAt(source.text, node?.offset ?? 0) };
}

function show(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}
