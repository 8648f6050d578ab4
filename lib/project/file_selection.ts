import type { Manifest } from "../config/manifest.ts";
import type { Ignore } from "../deps/ignore.ts";
import { defaultExclusion, isEarlierArchive } from "./default_exclusions.ts";
import { IgnoreRules, patternList } from "./ignore_rules.ts";

/** What becomes of a file: it goes in, stays out, or stays out for a reason the user should hear. */
export type Verdict = { readonly take: true } | {
  readonly take: false;
  readonly reason?: string;
};

/** A pattern of the manifest's `include`. */
export interface IncludePattern {
  readonly matches: Ignore;
  /** The pattern's parts that say more than "anything", each matching one name. */
  readonly parts: readonly Ignore[];
}

const TAKE: Verdict = { take: true };
const LEAVE: Verdict = { take: false };

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
  readonly #exclude: Ignore;
  readonly #include: readonly IncludePattern[];
  readonly #required: ReadonlySet<string>;

  constructor(manifest: Manifest, required: ReadonlySet<string>) {
    this.#name = manifest.name;
    this.#exclude = patternList(manifest.exclude);
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
    if (this.#required.has(path)) return TAKE;
    if (this.#exclude.ignores(path)) return LEAVE;
    const name = path.slice(path.lastIndexOf("/") + 1);
    const exclusion = defaultExclusion(name);
    const hidden = only !== undefined || this.ignored.ignores(path);
    const reason = exclusion?.reason ??
      (!hidden && isEarlierArchive(name, this.#name)
        ? "it is an earlier package of this project"
        : undefined);
    const barred = exclusion !== undefined || reason !== undefined;
    if (!barred && !hidden) return TAKE;
    const patterns = only ?? this.#include;
    const allowed = barred ? patterns.filter((pattern) => names(pattern, name)) : patterns;
    if (allowed.some((pattern) => pattern.matches.ignores(path))) return TAKE;
    return reason === undefined ? LEAVE : { take: false, reason };
  }

  /**
   * Whether to walk a folder: all of it ("all"), for what these patterns bring in, or not at all.
   *
   * @param path Relative to the project.
   * @param only As for {@linkcode file}.
   */
  folder(path: string, only?: readonly IncludePattern[]): "all" | Verdict | readonly IncludePattern[] {
    if (this.#exclude.ignores(`${path}/`)) return LEAVE;
    const name = path.slice(path.lastIndexOf("/") + 1);
    const exclusion = defaultExclusion(name);
    if (exclusion === undefined && only === undefined && !this.ignored.ignores(`${path}/`)) return "all";
    const patterns = only ?? this.#include;
    const allowed = exclusion === undefined ? patterns : patterns.filter((pattern) => names(pattern, name));
    if (allowed.length > 0) return allowed;
    return exclusion?.reason === undefined ? LEAVE : { take: false, reason: exclusion.reason };
  }
}

function includePattern(pattern: string): IncludePattern {
  const parts = pattern.split("/").filter((part) => !/^\**$/.test(part));
  return {
    matches: patternList([pattern]),
    parts: parts.map((part) => patternList([part])),
  };
}

function names(pattern: IncludePattern, name: string): boolean {
  return pattern.parts.some((part) => part.ignores(name));
}
