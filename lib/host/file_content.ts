/** Bytes per read: few calls, little memory. */
const CHUNK = 256 * 1024;

/** A file's bytes, read anew each time they are asked for. */
export interface FileContent {
  /** Size in bytes when it was first looked at. */
  readonly size: number;
  /** The bytes; throws where the file has another size by now. */
  chunks(): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined>;
}

/** The content of a file, never held whole. Throws where there is none. */
export function fileContent(path: string): FileContent {
  const { size } = Deno.statSync(path);
  return {
    size,
    async *chunks() {
      using file = await Deno.open(path, { read: true });
      let total = 0;
      for (;;) {
        const chunk = new Uint8Array(CHUNK);
        const count = await file.read(chunk);
        if (count === null) break;
        total += count;
        if (total > size) break;
        yield chunk.subarray(0, count);
      }
      if (total !== size) throw new Error("It changed while it was read");
    },
  };
}

/** Bytes that can be read from any place. */
export interface RandomReader {
  /** Size in bytes when it was opened. */
  readonly size: number;
  /** Up to `length` bytes from a position on, fewer only where they end. */
  read(position: number, length: number): Promise<Uint8Array>;
  [Symbol.dispose](): void;
}

/** Opens a file to be read from any place, one read at a time. */
export async function openRandomReader(path: string): Promise<RandomReader> {
  const file = await Deno.open(path, { read: true });
  const { size, isDirectory } = await file.stat();
  if (isDirectory) {
    file.close();
    throw new Deno.errors.IsADirectory("Is a directory");
  }
  let at = 0;
  return {
    size,
    async read(position, length) {
      if (position !== at) await file.seek(position, Deno.SeekMode.Start);
      at = position;
      const bytes = new Uint8Array(length);
      let used = 0;
      while (used < length) {
        const count = await file.read(bytes.subarray(used));
        if (count === null) break;
        used += count;
      }
      at += used;
      return bytes.subarray(0, used);
    },
    [Symbol.dispose]: () => file.close(),
  };
}
