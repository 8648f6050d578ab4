import { PackflowError } from "../base/errors.ts";

/** How much a package may hold. What is left out has its default. */
export interface ArchiveLimits {
  /** Most bytes that one byte of the archive may become; below 1 MiB of content it does not apply. Default 200. */
  readonly ratio?: number;
  /** Most bytes of the archive once inflated, headers included; below 4 GiB. Default 2 GiB. */
  readonly totalSize?: number;
  /** Most files and folders. Default 10,000. */
  readonly entries?: number;
  /** Most parts of a path, at most 32. Default 32. */
  readonly depth?: number;
}

/** Content this small is no bomb, however well it compresses. */
const RATIO_FLOOR = 1024 * 1024;

/** The limits of one archive with the defaults filled in. */
export class Limits {
  readonly ratio: number;
  readonly totalSize: number;
  readonly entries: number;
  readonly depth: number;

  constructor(limits: ArchiveLimits = {}) {
    this.ratio = limits.ratio ?? 200;
    // The size in a gzip trailer has 32 bits.
    this.totalSize = Math.min(limits.totalSize ?? 2 ** 31, 2 ** 32 - 1);
    this.entries = limits.entries ?? 10_000;
    this.depth = limits.depth ?? 32;
  }

  /** @throws {PackflowError} package.too_large */
  checkEntries(count: number): void {
    if (count > this.entries) refuse(`files and folders must be at most ${this.entries}: there are more`);
  }

  /** @throws {PackflowError} package.too_large */
  checkSize(inflated: number): void {
    if (inflated > this.totalSize) {
      refuse(`its content must have at most ${this.totalSize} bytes: current value is at least ${inflated}`);
    }
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
