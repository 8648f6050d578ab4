const STEP_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** Bytes of a file up to the end of its last line that ends; 0 where there is no such line, or no file. */
export async function lastLineEnd(path: string): Promise<number> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path, { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
  try {
    const { size, isFile } = await file.stat();
    const bytes = new Uint8Array(STEP_BYTES);
    for (let end = isFile ? size : 0; end > 0;) {
      const start = Math.max(0, end - STEP_BYTES);
      await file.seek(start, Deno.SeekMode.Start);
      const part = bytes.subarray(0, end - start);
      for (let used = 0; used < part.length;) used += await file.read(part.subarray(used)) ?? part.length;
      const newline = part.lastIndexOf(NEWLINE);
      if (newline !== -1) return start + newline + 1;
      end = start;
    }
    return 0;
  } finally {
    file.close();
  }
}
