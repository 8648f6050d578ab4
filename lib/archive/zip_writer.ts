import { crc32 } from "../host/digest.ts";
import { Deflater } from "./deflater.ts";
import type { Entry } from "./entry.ts";
import { contentChanged, exactChunks, STORED_FROM } from "./exact_chunks.ts";
import { encodeCentral, encodeEnd, encodeLocal, type ZipRecord, zipTime } from "./zip_records.ts";

/**
 * A zip of entries that are checked and in order. Sizes and checksums stand in front of the data, since readers
 * differ over zips that have them behind; so a file that is stored is read twice, and one that is deflated is held
 * deflated.
 */
export async function* zipChunks(
  entries: readonly Entry[],
  mtime: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const time = zipTime(mtime);
  const list: Uint8Array[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { crc, deflated } = await packEntry(entry);
    const record: ZipRecord = {
      name: new TextEncoder().encode(entry.path),
      mode: entry.mode,
      method: deflated === undefined ? 0 : 8,
      time,
      crc,
      packed: deflated === undefined ? entry.content.size : lengthOf(deflated),
      size: entry.content.size,
      offset,
    };
    const header = encodeLocal(record);
    yield header;
    if (deflated === undefined) yield* unchangedChunks(entry, crc);
    else yield* deflated;
    list.push(encodeCentral(record));
    offset += header.length + record.packed;
  }
  yield* list;
  yield encodeEnd({ count: list.length, offset, size: lengthOf(list) });
}

/** An entry's checksum, and its deflated bytes where it is not too large to try and that is the shorter way. */
async function packEntry(entry: Entry): Promise<{ crc: number; deflated?: Uint8Array[] }> {
  let crc = 0;
  if (entry.content.size >= STORED_FROM) {
    for await (const chunk of exactChunks(entry)) crc = crc32(chunk, crc);
    return { crc };
  }
  const deflated: Uint8Array[] = [];
  const deflater = new Deflater();
  for await (const chunk of exactChunks(entry)) {
    crc = crc32(chunk, crc);
    deflated.push(...deflater.push(chunk));
  }
  deflated.push(...deflater.end());
  return lengthOf(deflated) < entry.content.size ? { crc, deflated } : { crc };
}

/** An entry's bytes, read again, which must be those of before. */
async function* unchangedChunks(entry: Entry, crc: number): AsyncGenerator<Uint8Array, void, undefined> {
  let sum = 0;
  for await (const chunk of exactChunks(entry)) {
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (sum !== crc) throw contentChanged(entry, "it has other bytes now");
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}
