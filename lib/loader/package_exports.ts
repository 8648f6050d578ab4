import { isObject } from "../base/json.ts";

/** What the `exports` or `imports` of a package.json make of a name. */
export type PackageTarget =
  /** A path in the package that starts with "./", or (of `imports`) another specifier. */
  | { readonly kind: "target"; readonly target: string }
  /** The package keeps the name to itself, or has nothing for the conditions. */
  | { readonly kind: "none" };

/** Conditions of an `import`, as Deno reads packages. */
export const IMPORT_CONDITIONS: ReadonlySet<string> = new Set(["deno", "node", "import", "default"]);
/** Conditions of a `require`. */
export const REQUIRE_CONDITIONS: ReadonlySet<string> = new Set(["node", "require", "default"]);

const NONE: PackageTarget = { kind: "none" };

/**
 * What a package exports under a subpath, by the algorithm of Node.js.
 *
 * @param exports The `exports` of its package.json.
 * @param subpath "." or a path that starts with "./".
 */
export function exportedTarget(
  exports: unknown,
  subpath: string,
  conditions: ReadonlySet<string>,
): PackageTarget {
  const isMap = isObject(exports) && Object.keys(exports).some((key) => key.startsWith("."));
  if (!isMap) return subpath === "." ? targetOf(exports, undefined, conditions) ?? NONE : NONE;
  return matchingTarget(exports, subpath, conditions);
}

/** What a package's own name such as "#config" stands for, by the algorithm of Node.js. */
export function importedTarget(
  imports: unknown,
  name: string,
  conditions: ReadonlySet<string>,
): PackageTarget {
  return isObject(imports) ? matchingTarget(imports, name, conditions) : NONE;
}

function matchingTarget(
  map: Record<string, unknown>,
  name: string,
  conditions: ReadonlySet<string>,
): PackageTarget {
  if (Object.hasOwn(map, name) && !name.includes("*")) {
    return targetOf(map[name], undefined, conditions) ?? NONE;
  }
  let best: { key: string; match: string } | undefined;
  for (const key of Object.keys(map)) {
    const match = patternMatch(key, name);
    if (match !== undefined && (best === undefined || isMoreSpecific(key, best.key))) best = { key, match };
  }
  return best === undefined ? NONE : targetOf(map[best.key], best.match, conditions) ?? NONE;
}

/** What the star of a key such as "./lib/*.js" stands for in a name. */
function patternMatch(key: string, name: string): string | undefined {
  const star = key.indexOf("*");
  if (star === -1 || key.includes("*", star + 1)) return undefined;
  const [base, trailer] = [key.slice(0, star), key.slice(star + 1)];
  if (!name.startsWith(base) || !name.endsWith(trailer) || name.length <= base.length + trailer.length - 1) {
    return undefined;
  }
  return name.slice(base.length, name.length - trailer.length) || undefined;
}

function isMoreSpecific(key: string, than: string): boolean {
  const difference = key.indexOf("*") - than.indexOf("*");
  return difference > 0 || (difference === 0 && key.length > than.length);
}

/** The target's own path; undefined where no condition holds, so that the next one is tried. */
function targetOf(
  target: unknown,
  match: string | undefined,
  conditions: ReadonlySet<string>,
): PackageTarget | undefined {
  if (typeof target === "string") return { kind: "target", target: filled(target, match) };
  if (target === null) return NONE;
  if (Array.isArray(target)) {
    let last: PackageTarget | undefined;
    for (const each of target) {
      const found = targetOf(each, match, conditions);
      if (found?.kind === "target") return found;
      last = found ?? last;
    }
    return last;
  }
  if (!isObject(target)) return undefined;
  for (const [condition, each] of Object.entries(target)) {
    if (!conditions.has(condition)) continue;
    const found = targetOf(each, match, conditions);
    if (found !== undefined) return found;
  }
  return undefined;
}

function filled(target: string, match: string | undefined): string {
  return match === undefined ? target : target.replaceAll("*", () => match);
}
