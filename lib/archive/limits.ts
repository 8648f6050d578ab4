import { PackflowError } from "../base/errors.ts";
import { quote } from "./entry.ts";

/** How much a package may hold. What is left out has its default. */
export interface ArchiveLimits {
  /** Most bytes of all files together, with a tar's headers. Default 16 GiB. */
  readonly totalSize?: number;
  /** Most bytes of one file; below 8 GiB, which is what a tar can say. Default 8 GiB less one byte. */
  readonly fileSize?: number;
  /** Most bytes that one byte of the archive may become; up to 1 MiB of content it does not apply. Default 200. */
  readonly ratio?: number;
  /** Most files and folders. Default 10,000. */
  readonly entries?: number;
  /** Most parts of a path, at most 32. Default 32. */
  readonly depth?: number;
}

/** Content this small is no bomb, however well it compresses. */
const RATIO_FLOOR = 1024 * 1024;

/** What the 11 octal digits of a tar's size can say. A zip could say more, but formats are to mean the same. */
const LARGEST_FILE = 8 ** 11 - 1;

/** Most bytes of the list of files, which is held in memory. */
export const LARGEST_MANIFEST = 16 * 1024 * 1024;

/** The limits of one archive with the defaults filled in. */
export class Limits {
  readonly totalSize: number;
  readonly fileSize: number;
  readonly ratio: number;
  readonly entries: number;
  readonly depth: number;

  constructor(limits: ArchiveLimits = {}) {
    this.totalSize = limits.totalSize ?? 2 ** 34;
    this.fileSize = Math.min(limits.fileSize ?? LARGEST_FILE, LARGEST_FILE);
    this.ratio = limits.ratio ?? 200;
    this.entries = limits.entries ?? 10_000;
    this.depth = limits.depth ?? 32;
  }

  /** @throws {PackflowError} package.too_large */
  checkEntries(count: number): void {
    if (count > this.entries) refuse(`files and folders must be at most ${this.entries}: there are more`);
  }

  /** @throws {PackflowError} package.too_large */
  checkFile(path: string, size: number): void {
    if (size <= this.fileSize) return;
    refuse(`${quote(path)} must have at most ${this.fileSize} bytes: current value is ${size}`);
  }

  /** @throws {PackflowError} package.too_large */
  checkSize(total: number): void {
    if (total <= this.totalSize) return;
    refuse(`its content must have at most ${this.totalSize} bytes: current value is at least ${total}`);
  }

  /**
   * @param inflated Bytes of content.
   * @param compressed Bytes of the whole archive.
   * @throws {PackflowError} package.too_large
   */
  checkRatio(inflated: number, compressed: number): void {
    if (inflated <= RATIO_FLOOR || inflated <= compressed * this.ratio) return;
    refuse(
      `one byte must not become more than ${this.ratio}: ${compressed} bytes become at least ${inflated}`,
    );
  }
}

function refuse(rule: string): never {
  throw new PackflowError("package.too_large", `Cannot accept package as ${rule}`);
}
