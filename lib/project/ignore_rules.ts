import { literalPrefix, wildmatch } from "./wildmatch.ts";

/** A line of patterns that decides over a path. */
export interface DecidingPattern {
  /** The line as it was written. */
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
  /** Whether it takes a path back in. */
  readonly negated: boolean;
}

interface Pattern extends DecidingPattern {
  readonly body: string;
  /** Whether it matches folders only. */
  readonly folderOnly: boolean;
  /** Whether it has no slash, and so matches names at any depth. */
  readonly nameOnly: boolean;
}

const bytes = new TextEncoder();

/**
 * Patterns in the form of `.gitignore`, read as git reads them, byte for byte; upper and lower case are told apart on
 * every system.
 */
export class PatternList {
  readonly #patterns: readonly Pattern[];

  /** @param lines The patterns. Empty lines and those that start with `#` say nothing. */
  constructor(lines: readonly string[]) {
    this.#patterns = lines.flatMap((line, index) => parsePattern(line, index + 1));
  }

  /**
   * The pattern that decides over a path, folders above it not looked at; undefined where none matches.
   *
   * @param path Relative to where the patterns stand, with forward slashes; a folder ends in a slash.
   */
  deciding(path: string): DecidingPattern | undefined {
    const isFolder = path.endsWith("/");
    const whole = byteString(isFolder ? path.slice(0, -1) : path);
    const name = whole.slice(whole.lastIndexOf("/") + 1);
    return this.#patterns.findLast((pattern) =>
      (isFolder || !pattern.folderOnly) &&
      (pattern.nameOnly ? matchesName(pattern.body, name) : matchesPath(pattern.body, whole))
    );
  }

  /** Whether the patterns match a path or a folder above it. */
  matches(path: string): boolean {
    return [...foldersAbove(path), path].some((each) => this.deciding(each)?.negated === false);
  }
}

/** A line of a `.gitignore` file that leaves something out. */
export interface IgnoringLine {
  /** The file, relative to the project. */
  readonly file: string;
  readonly line: number;
}

/** The `.gitignore` files of a project, the nested ones included: a deeper file's word comes before a higher one's. */
export class IgnoreRules {
  /** By folder, relative to the project; empty for the project's own. */
  readonly #lists = new Map<string, PatternList>();

  /**
   * Adds a `.gitignore` file.
   *
   * @param folder The folder it lies in, relative to the project; empty for the project's own.
   */
  add(folder: string, content: Uint8Array | string): void {
    this.#lists.set(folder, new PatternList(ignoreLines(content)));
  }

  /** Whether git would ignore a path, given relative to the project; a folder ends in a slash. */
  ignores(path: string): boolean {
    return this.ignoring(path) !== undefined;
  }

  /** The line for which git would ignore a path, be it for a folder above it. */
  ignoring(path: string): IgnoringLine | undefined {
    for (const each of [...foldersAbove(path), path]) {
      const decided = this.#deciding(each);
      if (decided?.negated === false) return { file: decided.file, line: decided.line };
    }
    return undefined;
  }

  #deciding(path: string): (IgnoringLine & { negated: boolean }) | undefined {
    const folders = foldersAbove(path).map((folder) => folder.slice(0, -1));
    for (const folder of ["", ...folders].reverse()) {
      const inside = folder === "" ? path : path.slice(folder.length + 1);
      const pattern = this.#lists.get(folder)?.deciding(inside);
      if (pattern === undefined) continue;
      const file = folder === "" ? ".gitignore" : `${folder}/.gitignore`;
      return { file, line: pattern.line, negated: pattern.negated };
    }
    return undefined;
  }
}

/** "a/" and "a/b/" for "a/b/c" as for "a/b/c/". */
function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let at = path.indexOf("/"); at !== -1 && at < path.length - 1; at = path.indexOf("/", at + 1)) {
    folders.push(path.slice(0, at + 1));
  }
  return folders;
}

/** The lines of a file as git cuts them: at LF, a CR before it dropped, a byte order mark too. */
function ignoreLines(content: Uint8Array | string): string[] {
  // What is no UTF-8 names no file that a package could hold.
  const text = typeof content === "string" ? content : new TextDecoder().decode(content);
  return text.replace(/^\uFEFF/, "").split("\n").map((line) => line.replace(/\r$/, ""));
}

function parsePattern(text: string, line: number): Pattern[] {
  if (text.startsWith("#")) return [];
  const trimmed = trimSpaces(text);
  const negated = trimmed.startsWith("!");
  const whole = byteString(negated ? trimmed.slice(1) : trimmed);
  const folderOnly = whole.endsWith("/");
  const body = folderOnly ? whole.slice(0, -1) : whole;
  return body === "" ? [] : [{ text, line, negated, body, folderOnly, nameOnly: !body.includes("/") }];
}

/** Without the spaces at its end, unless a backslash keeps them. */
function trimSpaces(line: string): string {
  let end = 0;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === "\\") {
      at++;
      if (at === line.length) return line;
    } else if (line[at] === " ") continue;
    end = at + 1;
  }
  return line.slice(0, end);
}

function matchesName(pattern: string, name: string): boolean {
  const literal = literalPrefix(pattern);
  return literal === pattern ? literal === name : wildmatch(pattern, name);
}

/** As git does, the part before the first special character is compared first, and what follows matched alone. */
function matchesPath(pattern: string, path: string): boolean {
  const body = pattern.startsWith("/") ? pattern.slice(1) : pattern;
  const literal = literalPrefix(body);
  if (!path.startsWith(literal)) return false;
  return wildmatch(body.slice(literal.length), path.slice(literal.length));
}

/** A string with one character for each byte of the text's UTF-8. */
function byteString(text: string): string {
  // deno-lint-ignore no-control-regex -- plain ASCII, which most names are, is its own bytes
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return Array.from(bytes.encode(text), (byte) => String.fromCharCode(byte)).join("");
}
