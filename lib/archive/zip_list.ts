import { PackflowError } from "../base/errors.ts";
import type { ByteSource } from "./byte_source.ts";
import { checkEntryPath, EntryNames, quote, TAR_NAME_BYTES, TAR_PREFIX_BYTES } from "./entry.ts";
import type { Limits } from "./limits.ts";
import {
  CENTRAL_BYTES,
  CENTRAL_SIGNATURE,
  encodeCentral,
  encodeEnd,
  encodeLocal,
  END64_BYTES,
  END_BYTES,
  END_SIGNATURE,
  LOCATOR_BYTES,
  MAX16,
  MAX32,
  type ZipEnd,
  type ZipRecord,
} from "./zip_records.ts";

/** A file as a zip's list has it. */
export interface ZipFile extends ZipRecord {
  readonly path: string;
}

/** The longest extra field: ZIP64 with both sizes and the offset. */
const EXTRA_BYTES = 28;
const LONGEST_RECORD = CENTRAL_BYTES + TAR_PREFIX_BYTES + 1 + TAR_NAME_BYTES + EXTRA_BYTES;

const TYPE_NAMES = new Map([
  [0o010000, "FIFO"],
  [0o020000, "character device"],
  [0o040000, "folder"],
  [0o060000, "block device"],
  [0o120000, "symbolic link"],
  [0o140000, "socket"],
]);

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads a zip's list of files. But for times and what the deflated data say, only one spelling is accepted, the one
 * that Packflow writes: nothing in front of the first file, no gap, no overlap, one end with no comment, no
 * descriptor, no encryption, no extra field but the ZIP64 that a size needs. Two readers cannot then see different
 * archives in the same bytes.
 *
 * @throws {PackflowError} package.corrupt, package.unsafe_entry, package.too_large
 */
export async function readZipList(source: ByteSource, limits: Limits): Promise<ZipFile[]> {
  const end = await readEnd(source);
  limits.checkEntries(end.count);
  if (end.size > end.count * LONGEST_RECORD) throw corrupt("its list must have the size that its files need");
  const list = await source.read(end.offset, end.size);
  if (list.length < end.size) throw corrupt("it must not be cut short");

  const files: ZipFile[] = [];
  const names = new EntryNames();
  let at = 0;
  let next = 0;
  let total = 0;
  while (files.length < end.count) {
    const { file, length } = decodeCentral(list.subarray(at), end.offset + at);
    checkEntryPath(file.path, limits.depth);
    names.add(file.path, "file");
    limits.checkFile(file.path, file.size);
    limits.checkSize(total += file.size);
    if (file.offset !== next) {
      throw corrupt(`${quote(file.path)} must follow what is before it: no gap, no overlap, no other order`);
    }
    next += encodeLocal(file).length + file.packed;
    at += length;
    files.push(file);
  }
  if (at !== list.length) throw corrupt("its list must hold as many files as its end says");
  if (next !== end.offset) throw corrupt("its list must follow its last file");
  limits.checkRatio(total, source.size);
  return files;
}

/** The end, refused unless it is the only one and says what lies before it to the last byte. */
async function readEnd(source: ByteSource): Promise<ZipEnd> {
  const from = Math.max(0, source.size - END_BYTES - MAX16);
  const tail = await source.read(from, source.size - from);
  const at = tail.length - END_BYTES;
  const view = viewOf(tail);
  if (at < 0 || view.getUint32(at, true) !== END_SIGNATURE) {
    throw corrupt("it must end with the end of its list: no comment, nothing behind it, not cut short");
  }
  refuseOtherEnd(tail);
  const end = decodeEnd(view, at);
  const expected = encodeEnd(end);
  if (end.offset + end.size + expected.length !== source.size || !endsWith(tail, expected)) {
    throw corrupt("the end of its list must be spelled as Packflow writes it, and its list lie before it");
  }
  return end;
}

/** Refuses an earlier end whose comment would be all that follows: some readers would take that one. */
function refuseOtherEnd(tail: Uint8Array): void {
  const view = viewOf(tail);
  const last = tail.length - END_BYTES;
  for (let at = tail.indexOf(0x50); at !== -1 && at < last; at = tail.indexOf(0x50, at + 1)) {
    if (view.getUint32(at, true) === END_SIGNATURE && view.getUint16(at + 20, true) === last - at) {
      throw corrupt("it must have one end of its list: it has two");
    }
  }
}

function decodeEnd(view: DataView, at: number): ZipEnd {
  const end = {
    count: view.getUint16(at + 10, true),
    size: view.getUint32(at + 12, true),
    offset: view.getUint32(at + 16, true),
  };
  const isLarge = end.count === MAX16 || end.size === MAX32 || end.offset === MAX32;
  const large = at - LOCATOR_BYTES - END64_BYTES;
  if (!isLarge || large < 0) return end;
  return {
    count: number64(view, large + 32),
    size: number64(view, large + 40),
    offset: number64(view, large + 48),
  };
}

function decodeCentral(list: Uint8Array, offset: number): { file: ZipFile; length: number } {
  const view = viewOf(list);
  if (list.length < CENTRAL_BYTES || view.getUint32(0, true) !== CENTRAL_SIGNATURE) {
    throw corrupt(`a file of its list must begin at byte ${offset}`);
  }
  const name = list.subarray(CENTRAL_BYTES, CENTRAL_BYTES + view.getUint16(28, true));
  const path = decodePath(name, offset);
  const file: ZipFile = {
    path,
    name,
    mode: decodeMode(view.getUint32(38, true), path),
    method: decodeMethod(view.getUint16(10, true), path),
    time: view.getUint32(12, true),
    crc: view.getUint32(16, true),
    ...largeNumbers(list, name.length),
  };
  const expected = encodeCentral(file);
  if (!startsWith(list, expected)) {
    throw corrupt(
      `the list must have ${
        quote(path)
      } spelled as Packflow writes it (mode 0644 or 0755, sizes in front of the ` +
        "data, no encryption, no comment, no extra field)",
    );
  }
  if (file.method === 0 && file.packed !== file.size) {
    throw corrupt(`${quote(path)} must have one size as it is stored`);
  }
  return { file, length: expected.length };
}

function decodeMode(attributes: number, path: string): ZipFile["mode"] {
  const type = TYPE_NAMES.get(Math.floor(attributes / 65_536) & 0o170000);
  if (type === undefined) return attributes === 0o100755 * 65_536 ? 0o755 : 0o644;
  throw new PackflowError(
    "package.unsafe_entry",
    `Cannot accept package entry ${quote(path)} as its type must be a regular file: current type is ${type}`,
  );
}

function decodeMethod(method: number, path: string): ZipFile["method"] {
  if (method === 0 || method === 8) return method;
  throw corrupt(`the method of ${quote(path)} must be 0 or 8: current value is ${method}`);
}

/** Sizes and offset, from the ZIP64 field where they have no room. */
function largeNumbers(list: Uint8Array, nameLength: number) {
  const view = viewOf(list);
  let at = CENTRAL_BYTES + nameLength + 4;
  const take = (value: number) => {
    if (value !== MAX32 || at + 8 > list.length) return value;
    at += 8;
    return number64(view, at - 8);
  };
  const size = take(view.getUint32(24, true));
  const packed = take(view.getUint32(20, true));
  return { size, packed, offset: take(view.getUint32(42, true)) };
}

function decodePath(name: Uint8Array, offset: number): string {
  try {
    return utf8.decode(name);
  } catch (cause) {
    throw new PackflowError(
      "package.unsafe_entry",
      `Cannot accept package entry at byte ${offset} as its path must be UTF-8`,
      { cause },
    );
  }
}

/** A number of 64 bits; beyond what counts exactly it is refused by its spelling. */
function number64(view: DataView, at: number): number {
  return Math.min(Number(view.getBigUint64(at, true)), Number.MAX_SAFE_INTEGER);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return bytes.length >= start.length && start.every((byte, at) => byte === bytes[at]);
}

function endsWith(bytes: Uint8Array, end: Uint8Array): boolean {
  return bytes.length >= end.length && startsWith(bytes.subarray(bytes.length - end.length), end);
}

function corrupt(rule: string): PackflowError {
  return new PackflowError("package.corrupt", `Cannot read package as ${rule}`);
}
