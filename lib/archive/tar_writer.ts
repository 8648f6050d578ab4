import type { Entry } from "./entry.ts";
import { exactChunks, STORED_FROM } from "./exact_chunks.ts";
import { GzipWriter } from "./gzip_writer.ts";
import { BLOCK, encodeTarHeader } from "./tar_header.ts";

/** A tar.gz of entries that are checked and in order. */
export async function* tarGzChunks(
  entries: readonly Entry[],
  mtime: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const gzip = new GzipWriter();
  yield* gzip.begin();
  for (const entry of entries) {
    const { path, mode, content: { size } } = entry;
    yield* gzip.compress(encodeTarHeader({ path, kind: "file", mode, size, mtime }));
    if (size >= STORED_FROM) {
      yield* gzip.store(exactChunks(entry));
    } else {
      for await (const chunk of exactChunks(entry)) yield* gzip.compress(chunk);
    }
    yield* gzip.compress(new Uint8Array(-size & (BLOCK - 1)));
  }
  yield* gzip.compress(new Uint8Array(2 * BLOCK));
  yield* gzip.end();
}
