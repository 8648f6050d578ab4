/** Zip bytes as no decent tool would write them: any field, any order, any damage. */
import { crc32, deflateRawSync } from "node:zlib";
import { join } from "./raw_tar.ts";

/** Fields of a file's headers as they stand in them; what is left out is as Packflow writes it. */
export interface RawZipHeader {
  signature?: number;
  /** In the list only. */
  madeBy?: number;
  version?: number;
  flags?: number;
  method?: number;
  time?: number;
  crc?: number;
  packed?: number;
  size?: number;
  name?: string | Uint8Array;
  extra?: Uint8Array;
  /** The rest in the list only. */
  comment?: string;
  disk?: number;
  internal?: number;
  external?: number;
  offset?: number;
}

/** A file: what both headers say, and where they differ. */
export interface RawZipFile extends RawZipHeader {
  data?: string | Uint8Array;
  /** What lies in the archive in place of the packed data. */
  raw?: Uint8Array;
  local?: RawZipHeader;
  central?: RawZipHeader;
  /** Bytes between its data and what comes next. */
  after?: Uint8Array;
}

/** The end of the list; what is left out is right. */
export interface RawZipEnd {
  signature?: number;
  disk?: number;
  listDisk?: number;
  here?: number;
  count?: number;
  size?: number;
  offset?: number;
  comment?: Uint8Array;
  commentLength?: number;
  /** In front of the first file. */
  before?: Uint8Array;
  /** Between the list and its end. */
  middle?: Uint8Array;
  after?: Uint8Array;
}

/** A time as the headers have it: 1980-01-01. */
const EARLIEST = 0x0021_0000;

export function rawZip(files: readonly RawZipFile[], end: RawZipEnd = {}): Uint8Array<ArrayBuffer> {
  const before = end.before ?? new Uint8Array();
  const parts = [before];
  const list: Uint8Array[] = [];
  let offset = before.length;
  for (const file of files) {
    const data = bytesOf(file.data ?? "");
    const raw = file.raw ?? (file.method === 0 ? data : new Uint8Array(deflateRawSync(data)));
    const { local = {}, central = {}, data: _data, raw: _raw, after = new Uint8Array(), ...both } = file;
    const right = { crc: crc32(data), packed: raw.length, size: data.length, offset };
    const header = rawLocal({ ...right, ...both, ...local });
    parts.push(header, raw, after);
    list.push(rawCentral({ ...right, ...both, ...central }));
    offset += header.length + raw.length + after.length;
  }
  const size = join(...list).length;
  return join(
    ...parts,
    ...list,
    end.middle ?? new Uint8Array(),
    rawEnd({ here: files.length, count: files.length, size, offset, ...end }),
    end.after ?? new Uint8Array(),
  );
}

export function rawLocal(header: RawZipHeader): Uint8Array {
  const { signature, version, flags, method, time, crc, packed, size, name, extra } = withDefaults(header);
  return join(
    numbers([4, signature ?? 0x04034b50], [2, version], [2, flags], [2, method], [4, time], [4, crc]),
    numbers([4, packed], [4, size], [2, name.length], [2, extra.length]),
    name,
    extra,
  );
}

export function rawCentral(header: RawZipHeader): Uint8Array {
  const all = withDefaults(header);
  const { signature, madeBy, version, flags, method, time, crc, packed, size, name, extra } = all;
  const comment = bytesOf(all.comment);
  return join(
    numbers([4, signature ?? 0x02014b50], [2, madeBy], [2, version], [2, flags], [2, method], [4, time]),
    numbers([4, crc], [4, packed], [4, size], [2, name.length], [2, extra.length], [2, comment.length]),
    numbers([2, all.disk], [2, all.internal], [4, all.external], [4, all.offset]),
    name,
    extra,
    comment,
  );
}

export function rawEnd(end: RawZipEnd): Uint8Array {
  const comment = end.comment ?? new Uint8Array();
  return join(
    numbers([4, end.signature ?? 0x06054b50], [2, end.disk ?? 0], [2, end.listDisk ?? 0]),
    numbers([2, end.here ?? end.count ?? 0], [2, end.count ?? 0], [4, end.size ?? 0], [4, end.offset ?? 0]),
    numbers([2, end.commentLength ?? comment.length]),
    comment,
  );
}

/** The records of ZIP64 that stand in front of the end. */
export function rawEnd64(
  end: { count: number; size: number; offset: number; at: number; recordSize?: number; version?: number },
): Uint8Array {
  return join(
    numbers([4, 0x06064b50], [8, end.recordSize ?? 44], [2, 0x032d], [2, end.version ?? 45], [4, 0], [4, 0]),
    numbers([8, end.count], [8, end.count], [8, end.size], [8, end.offset]),
    numbers([4, 0x07064b50], [4, 0], [8, end.at], [4, 1]),
  );
}

/** Numbers, each with its count of bytes, the lowest first. */
export function numbers(...fields: [bytes: number, value: number][]): Uint8Array {
  return join(...fields.map(([bytes, value]) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigInt64(0, BigInt(value), true);
    return new Uint8Array(view.buffer, 0, bytes);
  }));
}

function withDefaults(header: RawZipHeader) {
  return {
    signature: undefined,
    madeBy: 0x0314,
    version: 20,
    flags: 0x0800,
    method: 8,
    time: EARLIEST,
    crc: 0,
    packed: 0,
    size: 0,
    comment: "",
    disk: 0,
    internal: 0,
    external: 0o100644 * 65_536,
    offset: 0,
    ...header,
    name: bytesOf(header.name ?? "file.txt"),
    extra: header.extra ?? new Uint8Array(),
  };
}

function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === "string" ? new TextEncoder().encode(text) : text;
}
