import { positionAt, type TextPosition } from "../config/text_position.ts";

/** Where a module's source imports a specifier; undefined where only a computed import can be the one. */
export function findImport(source: string, specifier: string): TextPosition | undefined {
  const pattern = new RegExp(`\\b(?:from|import|require)\\s*\\(?\\s*(["'])${escapePattern(specifier)}\\1`);
  const match = pattern.exec(withoutComments(source)) ?? pattern.exec(source);
  return match === null ? undefined : positionAt(source, match.index + match[0].indexOf(match[1] ?? ""));
}

/** Where a module's source imports something whose name is not written out. */
export function findComputedImport(source: string): TextPosition | undefined {
  const match = /\bimport\s*\(\s*(?!["']|`[^`$]*`\s*[,)])/.exec(withoutComments(source));
  return match === null ? undefined : positionAt(source, match.index);
}

/** Where a module's source names something in the braces of an import or of an export from another module. */
export function findImportedName(source: string, name: string): TextPosition | undefined {
  const word = new RegExp(`(?<![\\w$])${escapePattern(name)}(?![\\w$])`);
  for (const clause of withoutComments(source).matchAll(/\b(?:import|export)\s[^'";]*?\bfrom\s*["']/g)) {
    const match = word.exec(clause[0]);
    if (match !== null) return positionAt(source, clause.index + match.index);
  }
  return undefined;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The source with comments blanked, offsets kept. Good enough to skip an import that was commented out. */
function withoutComments(source: string): string {
  return source.replace(/\/\*[^]*?\*\/|(?<![:"'/])\/\/.*/g, (comment) => comment.replace(/[^\r\n]/g, " "));
}
