import { messageOf, PackflowError } from "../base/errors.ts";
import { Gunzip } from "../deps/fflate.ts";
import { crc32 } from "./crc32.ts";
import type { Limits } from "./limits.ts";

const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;
/** Deflate makes at most 1032 bytes of one, so this much input is 8 MiB of output at once. */
const CHUNK = 8192;
const DEFLATE_RATIO = 1032;

/**
 * An empty gzip member. The library says where a second member starts and nothing of where the first one ends:
 * with this behind the archive it must report one start, exactly there, or the archive held something more or less.
 */
const SENTINEL = Uint8Array.of(31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0);

/** The content of an archive while it is inflated. */
export interface InflatedArchive {
  /** Bytes of content, as the archive's end says; more or fewer are an error. */
  readonly size: number;
  /** The content, to be taken once. Only at its end is it known whether it was whole. */
  readonly chunks: Generator<Uint8Array, void, undefined>;
}

/**
 * Inflates a gzip file that must hold exactly one member, its checksum and size right and nothing behind it.
 * Limits are checked before any memory is taken and again while inflating.
 *
 * @throws {PackflowError} package.not_a_package, package.corrupt, package.too_large; the chunks throw them too
 */
export function inflateArchive(bytes: Uint8Array, limits: Limits): InflatedArchive {
  checkFrame(bytes);
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - TRAILER_BYTES, TRAILER_BYTES);
  const size = trailer.getUint32(4, true);
  if (size > bytes.length * DEFLATE_RATIO) throw corrupt("the size at its end must be possible");
  limits.checkSize(size);
  limits.checkRatio(size, bytes.length);
  return { size, chunks: inflate(bytes, size, trailer.getUint32(0, true)) };
}

function* inflate(bytes: Uint8Array, size: number, checksum: number): Generator<Uint8Array, void, undefined> {
  const ready: Uint8Array[] = [];
  const ends: number[] = [];
  let length = 0;
  let sum = 0;
  const gunzip = new Gunzip((chunk) => {
    length += chunk.length;
    // The limits hold for the size at the end, so this holds them too.
    if (length > size) throw corrupt("it must hold as many bytes as its end says: it holds more");
    sum = crc32(chunk, sum);
    ready.push(chunk);
  });
  gunzip.onmember = (offset) => ends.push(offset);
  for (let at = 0; at < bytes.length && ends.length === 0; at += CHUNK) {
    push(gunzip, bytes.subarray(at, at + CHUNK), false);
    yield* ready.splice(0);
  }
  push(gunzip, SENTINEL, true);
  yield* ready.splice(0);

  if (ends.length !== 1 || ends[0] !== bytes.length) throw corrupt("nothing must follow its compressed data");
  if (length !== size) throw corrupt(`it must hold the ${size} bytes that its end says: it holds ${length}`);
  if (sum !== checksum) throw corrupt("its checksum must be right");
}

function checkFrame(bytes: Uint8Array): void {
  if (bytes[0] !== 31 || bytes[1] !== 139 || bytes[2] !== 8) {
    throw new PackflowError(
      "package.not_a_package",
      "Cannot read package as it must be a gzip file: its first bytes are not those of one",
    );
  }
  if (bytes.length < HEADER_BYTES + TRAILER_BYTES) throw corrupt("it must not be cut short");
  // A name, comment or extra field is room for bytes that no check covers.
  if (bytes[3] !== 0) throw corrupt("its gzip header must have no optional fields");
}

function push(gunzip: Gunzip, chunk: Uint8Array, final: boolean): void {
  try {
    gunzip.push(chunk, final);
  } catch (cause) {
    if (cause instanceof PackflowError) throw cause;
    throw new PackflowError(
      "package.corrupt",
      `Cannot read package as its compressed data must be whole: ${messageOf(cause)}`,
      { cause },
    );
  }
}

function corrupt(rule: string): PackflowError {
  return new PackflowError("package.corrupt", `Cannot read package as ${rule}`);
}
