import { PackflowError } from "../base/errors.ts";

/** What `backend` of a manifest names: an export of one of the project's modules, or a backend Packflow has. */
export type BackendReference =
  | {
    readonly kind: "module"; /** Relative to the project, forward slashes. */
    readonly module: string;
    readonly name: string;
  }
  | { readonly kind: "builtin"; readonly name: "OnnxBackend" };

/** The form of a reference, for the manifest's schema; {@linkcode parseBackendReference} says more of what is wrong. */
export const REFERENCE_PATTERN =
  /^(?:packflow:OnnxBackend|[^:\\]+\.(?:ts|mts|js|mjs):[\p{ID_Start}_$][\p{ID_Continue}$]*)$/u;

/**
 * Reads a reference such as `inference.ts:Backend`, `src/model.ts:Scorer` or `packflow:OnnxBackend`.
 *
 * @throws {PackflowError} `backend.invalid_reference`.
 */
export function parseBackendReference(text: string): BackendReference {
  const problem = referenceProblem(text);
  if (problem !== undefined) {
    throw new PackflowError("backend.invalid_reference", `Cannot read the backend "${text}" as ${problem}`);
  }
  if (text === "packflow:OnnxBackend") return { kind: "builtin", name: "OnnxBackend" };
  const colon = text.lastIndexOf(":");
  return { kind: "module", module: normalise(text.slice(0, colon)), name: text.slice(colon + 1) };
}

/** What is wrong with a reference, to follow "as"; undefined where it is fine. */
export function referenceProblem(text: string): string | undefined {
  const colon = text.lastIndexOf(":");
  const module = text.slice(0, colon);
  if (colon <= 0 || colon === text.length - 1) {
    return 'it must name a file and an export, such as "inference.ts:Backend"';
  }
  if (module === "packflow") {
    return text === "packflow:OnnxBackend"
      ? undefined
      : 'the one backend of Packflow is "packflow:OnnxBackend"';
  }
  if (/^[A-Za-z]:|^\//.test(module) || module.includes("\\")) {
    return "the file must be a path inside the project, with forward slashes";
  }
  if (normalise(module).startsWith("../")) return "the file must stay inside the project";
  if (!/\.m?[jt]s$/.test(module)) return 'the file must end in ".ts", ".mts", ".js" or ".mjs"';
  return REFERENCE_PATTERN.test(text) ? undefined : "what follows the colon must be the name of an export";
}

/** The path without `.`, `..` and double slashes; a `..` that leaves the project stays in front. */
function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}
