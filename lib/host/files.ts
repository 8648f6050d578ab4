/** Files as the rest of Packflow sees them. Paths are strings of the operating system's form. */

/** What is known of a path. */
export interface FileInfo {
  readonly kind: "file" | "directory" | "link" | "other";
  /** Size in bytes. */
  readonly size: number;
  /** Permission bits, null where the platform has none. */
  readonly mode: number | null;
}

/** The bytes of a file. */
export function readFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(path);
}

/** The text of a file, refused where it is not UTF-8. A byte order mark is dropped. */
export async function readTextFile(path: string): Promise<string> {
  return new TextDecoder("utf-8", { fatal: true }).decode(await Deno.readFile(path));
}

/** What is at a path, links not followed; undefined where nothing is. */
export async function fileInfo(path: string): Promise<FileInfo | undefined> {
  try {
    const info = await Deno.lstat(path);
    const kind = info.isSymlink ? "link" : info.isFile ? "file" : info.isDirectory ? "directory" : "other";
    return { kind, size: info.size, mode: info.mode };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Whether an error says that a path does not exist, or that a part of it is not a folder. */
export function isNotFound(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}

/** The absolute path with every link resolved. */
export function realPath(path: string): Promise<string> {
  return Deno.realPath(path);
}

/** The entries of a folder, sorted by name. */
export async function listFolder(path: string): Promise<{ name: string; kind: FileInfo["kind"] }[]> {
  const entries: { name: string; kind: FileInfo["kind"] }[] = [];
  for await (const entry of Deno.readDir(path)) {
    const kind = entry.isSymlink ? "link" : entry.isFile ? "file" : entry.isDirectory ? "directory" : "other";
    entries.push({ name: entry.name, kind });
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Writes a new file; fails where the path exists unless `overwrite` is set. */
export async function writeFile(
  path: string,
  data: Uint8Array | string,
  options: { overwrite?: boolean; mode?: number } = {},
): Promise<void> {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  await Deno.writeFile(path, bytes, {
    createNew: options.overwrite !== true,
    ...(options.mode === undefined ? {} : { mode: options.mode }),
  });
}

/** Makes a folder and its parents; `mode` applies to folders made here. */
export async function makeFolder(path: string, mode = 0o755): Promise<void> {
  await Deno.mkdir(path, { recursive: true, mode });
}

/** Makes a fresh folder that only this user can enter, in `parent` or the system's temporary folder. */
export function makeTempFolder(prefix: string, parent?: string): Promise<string> {
  return Deno.makeTempDir({ prefix, ...(parent === undefined ? {} : { dir: parent }) });
}

/** Moves a file or folder; replaces an existing file. */
export function rename(from: string, to: string): Promise<void> {
  return Deno.rename(from, to);
}

/** Removes a file or a folder with all it holds; nothing happens where there is none. */
export async function remove(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
