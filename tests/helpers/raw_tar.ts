/** Tar and gzip bytes as no decent tool would write them: any field, any order, any damage. */
import { gzipSync } from "node:zlib";

const BLOCK = 512;

/** Fields of a header as they stand in it; what is left out is as Packflow writes it. */
export interface RawHeader {
  name?: string | Uint8Array;
  mode?: string;
  uid?: string;
  gid?: string;
  size?: string | Uint8Array;
  mtime?: string;
  /** Computed when left out. */
  checksum?: string;
  type?: string;
  link?: string;
  magic?: string;
  user?: string;
  group?: string;
  major?: string;
  minor?: string;
  prefix?: string;
  /** The 12 bytes behind the last field. */
  rest?: string;
}

const OFFSETS = {
  name: 0,
  mode: 100,
  uid: 108,
  gid: 116,
  size: 124,
  mtime: 136,
  checksum: 148,
  type: 156,
  link: 157,
  magic: 257,
  user: 265,
  group: 297,
  major: 329,
  minor: 337,
  prefix: 345,
  rest: 500,
};

export function rawHeader(header: RawHeader): Uint8Array {
  const fields: Required<RawHeader> = {
    name: "file.txt",
    mode: "0000644\0",
    uid: "0000000\0",
    gid: "0000000\0",
    size: octal(0),
    mtime: octal(315_532_800),
    checksum: "        ",
    type: "0",
    link: "",
    magic: "ustar\x0000",
    user: "",
    group: "",
    major: "0000000\0",
    minor: "0000000\0",
    prefix: "",
    rest: "",
    ...header,
  };
  const block = new Uint8Array(BLOCK);
  const put = (key: keyof RawHeader) => {
    const value = fields[key];
    block.set(typeof value === "string" ? new TextEncoder().encode(value) : value, OFFSETS[key]);
  };
  for (const key of Object.keys(OFFSETS) as (keyof RawHeader)[]) if (key !== "checksum") put(key);
  fields.checksum = "        ";
  put("checksum");
  const sum = block.reduce((total, byte) => total + byte, 0);
  fields.checksum = header.checksum ?? `${sum.toString(8).padStart(6, "0")}\0 `;
  put("checksum");
  return block;
}

/** A size or time field: 11 octal digits and a NUL. */
export function octal(value: number): string {
  return `${value.toString(8).padStart(11, "0")}\0`;
}

/** A header, its data and the padding; the size is that of the data unless the header says another. */
export function rawEntry(header: RawHeader, data: string | Uint8Array = ""): Uint8Array {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  return join(
    rawHeader({ size: octal(bytes.length), ...header }),
    bytes,
    new Uint8Array(-bytes.length & (BLOCK - 1)),
  );
}

/** A PAX record with its own length in front. */
export function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const length = rest.length + String(rest.length).length;
  return `${rest.length + String(length).length}${rest}`;
}

export const END = new Uint8Array(2 * BLOCK);

/** The parts, closed as a tar must be, compressed. */
export function rawArchive(...parts: Uint8Array[]): Uint8Array {
  return gzip(join(...parts, END));
}

export function gzip(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(gzipSync(bytes));
}

export function join(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A copy with one change. */
export function changed(bytes: Uint8Array, change: (copy: Uint8Array) => void): Uint8Array {
  const copy = bytes.slice();
  change(copy);
  return copy;
}
