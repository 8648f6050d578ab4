import * as path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** What separates the parts of a path on this system. */
export const PATH_SEPARATOR: string = path.sep;

/** Joins path segments with the system's separator. */
export function joinPath(...segments: string[]): string {
  return path.join(...segments);
}

/** The folder part of a path. */
export function dirname(of: string): string {
  return path.dirname(of);
}

/** The last part of a path. */
export function basename(of: string): string {
  return path.basename(of);
}

/** The absolute form of a path, from the current folder. */
export function resolvePath(...segments: string[]): string {
  return path.resolve(...segments);
}

/** The way from one folder to a path, with forward slashes. */
export function relativePath(from: string, to: string): string {
  return path.relative(from, to).split(path.sep).join("/");
}

/** Whether a path is absolute on this system. */
export function isAbsolutePath(of: string): boolean {
  return path.isAbsolute(of);
}

/** Whether a path is a folder or lies in it; links are not followed. */
export function isInside(folder: string, path: string): boolean {
  const way = relativePath(folder, path);
  return way !== ".." && !way.startsWith("../") && !isAbsolutePath(way);
}

/** The file: URL of an absolute path. */
export function toFileUrl(of: string): string {
  return pathToFileURL(of).href;
}

/** The path of a file: URL. */
export function fromFileUrl(url: string | URL): string {
  return fileURLToPath(url);
}
