import { fromFileUrl, relativePath, resolvePath } from "../host/path.ts";

/** A place in a project's file. */
export interface SourcePlace {
  /** Relative to the project's folder. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Where an error was thrown, as far as a project's own files go: its stack's first frame inside the folder, if there
 * is one outside of the packages installed there.
 *
 * @param error Anything that was thrown; causes are not looked at.
 * @param folder The project's folder.
 */
export function placeOfError(error: unknown, folder: string): SourcePlace | undefined {
  let inPackage: SourcePlace | undefined;
  for (const [, url = "", line, column] of stackOf(error).matchAll(/(file:\/\/.*?):(\d+):(\d+)\)?$/gm)) {
    const file = projectFile(url, folder);
    if (file === undefined) continue;
    const place = { file, line: Number(line), column: Number(column) };
    if (!file.split("/").includes("node_modules")) return place;
    inPackage ??= place;
  }
  return inPackage;
}

/** A project's code may throw what it likes, even an object whose stack throws. */
function stackOf(error: unknown): string {
  try {
    const stack: unknown = error instanceof Error ? error.stack : undefined;
    return typeof stack === "string" ? stack : "";
  } catch {
    return "";
  }
}

function projectFile(url: string, folder: string): string | undefined {
  try {
    const file = relativePath(resolvePath(folder), fromFileUrl(url));
    return file.startsWith("../") || file === ".." || /^[A-Za-z]:|^\//.test(file) ? undefined : file;
  } catch {
    return undefined;
  }
}
