import { isObject } from "../base/json.ts";
import { dirname, joinPath } from "../host/path.ts";
import type { LockedVersions } from "./locked_versions.ts";
import { nativeCodeOf } from "./native_code.ts";
import { isInPackage, type NpmPackage, type NpmPackages } from "./npm_packages.ts";
import { type NpmSpecifier, parseNpmSpecifier } from "./npm_specifier.ts";
import { exportedTarget, IMPORT_CONDITIONS, importedTarget, REQUIRE_CONDITIONS } from "./package_exports.ts";
import type { ProjectSettings } from "./project_settings.ts";
import type { Resolution } from "./resolve_import.ts";

/** What finding packages needs to know of a project. */
export interface NpmContext {
  readonly packages: NpmPackages;
  readonly locks: LockedVersions;
  readonly settings: ProjectSettings;
}

/** An import to find. */
export interface NpmImport {
  readonly specifier: string;
  /** The file that imports, relative to the project, links resolved. */
  readonly importer: string;
  /** Whether it is a `require`, which some packages answer otherwise. */
  readonly isRequire: boolean;
}

/** Endings that `require` and old packages leave out. */
const ENDINGS = ["", ".js", ".json", ".cjs", ".mjs"];
const INDEX_FILES = ["index.js", "index.json", "index.cjs", "index.mjs"];

/** Finds the file of a package that a bare, `npm:` or `#` specifier means, by the algorithm of Node.js. */
export async function resolveNpm(wanted: NpmImport, context: NpmContext): Promise<Resolution> {
  if (wanted.specifier.startsWith("#")) return await resolvePrivate(wanted, context);
  const npm = parseNpmSpecifier(wanted.specifier);
  if (npm === undefined) return unresolved("it must name a package, such as lodash or npm:lodash@4");
  const owner = await context.packages.owner(wanted.importer);
  if (owner !== undefined && owner.name === npm.name && hasExports(owner)) {
    return await resolveIn(owner, { ...wanted, subpath: npm.subpath }, context);
  }
  const found = await findPackage(npm, dirname(wanted.importer).replace(/^\.$/, ""), context);
  return "kind" in found ? found : await resolveIn(found, { ...wanted, subpath: npm.subpath }, context);
}

/** Finds a relative import between the files of a package. */
export async function resolvePackageFile(
  specifier: string,
  importer: string,
  context: NpmContext,
): Promise<Resolution> {
  const path = joinPath(dirname(importer), specifier).replaceAll("\\", "/").replace(/\/$/, "");
  return await resolvePath(path, context) ?? unresolved(`there is no file "${path}"`, REINSTALL);
}

const REINSTALL = "Install the project's packages anew: the one that needs the file seems to be incomplete";

async function findPackage(
  npm: NpmSpecifier,
  from: string,
  context: NpmContext,
): Promise<NpmPackage | Resolution> {
  const { packages, locks } = context;
  const found = await packages.find(npm.name, from);
  if (found === "outside") {
    return {
      kind: "problem",
      code: "loader.outside_project",
      reason: `node_modules has the package "${npm.name}" as a link that leads outside the project`,
      remedy: "Install it into the project itself: copied or linked within node_modules",
    };
  }
  const locked = locks.versionFor(npm.name, npm.range);
  const fits = async (version: string) =>
    locked === undefined ? await isInRange(version, npm.range) : version === locked;
  if (found !== undefined && await fits(found.version)) return found;
  const other = await packages.findVersion(npm.name, fits);
  if (other !== undefined) return other;
  if (found === undefined) return notInstalled(npm.name, context.settings);
  const wanted = locked === undefined
    ? `the import asks for ${npm.range ?? "another"}`
    : `deno.lock has ${locked}`;
  return {
    kind: "problem",
    code: "loader.lock_mismatch",
    reason: `node_modules has the package "${npm.name}" in version ${found.version}, but ${wanted}`,
    remedy: installRemedy(context.settings),
  };
}

/** Names such as "latest" are no range; what they meant when the package was installed, only a lock file says. */
async function isInRange(version: string, range: string | undefined): Promise<boolean> {
  if (range === undefined) return true;
  const { satisfies, validRange } = await import("../deps/semver.ts");
  return validRange(range) === null || satisfies(version, range, { includePrerelease: true });
}

async function resolvePrivate(wanted: NpmImport, context: NpmContext): Promise<Resolution> {
  const owner = await context.packages.owner(wanted.importer);
  const conditions = wanted.isRequire ? REQUIRE_CONDITIONS : IMPORT_CONDITIONS;
  const found = importedTarget(owner?.json["imports"], wanted.specifier, conditions);
  if (owner === undefined || found.kind === "none") {
    return unresolved(`no "imports" of a package.json has "${wanted.specifier}"`);
  }
  if (found.target.startsWith("./")) return await targetFile(owner, found.target, context);
  if (found.target.startsWith("#")) {
    return unresolved(`"${wanted.specifier}" leads to another name of the kind`);
  }
  if (found.target.startsWith("node:")) return { kind: "external", specifier: found.target };
  return await resolveNpm({ ...wanted, specifier: found.target }, context);
}

function hasExports({ json }: NpmPackage): boolean {
  return json["exports"] !== undefined && json["exports"] !== null;
}

async function resolveIn(
  found: NpmPackage,
  { subpath, isRequire }: NpmImport & { readonly subpath: string },
  context: NpmContext,
): Promise<Resolution> {
  const native = found.folder === "" ? undefined : await nativeCodeOf(found, context.packages);
  if (native !== undefined) {
    return nativeProblem(`the package "${found.name}" ${found.version} needs native code: it has ${native}`);
  }
  if (hasExports(found)) {
    const conditions = isRequire ? REQUIRE_CONDITIONS : IMPORT_CONDITIONS;
    const target = exportedTarget(found.json["exports"], subpath, conditions);
    if (target.kind === "target") return await targetFile(found, target.target, context);
    const what = subpath === "." ? "nothing to import" : `no "${subpath}"`;
    return unresolved(`the package "${found.name}" ${found.version} exports ${what}`);
  }
  const paths = subpath === "." ? mainPaths(found.json) : [subpath];
  for (const path of paths) {
    const file = await resolvePath(inFolder(found.folder, path), context);
    if (file !== undefined) return file;
  }
  const what = subpath === "." ? "no file that its main could mean" : `no file "${subpath}"`;
  return unresolved(`the package "${found.name}" ${found.version} has ${what}`);
}

function mainPaths(json: Readonly<Record<string, unknown>>): string[] {
  const named = [json["main"], json["module"]].filter((path) => typeof path === "string" && path !== "");
  return [...named.map(String), "index.js", "index.json", "index.mjs", "index.cjs"];
}

/** A target of `exports` or `imports` is one file, named in full. */
async function targetFile(found: NpmPackage, target: string, context: NpmContext): Promise<Resolution> {
  const parts = target.split(/[\\/]/).slice(1);
  if (!target.startsWith("./") || parts.some((part) => part === ".." || part === "node_modules")) {
    return unresolved(
      `the package.json of "${found.name}" leads to "${target}", which is not inside the package`,
    );
  }
  const path = inFolder(found.folder, target);
  return await fileAt(path, context) ??
    unresolved(`the package "${found.name}" ${found.version} has no file "${target}"`, REINSTALL);
}

function inFolder(folder: string, path: string): string {
  return joinPath(folder, path).replaceAll("\\", "/").replace(/\/$/, "");
}

/** A file by a path that may lack its ending, or name a folder. */
async function resolvePath(path: string, context: NpmContext): Promise<Resolution | undefined> {
  for (const ending of ENDINGS) {
    const found = await fileAt(path + ending, context);
    if (found !== undefined) return found;
  }
  const inside = (await context.packages.owner(`${path}/x`))?.folder === path
    ? mainPaths((await context.packages.owner(`${path}/x`))?.json ?? {})
    : INDEX_FILES;
  for (const name of inside) {
    for (const ending of ENDINGS) {
      const found = await fileAt(inFolder(path, name) + ending, context);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

async function fileAt(path: string, { packages }: NpmContext): Promise<Resolution | undefined> {
  if (!await packages.isFile(path)) return undefined;
  const real = await packages.realPath(path);
  if (real === undefined || real === "outside") return undefined;
  if (/\.(?:js|mjs|cjs|json)$/.test(real)) return { kind: "file", path: real };
  // The project's own, by a name in its package.json or as a workspace that is linked.
  if (/\.m?ts$/.test(real) && !isInPackage(real)) return { kind: "file", path: real };
  if (real.endsWith(".node")) return nativeProblem(`"${real}" is native code`);
  if (/\.[cm]?tsx?$/.test(real)) {
    return unresolved(`"${real}" is TypeScript, which packages must have compiled`);
  }
  return unresolved(`"${real}" is neither JavaScript nor JSON`);
}

function nativeProblem(reason: string): Resolution {
  return { kind: "problem", code: "loader.native_code", reason };
}

function unresolved(reason: string, remedy?: string): Resolution {
  const code = "loader.unresolved_import";
  return { kind: "problem", code, reason, ...(remedy === undefined ? {} : { remedy }) };
}

function notInstalled(name: string, settings: ProjectSettings): Resolution {
  const isNamed = Object.values(settings.imports).some((value) => parseNpmSpecifier(value)?.name === name) ||
    ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"].some((field) => {
      const list = settings.packageJson?.[field];
      return isObject(list) && Object.hasOwn(list, name);
    });
  return {
    kind: "problem",
    code: "loader.not_installed",
    reason: `the package "${name}" is not in the project's node_modules`,
    remedy: isNamed ? installRemedy(settings) : addRemedy(name, settings),
  };
}

/** How to install what the project names already. */
export function installRemedy({ packageJson, hasDenoJson }: ProjectSettings): string {
  if (packageJson !== undefined) return "Run npm install, or deno install, in the project's folder";
  const where = hasDenoJson ? "" : " with the package in the imports of deno.json";
  return `Run deno install --node-modules-dir=auto in the project's folder${where}`;
}

function addRemedy(name: string, { packageJson }: ProjectSettings): string {
  if (packageJson !== undefined) {
    return `Run npm install ${name}, or deno add npm:${name}, in the project's folder`;
  }
  return `Run deno add npm:${name}, then deno install --node-modules-dir=auto, in the project's folder`;
}
