import type { ErrorCode } from "../base/error_codes.ts";
import { messageOf } from "../base/errors.ts";
import { nearestName } from "../base/nearest_name.ts";
import { fileInfo, isNotFound, listFolder, realPath } from "../host/files.ts";
import { isBuiltinModule } from "../host/builtin_modules.ts";
import { basename, dirname, joinPath, relativePath } from "../host/path.ts";
import { LockedVersions } from "./locked_versions.ts";
import { isInPackage, NpmPackages } from "./npm_packages.ts";
import { mapImport, readProjectSettings } from "./project_settings.ts";
import { type NpmContext, type NpmImport, resolveNpm, resolvePackageFile } from "./resolve_npm.ts";

/** What an import leads to: a file of the project, a module that stays outside the bundle, or nowhere. */
export type Resolution =
  | { readonly kind: "file"; /** Relative to the project. */ readonly path: string }
  | { readonly kind: "external"; readonly specifier: string }
  | ImportProblem;

/** Why an import leads nowhere. */
export interface ImportProblem {
  readonly kind: "problem";
  readonly code: ErrorCode;
  /** To follow "Cannot import … as". */
  readonly reason: string;
  readonly remedy?: string;
}

const BUNDLED = /\.(?:m?[jt]s|json)$/;
const RELATIVE = /^\.\.?(?:\/|$)/;

/** Finds what the imports of a project's files, and of the packages in its `node_modules`, mean. */
export class ImportResolver {
  readonly #folder: string;
  #context: Promise<NpmContext> | undefined;

  /** @param folder The project's folder. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Finds what an import means.
   *
   * @param importer File that imports, relative to the project's folder.
   * @param specifier What it imports.
   * @param isRequire Whether by `require`.
   */
  async resolve(importer: string, specifier: string, isRequire = false): Promise<Resolution> {
    if (specifier === "packflow" || specifier.startsWith("node:")) return { kind: "external", specifier };
    return isInPackage(importer)
      ? await this.#fromPackage({ importer, specifier, isRequire })
      : await this.#fromProject({ importer, specifier, isRequire });
  }

  /** What is read of the project to find packages; read on first use. */
  context(): Promise<NpmContext> {
    this.#context ??= npmContext(this.#folder);
    return this.#context;
  }

  async #fromPackage(wanted: NpmImport): Promise<Resolution> {
    const { importer, specifier } = wanted;
    if (isBuiltinModule(specifier)) return { kind: "external", specifier: `node:${specifier}` };
    const context = await this.context();
    if (RELATIVE.test(specifier)) return await resolvePackageFile(specifier, importer, context);
    if (specifier.startsWith("/") || /^[a-z]+:/i.test(specifier)) {
      return problem("a package can import its own files and other packages only");
    }
    return await resolveNpm(wanted, context);
  }

  async #fromProject(wanted: NpmImport): Promise<Resolution> {
    const { importer, specifier } = wanted;
    if (RELATIVE.test(specifier)) {
      return await resolveFile(this.#folder, joinPath(dirname(importer), specifier));
    }
    const context = await this.context();
    const mapped = mapImport(specifier, context.settings.imports);
    if (RELATIVE.test(mapped)) return await resolveFile(this.#folder, mapped);
    if (mapped.startsWith("node:")) return { kind: "external", specifier: mapped };
    if (!/^npm:/.test(mapped) && /^(?:\/|[a-z]+:)/i.test(mapped)) return foreignImport(mapped);
    if (isBuiltinModule(mapped)) {
      return problem("modules of the runtime must be named in full", `Write "node:${mapped}"`);
    }
    const found = await resolveNpm({ ...wanted, specifier: mapped }, context);
    if (found.kind !== "problem" || found.code !== "loader.not_installed" || mapped !== specifier) {
      return found;
    }
    const own = await nearestFile(this.#folder, specifier);
    return own === undefined
      ? found
      : { ...found, remedy: `Write "./${own}" to import the project's own file` };
  }
}

async function npmContext(folder: string): Promise<NpmContext> {
  const [settings, locks, root] = await Promise.all([
    readProjectSettings(folder),
    LockedVersions.read(folder),
    realPath(folder),
  ]);
  return { packages: new NpmPackages(root), locks, settings };
}

function problem(reason: string, remedy?: string): Resolution {
  const code = "loader.unresolved_import";
  return { kind: "problem", code, reason, ...(remedy === undefined ? {} : { remedy }) };
}

/** Finds a file of the project and refuses what leaves its folder, links included. */
export async function resolveFile(folder: string, path: string): Promise<Resolution> {
  const file = joinPath(folder, path);
  const relative = relativePath(folder, file);
  if (leaves(relative)) return outside("the file lies outside the project");
  let real: string;
  try {
    real = await realPath(file);
  } catch (error) {
    if (isNotFound(error)) return await missing(folder, relative);
    return {
      kind: "problem",
      code: "loader.unresolved_import",
      reason: `it cannot be read: ${messageOf(error)}`,
    };
  }
  if (leaves(relativePath(await realPath(folder), real))) {
    return outside("the file is a link that leads outside the project");
  }
  if ((await fileInfo(real))?.kind !== "file") return await missing(folder, relative);
  if (BUNDLED.test(relative)) return { kind: "file", path: relative };
  return {
    kind: "problem",
    code: "loader.unresolved_import",
    reason: "only .ts, .mts, .js, .mjs and .json files can be imported",
    remedy: `Read other files with Deno.readFile(new URL("./${basename(file)}", import.meta.url))`,
  };
}

function leaves(relative: string): boolean {
  // On Windows a path on another drive stays absolute.
  return relative === ".." || relative.startsWith("../") || /^[A-Za-z]:|^\//.test(relative);
}

function outside(reason: string): Resolution {
  return { kind: "problem", code: "loader.outside_project", reason };
}

/** Says that there is no such file, and which one was likely meant. */
async function missing(folder: string, relative: string): Promise<Resolution> {
  const near = await nearestFile(folder, relative);
  return {
    kind: "problem",
    code: "loader.unresolved_import",
    reason: `the project has no file "${relative}"` + (near === undefined ? "" : `: did you mean "${near}"`),
  };
}

async function nearestFile(folder: string, relative: string): Promise<string | undefined> {
  const within = relative.includes("/") ? relative.slice(0, relative.lastIndexOf("/") + 1) : "";
  const wanted = relative.slice(within.length);
  const names = await fileNames(joinPath(folder, within));
  const stem = wanted.replace(/\.m?js$/, "");
  const sameStem = names.find((name) => name.replace(BUNDLED, "") === stem);
  const inFolder = (await fileNames(joinPath(folder, relative))).find((name) =>
    /^(?:mod|index)\.m?[jt]s$/.test(name)
  );
  if (sameStem !== undefined) return within + sameStem;
  if (inFolder !== undefined) return `${relative}/${inFolder}`;
  const near = nearestName(wanted, names);
  return near === undefined ? undefined : within + near;
}

async function fileNames(folder: string): Promise<string[]> {
  try {
    const entries = await listFolder(folder);
    return entries.filter(({ name, kind }) => kind === "file" && BUNDLED.test(name)).map(({ name }) => name);
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

function foreignImport(specifier: string): Resolution {
  const reason =
    "a project can import its own files by relative path, packages of npm and node: modules only";
  return problem(reason, foreignRemedy(specifier));
}

function foreignRemedy(specifier: string): string {
  if (/^https?:/.test(specifier)) {
    return "Download the file into the project and import it by relative path, or use a package of npm";
  }
  if (specifier.startsWith("jsr:")) {
    return "Use a package of npm, or put what you need of the package into the project as a file";
  }
  return "Import files of the project by a path that starts with ./";
}
