import { PackflowError } from "../base/errors.ts";
import { createSha256 } from "../host/digest.ts";
import { openRandomReader } from "../host/file_content.ts";
import { resolvePath } from "../host/path.ts";
import type { ArchivedFile } from "./archived_file.ts";
import { type ByteSource, sourceChunks } from "./byte_source.ts";
import { quote } from "./entry.ts";
import { type ArchiveLimits, Limits } from "./limits.ts";
import { manifestBytes, type PackageManifest } from "./package_manifest.ts";
import { archiveFormat, readArchive } from "./read_archive.ts";
import { unpackFiles } from "./unpack.ts";
import { joinChunks, verifiedChunks, verifyPackage } from "./verify_package.ts";
import { type ArchiveFormat, MANIFEST_PATH } from "./write_archive.ts";

/** What a package may be kept in. */
export type PackageFormat = ArchiveFormat | "oci";

/** Most bytes that are read into memory unless the caller says more. */
const READ_LIMIT = 64 * 1024 * 1024;

/**
 * A package that was verified whole: framing, names, sizes, hashes, the digest; `MANIFEST.json` lists exactly its
 * files. Nothing was written. Whatever is read of it later is checked again against that manifest, so that an
 * archive that is changed meanwhile gives errors and never other bytes.
 */
export interface VerifiedPackage {
  readonly format: PackageFormat;
  readonly manifest: PackageManifest;
  /** Bytes of the archive; of an OCI image layout, of all that its manifest names. */
  readonly size: number;
  /** SHA-256 of the archive, or of the manifest of an OCI image layout: 64 hexadecimal digits in lower case. */
  readonly sha256: string;
  /**
   * One file's bytes, `MANIFEST.json` included.
   *
   * @param limit Most bytes that are read; 64 MiB when left out.
   * @throws {PackflowError} package.missing_file, package.too_large, package.altered_file
   */
  read(path: string, limit?: number): Promise<Uint8Array>;
  /** One file's bytes in pieces; only at their end it is known that they are unaltered. Throws as `read` does. */
  chunks(path: string): AsyncIterable<Uint8Array>;
  /**
   * Reads the archive again and checks everything again while writing to a fresh private folder, then moves that
   * into place: whole or not at all.
   *
   * @param folder The folder to make; its parent must exist, it must not.
   * @param options `only`: which files to write; all when left out. All are checked.
   * @throws {PackflowError} package.target_exists, package.unpack_failed, package.altered_file
   */
  unpack(folder: string, options?: UnpackOptions): Promise<{ digest: string }>;
}

/** What to unpack. */
export interface UnpackOptions {
  readonly only?: (path: string) => boolean;
}

/**
 * Verifies a package whole; which container it is, its bytes tell. Runs nothing and writes nothing.
 *
 * @throws {PackflowError} package.*; the host's error where the file cannot be opened or read
 */
export async function verifyPackageFile(path: string, limits: ArchiveLimits = {}): Promise<VerifiedPackage> {
  const absolute = resolvePath(path);
  const checked = new Limits(limits);
  return await withSource(absolute, async (source) => {
    const format = await archiveFormat(source);
    const manifest = await verifyPackage(readArchive(source, format, checked));
    const hash = createSha256();
    for await (const chunk of sourceChunks(source, 0, source.size)) hash.update(chunk);
    const about = { format, manifest, size: source.size, sha256: hash.hex() };
    return new OpenedPackage(about, () => archiveFiles(absolute, format, checked));
  });
}

async function* archiveFiles(
  path: string,
  format: ArchiveFormat,
  limits: Limits,
): AsyncGenerator<ArchivedFile, void, undefined> {
  using source = await openRandomReader(path);
  yield* readArchive(source, format, limits);
}

type About = Pick<VerifiedPackage, "format" | "manifest" | "size" | "sha256">;

/** A package that was verified, whatever it is kept in. */
export class OpenedPackage implements VerifiedPackage {
  readonly format: PackageFormat;
  readonly manifest: PackageManifest;
  readonly size: number;
  readonly sha256: string;
  readonly #files: () => AsyncIterable<ArchivedFile>;

  /** @param files Reads all files of the package again. */
  constructor({ format, manifest, size, sha256 }: About, files: () => AsyncIterable<ArchivedFile>) {
    this.format = format;
    this.manifest = manifest;
    this.size = size;
    this.sha256 = sha256;
    this.#files = files;
  }

  async read(path: string, limit = READ_LIMIT): Promise<Uint8Array> {
    if (path === MANIFEST_PATH) return manifestBytes(this.manifest);
    const { size } = this.#listed(path);
    if (size > limit) {
      throw new PackflowError(
        "package.too_large",
        `Cannot read ${
          quote(path)
        } of the package as it must have at most ${limit} bytes: current value is ${size}`,
      );
    }
    return await joinChunks(this.chunks(path), size);
  }

  async *chunks(path: string): AsyncGenerator<Uint8Array, void, undefined> {
    if (path === MANIFEST_PATH) {
      yield manifestBytes(this.manifest);
      return;
    }
    const listed = this.#listed(path);
    try {
      for await (const file of this.#files()) {
        if (file.path !== path) continue;
        yield* verifiedChunks(file, listed);
        return;
      }
    } catch (cause) {
      throw cause instanceof PackflowError ? cause : changed(path, cause);
    }
    throw changed(path);
  }

  async unpack(folder: string, { only = () => true }: UnpackOptions = {}): Promise<{ digest: string }> {
    await unpackFiles(folder, async (write) => {
      const take = (file: ArchivedFile) => only(file.path) ? write(file) : Promise.resolve();
      const { digest } = await verifyPackage(this.#files(), take);
      if (digest !== this.manifest.digest) throw changed(MANIFEST_PATH);
    });
    return { digest: this.manifest.digest };
  }

  #listed(path: string) {
    const listed = this.manifest.files.find((file) => file.path === path);
    if (listed !== undefined) return listed;
    throw new PackflowError("package.missing_file", `Cannot read ${quote(path)} as the package must hold it`);
  }
}

function changed(path: string, cause?: unknown): PackflowError {
  return new PackflowError(
    "package.altered_file",
    `Cannot read ${quote(path)} as the package must stay as it is: it was changed after it was verified`,
    { cause },
  );
}

async function withSource<T>(path: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  using source = await openRandomReader(path);
  return await use(source);
}
