import { fstatSync } from "node:fs";

/** Bytes that can be read piece by piece. */
export interface ByteReader {
  /** Whether the bytes lie in a regular file, so that a read never waits for someone to send more. */
  readonly isFile: boolean;
  /** Size in bytes, where it is known beforehand. */
  readonly size: number | undefined;
  /** Fills a part of `buffer` and says how much; null at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
  close(): void;
}

/** A place that takes bytes. */
export interface ByteWriter {
  /** Writes all of the bytes; resolves when the system has taken them. */
  write(bytes: Uint8Array): Promise<void>;
  close(): void;
}

/** Why the system refused a read, a write or an opening, as far as it matters. */
export type StreamFault = "not_found" | "denied" | "closed" | "full" | "directory" | "other";

const PAUSE_MS = 2;

/** Opens a file for reading, from a position on. */
export async function openFileReader(path: string, position = 0): Promise<ByteReader> {
  const file = await Deno.open(path, { read: true });
  const { isFile, isDirectory, size } = await file.stat();
  if (isDirectory) {
    file.close();
    throw new Deno.errors.IsADirectory(`Is a directory: ${path}`);
  }
  if (position > 0) await file.seek(position, Deno.SeekMode.Start);
  return {
    isFile,
    size: isFile ? size : undefined,
    read: (buffer) => file.read(buffer),
    close: () => file.close(),
  };
}

/** The process's standard input. Closing it does nothing: it belongs to the process. */
export function stdinReader(): ByteReader {
  const { isFile, size } = stdinInfo();
  return {
    isFile,
    size: isFile ? size : undefined,
    read: (buffer) => patiently(() => Deno.stdin.read(buffer)),
    close() {},
  };
}

function stdinInfo(): { isFile: boolean; size: number } {
  try {
    const info = fstatSync(0);
    return { isFile: info.isFile(), size: info.size };
  } catch {
    // Not allowed to look, or closed: a pipe is the careful guess, and reading tells the rest.
    return { isFile: false, size: 0 };
  }
}

/** Opens a file for writing from its start; what it held is gone. */
export async function openFileWriter(path: string): Promise<ByteWriter> {
  const file = await Deno.open(path, { write: true, create: true, truncate: true });
  return { write: (bytes) => writeAll(file, bytes), close: () => file.close() };
}

/** Makes a file for writing; fails where the path exists. */
export async function openNewFile(path: string, mode?: number): Promise<ByteWriter> {
  const file = await Deno.open(path, {
    write: true,
    createNew: true,
    ...(mode === undefined ? {} : { mode }),
  });
  return { write: (bytes) => writeAll(file, bytes), close: () => file.close() };
}

/** A file that is written from some position on, and can be made to survive a crash of the system. */
export interface DurableWriter extends ByteWriter {
  /** Resolves when what was written lies on the device. */
  sync(): Promise<void>;
}

/**
 * Opens a file for writing from a position on; what it held after that is gone.
 *
 * @returns Undefined if it is shorter than that, and is left as it is.
 */
export async function openFileWriterAt(path: string, position: number): Promise<DurableWriter | undefined> {
  const file = await Deno.open(path, { write: true, create: true });
  const { size, isFile } = await file.stat();
  if (isFile && size < position) {
    file.close();
    return undefined;
  }
  if (isFile) {
    await file.truncate(position);
    await file.seek(position, Deno.SeekMode.Start);
  }
  return {
    write: (bytes) => writeAll(file, bytes),
    sync: () => isFile ? file.syncData() : Promise.resolve(),
    close: () => file.close(),
  };
}

/** The process's standard output. Closing it does nothing: it belongs to the process. */
export function stdoutWriter(): ByteWriter {
  return { write: (bytes) => writeAll(Deno.stdout, bytes), close() {} };
}

async function writeAll(
  to: { write(bytes: Uint8Array): Promise<number> },
  bytes: Uint8Array,
): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    done += await patiently(() => to.write(done === 0 ? bytes : bytes.subarray(done)));
  }
}

/** Tries again while a pipe is not ready: another process that shares it may have made it non-blocking. */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** What kind of refusal an error of this file's functions is. */
export function streamFault(error: unknown): StreamFault {
  if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return "not_found";
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return "denied";
  }
  if (error instanceof Deno.errors.BrokenPipe) return "closed";
  if (error instanceof Deno.errors.IsADirectory) return "directory";
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EISDIR") return "directory";
  if (code === "ENOSPC" || code === "EDQUOT" || /\(os error (28|122)\)/.test(String(error))) return "full";
  return "other";
}
