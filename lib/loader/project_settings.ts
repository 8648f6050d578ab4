import { isObject } from "../base/json.ts";
import { parseJsonWithComments } from "../config/json_with_comments.ts";
import { positionAt } from "../config/text_position.ts";
import { isNotFound, readTextFile } from "../host/files.ts";
import { joinPath } from "../host/path.ts";
import { sourceError } from "./source_error.ts";

/** What a project's `deno.json` and `package.json` say of imports. */
export interface ProjectSettings {
  /** `imports` of `deno.json`: what a specifier, or with a slash at its end the start of one, stands for. */
  readonly imports: Readonly<Record<string, string>>;
  /** The project's own `package.json`. */
  readonly packageJson: Readonly<Record<string, unknown>> | undefined;
  readonly hasDenoJson: boolean;
}

/**
 * Reads them from a project's folder; a file that is not there says nothing.
 *
 * @throws {PackflowError} `loader.invalid_settings`, with its place.
 */
export async function readProjectSettings(folder: string): Promise<ProjectSettings> {
  const deno = await readSettings(folder, "deno.json") ?? await readSettings(folder, "deno.jsonc");
  const packageJson = await readSettings(folder, "package.json");
  const imports = Object.create(null);
  if (isObject(deno?.["imports"])) {
    for (const [key, value] of Object.entries(deno["imports"])) {
      if (typeof value === "string") imports[key] = value;
    }
  }
  return { imports, packageJson, hasDenoJson: deno !== undefined };
}

/** What the import map makes of a specifier; the specifier itself where it says nothing. */
export function mapImport(specifier: string, imports: Readonly<Record<string, string>>): string {
  const exact = imports[specifier];
  if (exact !== undefined) return exact;
  let best: string | undefined;
  for (const key of Object.keys(imports)) {
    // Deno lets the subpaths of a package follow its name without an entry of their own.
    const prefix = key.endsWith("/")
      ? key
      : imports[key]?.startsWith("npm:") === true
      ? `${key}/`
      : undefined;
    if (prefix === undefined || !specifier.startsWith(prefix)) continue;
    if (best === undefined || key.length > best.length) best = key;
  }
  if (best === undefined) return specifier;
  return `${imports[best] ?? ""}${specifier.slice(best.length)}`;
}

/** The object in a JSON file, comments allowed; undefined where there is no such file. */
export async function readSettings(
  folder: string,
  file: string,
): Promise<Record<string, unknown> | undefined> {
  let text: string;
  try {
    text = await readTextFile(joinPath(folder, file));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw settingsError(file, "it must be readable as UTF-8 text", { cause: error });
  }
  const { value, problems: [problem] } = parseJsonWithComments(text);
  if (problem !== undefined) {
    throw settingsError(file, problem.reason, { text, offset: problem.offset });
  }
  if (!isObject(value)) throw settingsError(file, "it must be an object", { text, offset: 0 });
  return value;
}

function settingsError(
  file: string,
  reason: string,
  { text, offset, cause }: { text?: string; offset?: number; cause?: unknown },
) {
  const place = text === undefined || offset === undefined ? {} : positionAt(text, offset);
  const message = `Cannot read "${file}" as ${reason}`;
  return sourceError({ code: "loader.invalid_settings", message, file, ...place, cause }, text);
}
