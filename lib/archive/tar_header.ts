import { PackflowError } from "../base/errors.ts";
import { quote, splitTarPath } from "./entry.ts";

/** Tar counts in blocks of this many bytes. */
export const BLOCK = 512;

/** What a header of Packflow's archives says. */
export interface TarHeader {
  /** Path of the file or folder, without a slash at the end. */
  readonly path: string;
  readonly kind: "file" | "folder";
  readonly mode: 0o644 | 0o755;
  /** Bytes of content; 0 for a folder. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly mtime: number;
}

const TYPE_NAMES = new Map([
  ["\0", "file of a tar older than ustar"],
  ["1", "hard link"],
  ["2", "symbolic link"],
  ["3", "character device"],
  ["4", "block device"],
  ["6", "FIFO"],
  ["7", "contiguous file"],
  ["g", "PAX header for all"],
  ["x", "PAX header"],
  ["K", "GNU long link name"],
  ["L", "GNU long name"],
  ["S", "GNU sparse file"],
]);

/** Offset and length of the fields that are read. */
const FIELDS = {
  name: [0, 100],
  mode: [100, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  prefix: [345, 155],
} as const;

const latin1 = new TextDecoder("latin1");
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The header block of an entry; the path must have passed `checkEntryPath`. */
export function encodeTarHeader(header: TarHeader): Uint8Array {
  const folder = header.kind === "folder";
  const split = splitTarPath(folder ? `${header.path}/` : header.path);
  if (split === undefined) {
    throw new PackflowError("package.unsafe_entry", `Cannot fit ${quote(header.path)} into a tar header`);
  }
  const block = new Uint8Array(BLOCK);
  const text = (offset: number, value: string) => new TextEncoder().encodeInto(value, block.subarray(offset));
  block.set(split.name, FIELDS.name[0]);
  text(FIELDS.mode[0], octal(header.mode, 7));
  text(108, octal(0, 7)); // user
  text(116, octal(0, 7)); // group
  text(FIELDS.size[0], octal(header.size, 11));
  text(FIELDS.mtime[0], octal(header.mtime, 11));
  text(FIELDS.type[0], folder ? "5" : "0");
  text(257, "ustar\x0000");
  text(329, octal(0, 7)); // device, major and minor
  text(337, octal(0, 7));
  block.set(split.prefix, FIELDS.prefix[0]);
  text(FIELDS.checksum[0], `${octal(checksumOf(block), 6)} `);
  return block;
}

/**
 * Reads a header block. Besides the time, only one spelling of a header is accepted, the one that
 * {@linkcode encodeTarHeader} writes: two readers cannot then see different archives in the same bytes.
 *
 * @param block The header's 512 bytes.
 * @param offset Where they are, for messages.
 * @throws {PackflowError} package.corrupt, package.unsafe_entry
 */
export function decodeTarHeader(block: Uint8Array, offset: number): TarHeader {
  if (field(block, "checksum") !== `${octal(checksumOf(block), 6)} `) {
    throw corrupt(offset, "its checksum must be right");
  }
  const name = decodePath(block, offset);
  const type = field(block, "type");
  if (type !== "0" && type !== "5") {
    const current = TYPE_NAMES.get(type) ?? `unknown type ${quote(type)}`;
    throw new PackflowError(
      "package.unsafe_entry",
      `Cannot accept package entry ${
        quote(name)
      } as its type must be a regular file or a folder: current type is ${current}`,
    );
  }
  const mode = field(block, "mode");
  const header: TarHeader = {
    path: type === "5" && name.endsWith("/") ? name.slice(0, -1) : name,
    kind: type === "5" ? "folder" : "file",
    mode: mode === octal(0o755, 7) ? 0o755 : 0o644,
    size: decodeNumber(block, "size", offset),
    mtime: decodeNumber(block, "mtime", offset),
  };
  if (header.kind === "folder" && header.size !== 0) throw corrupt(offset, "a folder must have the size 0");
  if (!isSpelled(block, header)) {
    throw corrupt(
      offset,
      "it must be spelled as Packflow writes it (plain ustar, mode 0644 or 0755, no owner)",
    );
  }
  return header;
}

function isSpelled(block: Uint8Array, header: TarHeader): boolean {
  if (splitTarPath(header.kind === "folder" ? `${header.path}/` : header.path) === undefined) return false;
  const expected = encodeTarHeader(header);
  return block.every((byte, at) => byte === expected[at]);
}

function decodePath(block: Uint8Array, offset: number): string {
  const bytesOf = (key: "name" | "prefix") => {
    const [start, length] = FIELDS[key];
    const bytes = block.subarray(start, start + length);
    const end = bytes.indexOf(0);
    return end === -1 ? bytes : bytes.subarray(0, end);
  };
  try {
    const prefix = utf8.decode(bytesOf("prefix"));
    const name = utf8.decode(bytesOf("name"));
    return prefix === "" ? name : `${prefix}/${name}`;
  } catch (cause) {
    throw new PackflowError(
      "package.unsafe_entry",
      `Cannot accept package entry at byte ${offset} as its path must be UTF-8`,
      { cause },
    );
  }
}

function decodeNumber(block: Uint8Array, key: "size" | "mtime", offset: number): number {
  const text = field(block, key);
  if (!/^[0-7]{11}\0$/.test(text)) {
    throw corrupt(offset, `its ${key} must be 11 octal digits: current value is ${quote(text)}`);
  }
  return Number.parseInt(text, 8);
}

function field(block: Uint8Array, key: keyof typeof FIELDS): string {
  const [start, length] = FIELDS[key];
  return latin1.decode(block.subarray(start, start + length));
}

function octal(value: number, digits: number): string {
  return `${value.toString(8).padStart(digits, "0")}\0`;
}

/** The sum of a header's bytes, its own field taken as spaces. */
function checksumOf(block: Uint8Array): number {
  const [start, length] = FIELDS.checksum;
  return block.reduce((sum, byte, at) => sum + (at >= start && at < start + length ? 0x20 : byte), 0);
}

function corrupt(offset: number, rule: string): PackflowError {
  return new PackflowError("package.corrupt", `Cannot read package: in the header at byte ${offset} ${rule}`);
}
