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

/** Whether a path leads to anything, without waiting: for answers that are checked while they are typed. */
export function existsNow(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Which file a path leads to, as text that differs from that of any other file, and its size; undefined for none. */
export async function fileIdentity(path: string): Promise<{ identity: string; size: number } | undefined> {
  try {
    const { dev, ino, size } = await Deno.stat(path);
    return { identity: `${dev}:${ino}`, size };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The size in bytes of the file that a path leads to; throws where there is none. */
export async function fileSize(path: string): Promise<number> {
  const { size, isDirectory } = await Deno.stat(path);
  if (isDirectory) throw new Deno.errors.IsADirectory("Is a directory");
  return size;
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

/** Copies a file's bytes to a new one, with the permissions of any new file; fails where the path exists. */
export async function copyFile(from: string, to: string): Promise<void> {
  const source = await Deno.open(from, { read: true });
  const target = await Deno.open(to, { write: true, createNew: true }).catch((error) => {
    source.close();
    throw error;
  });
  await source.readable.pipeTo(target.writable);
}

/** Replaces a file so that a crash at any moment leaves the old text or the new, whole. */
export async function replaceTextFile(path: string, text: string): Promise<void> {
  const beside = `${path}.new`;
  const file = await Deno.open(beside, { write: true, create: true, truncate: true });
  try {
    let rest = new TextEncoder().encode(text);
    while (rest.length > 0) rest = rest.subarray(await file.write(rest));
    await file.sync();
  } finally {
    file.close();
  }
  await Deno.rename(beside, path);
}

/** The first bytes of a file, fewer if it is shorter. */
export async function readFileHead(path: string, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const file = await Deno.open(path, { read: true });
  try {
    const head = new Uint8Array(bytes);
    let used = 0;
    while (used < bytes) {
      const size = await file.read(head.subarray(used));
      if (size === null) break;
      used += size;
    }
    return head.subarray(0, used);
  } finally {
    file.close();
  }
}

/** The bytes of a file that the user names, which may be a pipe, up to a limit. */
export async function readUpTo(path: string, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  using file = await Deno.open(path, { read: true });
  const pieces: Uint8Array[] = [];
  let used = 0;
  while (used < limit) {
    const piece = new Uint8Array(Math.min(64 * 1024, limit - used));
    const size = await file.read(piece);
    if (size === null) break;
    used += size;
    pieces.push(piece.subarray(0, size));
  }
  const bytes = new Uint8Array(used);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
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
