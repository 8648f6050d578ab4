import { BLOCK, encodeTarHeader } from "../../lib/archive/tar_header.ts";

/** A file of an archive. */
export interface ArchivedFile {
  readonly path: string;
  readonly mode: 0o644 | 0o755;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Writes a tar.gz that every tar reads, the same for the same files. */
export async function writeArchive(output: string, files: readonly ArchivedFile[]): Promise<void> {
  const target = await Deno.open(output, { write: true, create: true, truncate: true });
  await ReadableStream.from(tarBlocks(files))
    .pipeThrough(new CompressionStream("gzip"))
    .pipeTo(target.writable);
}

function* tarBlocks(files: readonly ArchivedFile[]): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
  for (const { path, mode, data } of files) {
    yield new Uint8Array(encodeTarHeader({ path, kind: "file", mode, size: data.length, mtime: 0 }));
    yield data;
    yield new Uint8Array(-data.length & (BLOCK - 1));
  }
  yield new Uint8Array(2 * BLOCK);
}
