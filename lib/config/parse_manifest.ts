import { type Diagnostic, DiagnosticsError } from "../base/diagnostic.ts";
import { isObject, kindOf } from "../base/json.ts";
import { parseJsonWithComments } from "./json_with_comments.ts";
import { Manifest } from "./manifest.ts";
import { manifestDiagnostics } from "./manifest_diagnostics.ts";
import { positionAt } from "./text_position.ts";

/**
 * Reads a manifest's text: JSON, comments and trailing commas allowed.
 *
 * @param text Content of the file.
 * @param file How messages name the file.
 * @returns The manifest, defaults filled in.
 * @throws {DiagnosticsError} `manifest.invalid` with every problem at once, each with line and column.
 */
export function parseManifest(text: string, file: string): Manifest {
  const { value, root, problems } = parseJsonWithComments(text);
  const diagnostics: Diagnostic[] = problems.map(({ code, reason, offset }) => ({
    severity: "error",
    code,
    message: `Cannot read ${file} as ${reason}`,
    file,
    ...positionAt(text, offset),
  }));
  if (value !== undefined && !isObject(value)) {
    diagnostics.push({
      severity: "error",
      code: "manifest.invalid",
      message: `Cannot read ${file} as it must hold an object: current value is ${kindOf(value)}`,
      file,
      ...positionAt(text, root?.offset ?? 0),
    });
  }
  const parsed = Manifest.safeParse(value);
  if (parsed.success && diagnostics.length === 0) return parsed.data;
  // After a syntax error what follows is a guess: say only what is sure.
  const guess = problems.some(({ code }) => code === "manifest.syntax") || !isObject(value);
  if (!parsed.success && !guess) {
    const source = { text, file, root, value };
    diagnostics.push(...parsed.error.issues.flatMap((issue) => manifestDiagnostics(issue, source)));
  }
  diagnostics.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  throw new DiagnosticsError("manifest.invalid", summary(file, diagnostics), diagnostics);
}

function summary(file: string, diagnostics: readonly Diagnostic[]): string {
  const [first] = diagnostics;
  if (first !== undefined && diagnostics.length === 1) return first.message;
  const lines = diagnostics.map(({ line, column, message }) => `  ${line}:${column} ${message}`);
  return `Cannot read ${file} as it has ${diagnostics.length} problems:\n${lines.join("\n")}`;
}
