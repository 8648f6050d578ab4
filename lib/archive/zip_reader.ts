import { PackflowError } from "../base/errors.ts";
import { crc32 } from "../host/digest.ts";
import type { ArchivedFile } from "./archived_file.ts";
import { type ByteSource, sourceChunks } from "./byte_source.ts";
import { quote } from "./entry.ts";
import { inflateExactly } from "./inflate.ts";
import type { Limits } from "./limits.ts";
import { readZipList, type ZipFile } from "./zip_list.ts";
import { encodeLocal } from "./zip_records.ts";

/**
 * The files of a zip, read as if an enemy had written it; see {@linkcode readZipList}. Names, places, sizes and the
 * limits are checked before the first file is given; its content while it is taken.
 *
 * @returns The files in the order of the archive.
 * @throws {PackflowError} package.corrupt, package.unsafe_entry, package.too_large
 */
export async function* readZip(
  source: ByteSource,
  limits: Limits,
): AsyncGenerator<ArchivedFile, void, undefined> {
  for (const file of await readZipList(source, limits)) {
    const expected = encodeLocal(file);
    const header = await source.read(file.offset, expected.length);
    if (header.length !== expected.length || !expected.every((byte, at) => byte === header[at])) {
      throw corrupt(`the header of ${quote(file.path)} must say what the list says`);
    }
    const { path, mode, size } = file;
    yield { path, mode, size, chunks: contentOf(source, file, file.offset + expected.length) };
  }
}

async function* contentOf(
  source: ByteSource,
  { path, method, packed, size, crc }: ZipFile,
  from: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const data = sourceChunks(source, from, from + packed);
  let length = 0;
  let sum = 0;
  for await (const chunk of method === 0 ? data : inflateExactly(data, packed)) {
    length += chunk.length;
    if (length > size) throw corrupt(`${quote(path)} must have ${size} bytes: it has more`);
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (length < size) throw corrupt(`${quote(path)} must have ${size} bytes: it has ${length}`);
  if (sum !== crc) throw corrupt(`the checksum of ${quote(path)} must be right`);
}

function corrupt(rule: string): PackflowError {
  return new PackflowError("package.corrupt", `Cannot read package as ${rule}`);
}
