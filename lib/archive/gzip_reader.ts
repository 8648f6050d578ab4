import { PackflowError } from "../base/errors.ts";
import { crc32 } from "../host/digest.ts";
import { type ByteSource, sourceChunks } from "./byte_source.ts";
import { inflateExactly } from "./inflate.ts";
import type { Limits } from "./limits.ts";

const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;

/**
 * Inflates a gzip file that must hold exactly one member, its checksum and size right and nothing behind it. The
 * limits are checked with every piece.
 *
 * @returns The content in pieces. Only at its end is it known whether it was whole.
 * @throws {PackflowError} package.corrupt, package.too_large
 */
export async function* inflateGzip(
  source: ByteSource,
  limits: Limits,
): AsyncGenerator<Uint8Array, void, undefined> {
  const header = await source.read(0, HEADER_BYTES);
  const end = source.size - TRAILER_BYTES;
  if (header.length < HEADER_BYTES || end < HEADER_BYTES) throw corrupt("it must not be cut short");
  // A name, comment or extra field is room for bytes that no check covers.
  if (header[2] !== 8 || header[3] !== 0) throw corrupt("its gzip header must have no optional fields");

  let size = 0;
  let sum = 0;
  for await (const chunk of inflateExactly(sourceChunks(source, HEADER_BYTES, end), end - HEADER_BYTES)) {
    size += chunk.length;
    limits.checkSize(size);
    limits.checkRatio(size, source.size);
    sum = crc32(chunk, sum);
    yield chunk;
  }

  const bytes = await source.read(end, TRAILER_BYTES);
  if (bytes.length < TRAILER_BYTES) throw corrupt("it must not be cut short");
  const trailer = new DataView(bytes.buffer, bytes.byteOffset, TRAILER_BYTES);
  if (sum !== trailer.getUint32(0, true)) throw corrupt("its checksum must be right");
  const said = trailer.getUint32(4, true);
  if (size % 2 ** 32 !== said) {
    throw corrupt(`it must hold the ${said} bytes that its end says: it holds ${size}`);
  }
}

function corrupt(rule: string): PackflowError {
  return new PackflowError("package.corrupt", `Cannot read package as ${rule}`);
}
