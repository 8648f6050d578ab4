import { messageOf, type PackflowError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import { parseJsonWithComments } from "../config/json_with_comments.ts";
import { lineOf, positionAt } from "../config/text_position.ts";
import type { transformSync } from "../deps/swc.ts";
import { basename } from "../host/path.ts";
import { sourceError } from "./source_error.ts";

/** JavaScript, with the map back to what it was made of where the lines moved. */
export interface CompiledModule {
  readonly code: string;
  readonly map: string | null;
}

/** Makes JavaScript of one file of the project: TypeScript loses its types, JSON becomes its default export. */
export function compileModule(file: string, source: string, transform: typeof transformSync): CompiledModule {
  if (file.endsWith(".json")) return compileJson(file, source);
  // JavaScript stays as it is: read as TypeScript, a < b > (c) would mean something else.
  if (/\.m?js$/.test(file)) return { code: source, map: null };
  try {
    const { code, map } = transform(source, {
      mode: "transform",
      sourceMap: true,
      module: true,
      filename: basename(file),
    });
    return { code, map: map ?? null };
  } catch (error) {
    throw typeScriptError(file, source, error);
  }
}

function compileJson(file: string, source: string): CompiledModule {
  try {
    JSON.parse(source);
  } catch (cause) {
    const [problem] = parseJsonWithComments(source).problems;
    const reason = problem?.reason ?? "it must be JSON without comments and trailing commas";
    const place = problem === undefined ? {} : positionAt(source, problem.offset);
    const message = `Cannot parse "${file}" as ${reason}`;
    throw sourceError({ code: "backend.syntax_error", message, file, cause, ...place }, source);
  }
  // As an object literal, a key "__proto__" would set the prototype.
  return { code: `export default JSON.parse(${JSON.stringify(source)});`, map: null };
}

/** The compiler throws plain objects. */
function typeScriptError(file: string, source: string, error: unknown): PackflowError {
  const known: Record<string, unknown> = isObject(error) ? error : {};
  const { message, startLine, startColumn } = known;
  const reason = typeof message === "string" ? message : messageOf(error);
  return sourceError({
    code: "backend.syntax_error",
    message: `Cannot parse "${file}" as it must be valid TypeScript: ${reason}`,
    file,
    line: typeof startLine === "number" ? startLine : undefined,
    column: typeof startLine === "number" && typeof startColumn === "number"
      ? columnOfDisplay(lineOf(source, startLine), startColumn)
      : undefined,
    cause: error,
  }, source);
}

/** The compiler counts columns from 0, as a terminal shows them: a tab is four wide. */
function columnOfDisplay(line: string, display: number): number {
  let index = 0;
  for (let shown = 0; shown < display && index < line.length; index++) shown += line[index] === "\t" ? 4 : 1;
  return index + 1;
}
