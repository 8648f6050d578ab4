import type { ErrorCode } from "../base/error_codes.ts";
import { messageOf } from "../base/errors.ts";
import { nearestName } from "../base/nearest_name.ts";
import { fileInfo, isNotFound, listFolder, realPath } from "../host/files.ts";
import { basename, dirname, joinPath, relativePath } from "../host/path.ts";

/** What an import leads to: a file of the project, a module that stays outside the bundle, or nowhere. */
export type Resolution =
  | { readonly kind: "file"; /** Relative to the project. */ readonly path: string }
  | { readonly kind: "external"; readonly specifier: string }
  | { readonly kind: "problem"; readonly code: ErrorCode; readonly reason: string; readonly remedy?: string };

const BUNDLED = /\.(?:m?[jt]s|json)$/;
const RELATIVE = /^\.\.?\//;

/**
 * Finds what an import means.
 *
 * @param folder The project's folder.
 * @param importer File of the project that imports, relative to the folder.
 * @param specifier What it imports.
 */
export async function resolveImport(
  folder: string,
  importer: string,
  specifier: string,
): Promise<Resolution> {
  if (specifier === "packflow" || specifier.startsWith("node:")) return { kind: "external", specifier };
  if (!RELATIVE.test(specifier)) return foreignImport(folder, specifier);
  return await resolveFile(folder, joinPath(dirname(importer), specifier));
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

async function foreignImport(folder: string, specifier: string): Promise<Resolution> {
  const remedy = await foreignRemedy(folder, specifier);
  return {
    kind: "problem",
    code: "loader.unresolved_import",
    reason: 'a project can import its own files by relative path, "packflow" and node: modules only',
    ...(remedy === undefined ? {} : { remedy }),
  };
}

async function foreignRemedy(folder: string, specifier: string): Promise<string | undefined> {
  if (/^https?:/.test(specifier)) return "Download the file into the project and import it by relative path";
  if (/^(?:npm|jsr):/.test(specifier)) return "Put what you need of the package into the project as a file";
  if (/^(?:\/|[a-z]+:)/i.test(specifier)) return "Import files of the project by a path that starts with ./";
  const own = await nearestFile(folder, specifier);
  if (own !== undefined) return `Write "./${own}" to import the project's own file`;
  return "Put what you need of the package into the project as a file";
}
