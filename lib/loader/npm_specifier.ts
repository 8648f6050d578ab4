/** A specifier that names a package: `name`, `name/sub/path`, or with `npm:` in front also `name@range`. */
export interface NpmSpecifier {
  /** Such as "lodash" or "@scope/name". */
  readonly name: string;
  /** The range after `npm:name@`; undefined where none is said. */
  readonly range: string | undefined;
  /** "." or a path that starts with "./". */
  readonly subpath: string;
}

const NAME = "(?:@[a-z0-9-._~][^/@\\\\\\s:]*/)?[a-z0-9-_~][^/@\\\\\\s:]*";
const BARE = new RegExp(`^(${NAME})(/.*)?$`, "i");
const NPM = new RegExp(`^npm:/?(${NAME})(?:@([^/]*))?(/.*)?$`, "i");

/** Reads a specifier; undefined where it is none of a package. */
export function parseNpmSpecifier(specifier: string): NpmSpecifier | undefined {
  const isNpm = specifier.startsWith("npm:");
  const match = (isNpm ? NPM : BARE).exec(specifier);
  if (match === null) return undefined;
  const [, name = "", second, third] = match;
  const [range, rest] = isNpm ? [second, third] : [undefined, second];
  return {
    name,
    range: range === undefined || range === "" ? undefined : decodeRange(range),
    subpath: rest === undefined || rest === "/" ? "." : `.${rest}`,
  };
}

function decodeRange(range: string): string {
  try {
    return decodeURIComponent(range);
  } catch {
    return range;
  }
}
