import type { Manifest } from "../config/manifest.ts";
import { defaultExclusion, earlierPackage, type Exclusion } from "./default_exclusions.ts";
import { IgnoreRules, PatternList } from "./ignore_rules.ts";

/** What becomes of a file or folder. */
export type Verdict = Taken | Left;

/** It goes in. */
export interface Taken {
  readonly take: true;
  /** Of a required file: why it would have stayed out. */
  readonly despite?: string;
}

/** It stays out. */
export interface Left {
  readonly take: false;
  /** To follow "left out as". */
  readonly reason: string;
  /** Whether the user should hear of it unasked: no pattern of theirs says so. */
  readonly told: boolean;
}

/** A pattern of the manifest's `include`. */
export interface IncludePattern {
  readonly matches: PatternList;
  /** The pattern's parts that say more than "anything", each matching one name. */
  readonly parts: readonly PatternList[];
}

const TAKE: Taken = { take: true };

/**
 * Decides which files of a project go into a package. From strong to weak: required files, `exclude`, `include`,
 * the default exclusions, `.gitignore`.
 *
 * `include` overrules a default exclusion only by naming it: `data/` does not bring in `data/.env`, `data/.env`
 * and `*.env` do.
 */
export class FileSelection {
  /** The `.gitignore` files, which the walk adds as it meets them. */
  readonly ignored = new IgnoreRules();
  readonly #name: string;
  readonly #exclude: PatternList;
  readonly #include: readonly IncludePattern[];
  readonly #required: ReadonlySet<string>;

  constructor(manifest: Manifest, required: ReadonlySet<string>) {
    this.#name = manifest.name;
    this.#exclude = new PatternList(manifest.exclude);
    this.#include = manifest.include.map(includePattern);
    this.#required = required;
  }

  /**
   * The verdict on a file.
   *
   * @param path Relative to the project.
   * @param only Inside a folder that stays out: the patterns that may still bring files in.
   */
  file(path: string, only?: readonly IncludePattern[]): Verdict {
    const verdict = this.#unlessRequired(path, only);
    if (verdict.take || !this.#required.has(path)) return verdict;
    return { take: true, despite: verdict.reason };
  }

  /**
   * Whether to walk a folder: all of it ("all"), for what these patterns bring in, or not at all.
   *
   * @param path Relative to the project.
   * @param only As for {@linkcode file}.
   */
  folder(path: string, only?: readonly IncludePattern[]): "all" | Left | readonly IncludePattern[] {
    if (this.#exclude.matches(`${path}/`)) return excluded();
    const name = nameOf(path);
    const exclusion = defaultExclusion(name);
    const ignored = this.#ignored(`${path}/`);
    if (exclusion === undefined && only === undefined && ignored === undefined) return "all";
    const patterns = only ?? this.#include;
    const allowed = exclusion === undefined ? patterns : patterns.filter((pattern) => names(pattern, name));
    if (allowed.length > 0) return allowed;
    return left(exclusion, ignored) ?? folderLeft();
  }

  /** The verdict on a file by what it holds, which `include` overrules only by naming the file. */
  content(path: string, exclusion: Exclusion): Verdict {
    if (this.#required.has(path)) return { take: true, despite: exclusion.reason };
    const named = this.#include.some((pattern) =>
      names(pattern, nameOf(path)) && pattern.matches.matches(path)
    );
    return named ? TAKE : { take: false, reason: exclusion.reason, told: true };
  }

  #unlessRequired(path: string, only: readonly IncludePattern[] | undefined): Verdict {
    if (this.#exclude.matches(path)) return excluded();
    const name = nameOf(path);
    const ignored = this.#ignored(path);
    const exclusion = defaultExclusion(name) ?? earlierPackage(name, this.#name);
    if (exclusion === undefined && only === undefined && ignored === undefined) return TAKE;
    const patterns = only ?? this.#include;
    const allowed = exclusion === undefined ? patterns : patterns.filter((pattern) => names(pattern, name));
    if (allowed.some((pattern) => pattern.matches.matches(path))) return TAKE;
    return left(exclusion, ignored) ?? folderLeft();
  }

  #ignored(path: string): string | undefined {
    const line = this.ignored.ignoring(path);
    return line === undefined ? undefined : `${line.file}:${line.line} names it`;
  }
}

/** A default exclusion is told unless the user's own `.gitignore` says the same; a secret always is. */
function left(exclusion: Exclusion | undefined, ignored: string | undefined): Left | undefined {
  if (exclusion !== undefined) {
    const told = exclusion.told && (exclusion.secret || ignored === undefined);
    return { take: false, reason: exclusion.reason, told };
  }
  return ignored === undefined ? undefined : { take: false, reason: ignored, told: false };
}

function excluded(): Left {
  return { take: false, reason: "exclude of packflow.jsonc names it", told: false };
}

function folderLeft(): Left {
  return { take: false, reason: "its folder stays out", told: false };
}

function includePattern(pattern: string): IncludePattern {
  const parts = pattern.split("/").filter((part) => !/^\**$/.test(part));
  return {
    matches: new PatternList([pattern]),
    parts: parts.map((part) => new PatternList([part])),
  };
}

function names(pattern: IncludePattern, name: string): boolean {
  return pattern.parts.some((part) => part.matches(name));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
