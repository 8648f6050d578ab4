import type { Entry } from "./entry.ts";

/** What the two headers of a file in a zip say. */
export interface ZipRecord {
  /** The name's UTF-8. */
  readonly name: Uint8Array;
  readonly mode: Entry["mode"];
  /** 0: stored; 8: deflated. */
  readonly method: 0 | 8;
  /** Date and time as MS-DOS has them, the date in the upper 16 bits. */
  readonly time: number;
  /** CRC-32 of the content. */
  readonly crc: number;
  /** Bytes of the data as they lie in the archive. */
  readonly packed: number;
  /** Bytes of the content. */
  readonly size: number;
  /** Where the local header begins. */
  readonly offset: number;
}

/** Where a zip's list of files lies. */
export interface ZipEnd {
  readonly count: number;
  /** Where the list begins. */
  readonly offset: number;
  /** Bytes of the list. */
  readonly size: number;
}

export const LOCAL_SIGNATURE = 0x04034b50;
export const CENTRAL_SIGNATURE = 0x02014b50;
export const END64_SIGNATURE = 0x06064b50;
export const LOCATOR_SIGNATURE = 0x07064b50;
export const END_SIGNATURE = 0x06054b50;

/** Bytes of the records, without names and extra fields. */
export const LOCAL_BYTES = 30;
export const CENTRAL_BYTES = 46;
export const END64_BYTES = 56;
export const LOCATOR_BYTES = 20;
export const END_BYTES = 22;

/** In place of a number that needs more room: it stands in a record of ZIP64. */
export const MAX16 = 0xffff;
export const MAX32 = 0xffff_ffff;

/** Names are UTF-8; nothing else. */
const FLAGS = 0x0800;
const UNIX = 3 << 8;
const REGULAR_FILE = 0o100000;

/** The time of MS-DOS, in steps of two seconds, in UTC; for seconds from 1980 to 2107. */
export function zipTime(seconds: number): number {
  const at = new Date(seconds * 1000);
  const date = (at.getUTCFullYear() - 1980) * 512 + (at.getUTCMonth() + 1) * 32 + at.getUTCDate();
  return date * 65_536 + at.getUTCHours() * 2048 + at.getUTCMinutes() * 32 + (at.getUTCSeconds() >> 1);
}

/** The header in front of a file's data. */
export function encodeLocal(record: ZipRecord): Uint8Array {
  const extra = new Fields();
  if (isLarge(record)) extra.u16(1).u16(16).u64(record.size).u64(record.packed);
  return new Fields().u32(LOCAL_SIGNATURE).u16(isLarge(record) ? 45 : 20).add(shared(record))
    .u16(record.name.length).u16(extra.length).bytes(record.name).add(extra).done();
}

/** The file's line in the list at the end. */
export function encodeCentral(record: ZipRecord): Uint8Array {
  const large = new Fields();
  if (isLarge(record)) large.u64(record.size).u64(record.packed);
  if (record.offset >= MAX32) large.u64(record.offset);
  const extra = new Fields();
  if (large.length > 0) extra.u16(1).u16(large.length).add(large);
  const version = large.length > 0 ? 45 : 20;
  return new Fields().u32(CENTRAL_SIGNATURE).u16(UNIX + version).u16(version).add(shared(record))
    .u16(record.name.length).u16(extra.length)
    .u16(0).u16(0).u16(0) // comment, disk, internal attributes
    .u32((REGULAR_FILE + record.mode) * 65_536).u32(Math.min(record.offset, MAX32))
    .bytes(record.name).add(extra).done();
}

/** What follows the list: the records of ZIP64 where a number needs them, and the end. */
export function encodeEnd({ count, offset, size }: ZipEnd): Uint8Array {
  const end = new Fields();
  if (count >= MAX16 || offset >= MAX32 || size >= MAX32) {
    end.u32(END64_SIGNATURE).u64(END64_BYTES - 12).u16(UNIX + 45).u16(45).u32(0).u32(0)
      .u64(count).u64(count).u64(size).u64(offset)
      .u32(LOCATOR_SIGNATURE).u32(0).u64(offset + size).u32(1);
  }
  const short = Math.min(count, MAX16);
  return end.u32(END_SIGNATURE).u16(0).u16(0).u16(short).u16(short)
    .u32(Math.min(size, MAX32)).u32(Math.min(offset, MAX32)).u16(0).done();
}

/** The fields that both headers of a file have. */
function shared(record: ZipRecord): Fields {
  const large = isLarge(record);
  return new Fields().u16(FLAGS).u16(record.method).u32(record.time).u32(record.crc)
    .u32(large ? MAX32 : record.packed).u32(large ? MAX32 : record.size);
}

/** Whether the sizes stand in an extra field, both of them as ZIP64 wants it. */
function isLarge({ packed, size }: ZipRecord): boolean {
  return packed >= MAX32 || size >= MAX32;
}

/** Numbers and bytes one behind the other, the lowest byte first. */
class Fields {
  readonly #bytes: number[] = [];

  get length(): number {
    return this.#bytes.length;
  }

  u16(value: number): this {
    return this.#number(value, 2);
  }

  u32(value: number): this {
    return this.#number(value, 4);
  }

  u64(value: number): this {
    return this.#number(value, 8);
  }

  bytes(bytes: Iterable<number>): this {
    this.#bytes.push(...bytes);
    return this;
  }

  add(fields: Fields): this {
    return this.bytes(fields.#bytes);
  }

  done(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  #number(value: number, count: number): this {
    for (let rest = value, at = 0; at < count; at++, rest = Math.floor(rest / 256)) {
      this.#bytes.push(rest % 256);
    }
    return this;
  }
}
