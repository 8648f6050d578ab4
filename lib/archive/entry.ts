import { PackflowError } from "../base/errors.ts";

/** Bytes that can be read again and again, in pieces, without being held. */
export interface Content {
  /** How many bytes there are; the pieces must come to exactly as many. */
  readonly size: number;
  /** The bytes from their start; a piece may be of any length. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** A file of a package. */
export interface Entry {
  /** Relative, forward slashes, Unicode NFC; see {@linkcode checkEntryPath}. */
  readonly path: string;
  /** 0o755 where the file may be executed, else 0o644. */
  readonly mode: 0o644 | 0o755;
  readonly content: Content;
}

/** Bytes in memory as content. */
export function bytesContent(bytes: Uint8Array): Content {
  return {
    size: bytes.length,
    async *chunks() {
      if (bytes.length > 0) yield bytes;
    },
  };
}

/** The most parts a path may have. */
export const MAX_DEPTH = 32;

/** Bytes of a path that the two fields of a ustar header hold. */
export const TAR_NAME_BYTES = 100;
export const TAR_PREFIX_BYTES = 155;

const encoder = new TextEncoder();

// Control characters, line separators and the marks that turn the direction of text: they forge listings.
const FORGING = /[\p{Cc}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/u;
const WINDOWS_FORBIDDEN = /[\\:<>"|?*]/;
const WINDOWS_RESERVED = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])$/i;

/** A name as messages show it: quoted, short, without a character that a terminal would act on. */
export function quote(name: string): string {
  const short = name.length > 120 ? `${name.slice(0, 120)}…` : name;
  const unseen = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;
  return JSON.stringify(short).replace(
    unseen,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Refuses a path that is not safe on every system: what is fine here may climb out of the folder, name a device
 * or fall on another file elsewhere, and a package must mean the same everywhere.
 *
 * @throws {PackflowError} package.unsafe_entry
 */
export function checkEntryPath(path: string, maxDepth = MAX_DEPTH): void {
  const rule = brokenRule(path, Math.min(maxDepth, MAX_DEPTH));
  if (rule === undefined) return;
  throw new PackflowError(
    "package.unsafe_entry",
    `Cannot accept package entry ${quote(path)} as its path must ${rule}`,
  );
}

/** The rule that a path breaks, as the end of a sentence. */
function brokenRule(path: string, maxDepth: number): string | undefined {
  if (path === "") return "not be empty";
  if (!path.isWellFormed()) return "be valid Unicode";
  if (FORGING.test(path)) return "hold no control character";
  if (path.startsWith("/")) return "be relative";
  const forbidden = WINDOWS_FORBIDDEN.exec(path);
  if (forbidden !== null) return `hold no ${quote(forbidden[0])}`;
  if (path !== path.normalize("NFC")) return "be in Unicode form NFC";
  const parts = path.split("/");
  for (const part of parts) {
    const rule = brokenPartRule(part);
    if (rule !== undefined) return rule;
  }
  if (parts.length > maxDepth) return `have at most ${maxDepth} parts: current value is ${parts.length}`;
  if (splitTarPath(path) === undefined) {
    return `fit ${TAR_PREFIX_BYTES} bytes of folders and ${TAR_NAME_BYTES} bytes of name`;
  }
  return undefined;
}

function brokenPartRule(part: string): string | undefined {
  if (part === "") return "have no empty part";
  if (part === "." || part === "..") return `have no part "${part}"`;
  if (/[. ]$/.test(part)) return "have no part that ends in a dot or a space";
  const stem = part.split(".", 1)[0]?.trimEnd() ?? "";
  if (WINDOWS_RESERVED.test(stem)) return `not use ${quote(stem)}, a device name of Windows`;
  return undefined;
}

/**
 * The one way to divide a path between the two fields of a ustar header: all in the name if it fits, else at the
 * first slash that leaves a name that fits. Undefined where there is none; Packflow writes no extensions, as each
 * kind of reader resolves them its own way.
 */
export function splitTarPath(path: string): { prefix: Uint8Array; name: Uint8Array } | undefined {
  const bytes = encoder.encode(path);
  if (bytes.length <= TAR_NAME_BYTES) return { prefix: bytes.subarray(0, 0), name: bytes };
  const slash = bytes.indexOf(0x2f, bytes.length - TAR_NAME_BYTES - 1);
  if (slash < 1 || slash > TAR_PREFIX_BYTES || slash === bytes.length - 1) return undefined;
  return { prefix: bytes.subarray(0, slash), name: bytes.subarray(slash + 1) };
}

/** Compares paths by the bytes of their UTF-8, which no locale changes. */
export function comparePaths(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1);
}

/** What two paths share that fall on one file on some system: case, accents and unseen characters set aside. */
export function collisionKey(path: string): string {
  return path.normalize("NFD").replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .toLowerCase().toUpperCase().normalize("NFD")
    .split("/").map((part) => part.replace(/[. ]+$/, "")).join("/");
}

/** The names of one archive so far, so that no two fall on one file or folder on any system. */
export class EntryNames {
  readonly #known = new Map<string, { path: string; kind: "file" | "folder"; explicit: boolean }>();

  /**
   * Takes in a name and the folders above it.
   *
   * @throws {PackflowError} package.unsafe_entry
   */
  add(path: string, kind: "file" | "folder"): void {
    for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1)) {
      this.#place(path.slice(0, slash), "folder", false);
    }
    this.#place(path, kind, true);
  }

  #place(path: string, kind: "file" | "folder", explicit: boolean): void {
    const key = collisionKey(path);
    const other = this.#known.get(key);
    if (other === undefined) {
      this.#known.set(key, { path, kind, explicit });
    } else if (
      other.path !== path || other.kind !== kind || kind === "file" || (explicit && other.explicit)
    ) {
      throw new PackflowError(
        "package.unsafe_entry",
        `Cannot accept package entry ${quote(path)} as names must differ on every system: ` +
          `it collides with ${quote(other.path)}`,
      );
    } else if (explicit) {
      other.explicit = true;
    }
  }
}
