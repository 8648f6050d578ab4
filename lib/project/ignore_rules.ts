import { type Ignore, ignore } from "../deps/ignore.ts";

/**
 * The `.gitignore` files of a project, the nested ones included.
 *
 * All go into one list, each pattern bound to its folder: git lets the last matching pattern win, and deeper
 * files come later, so that the order in which a walk meets them is the order git gives them.
 */
export class IgnoreRules {
  readonly #patterns: Ignore = patternList([]);

  /**
   * Adds a `.gitignore` file.
   *
   * @param folder The folder it lies in, relative to the project; empty for the project's own.
   */
  add(folder: string, text: string): void {
    const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
    this.#patterns.add(folder === "" ? lines : lines.flatMap((line) => bindPattern(folder, line)));
  }

  /** Whether git would ignore a path, given relative to the project; a folder ends in a slash. */
  ignores(path: string): boolean {
    return this.#patterns.ignores(path);
  }
}

/** Patterns in the form of `.gitignore`, upper and lower case told apart as git does. */
export function patternList(patterns: readonly string[]): Ignore {
  return ignore({ ignorecase: false }).add(patterns);
}

/** Rewrites a pattern of a nested file as one that means the same at the project's root. */
function bindPattern(folder: string, line: string): string[] {
  if (line.trim() === "" || line.startsWith("#")) return [];
  const negated = line.startsWith("!");
  const body = negated ? line.slice(1) : line;
  const prefix = `/${folder.replace(/[\\*?[\]!# ]/g, "\\$&")}`;
  // Git binds a pattern to its folder when a slash stands anywhere but at the end.
  const bound = body.replace(/\/?\s*$/, "").includes("/");
  const rest = bound ? body.replace(/^\//, "") : `**/${body}`;
  return [`${negated ? "!" : ""}${prefix}/${rest}`];
}
