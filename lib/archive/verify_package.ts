import type { ErrorCode } from "../base/error_codes.ts";
import { PackflowError } from "../base/errors.ts";
import { createSha256 } from "../host/digest.ts";
import type { ArchivedFile } from "./archived_file.ts";
import { quote } from "./entry.ts";
import { LARGEST_MANIFEST } from "./limits.ts";
import {
  modeText,
  type PackagedFile,
  type PackageManifest,
  parsePackageManifest,
} from "./package_manifest.ts";
import { MANIFEST_PATH } from "./write_archive.ts";

/** What is done with a file while it is verified; what it leaves of the bytes is verified all the same. */
export type TakeFile = (file: ArchivedFile) => Promise<void>;

/**
 * Checks that a package holds its manifest first and then exactly the files that the manifest lists, unaltered.
 * It shows that nothing was changed by accident; who made the package, only a signature can say.
 *
 * @param files All files of the archive, as its reader gives them.
 * @param take Is given each file, the manifest too, before it is known whether the package is sound.
 * @returns The manifest, every word of it checked.
 * @throws {PackflowError} package.not_a_package, package.invalid_manifest, package.unknown_schema,
 * package.digest_mismatch, package.unsafe_entry, package.unlisted_file, package.missing_file, package.altered_file
 */
export async function verifyPackage(
  files: AsyncIterable<ArchivedFile>,
  take: TakeFile = async () => {},
): Promise<PackageManifest> {
  let manifest: PackageManifest | undefined;
  const missing = new Map<string, PackagedFile>();
  for await (const file of files) {
    if (manifest === undefined) {
      const bytes = await readManifest(file);
      manifest = await parsePackageManifest(bytes);
      for (const listed of manifest.files) missing.set(listed.path, listed);
      await take({ ...file, chunks: pieces(bytes) });
      continue;
    }
    const listed = missing.get(file.path);
    if (listed === undefined) {
      fail("package.unlisted_file", `as ${quote(file.path)} must be listed in "${MANIFEST_PATH}"`);
    }
    missing.delete(file.path);
    const chunks = verifiedChunks(file, listed);
    await take({ ...file, chunks });
    for await (const _ of chunks); // what was left
  }
  if (manifest === undefined) notFirst("it is empty");
  for (const path of missing.keys()) {
    fail("package.missing_file", `as ${quote(path)} must be in it: it is listed only`);
  }
  return manifest;
}

/**
 * A file's bytes, of which it is known at their end that they are those of the list.
 *
 * @throws {PackflowError} package.altered_file
 */
export async function* verifiedChunks(
  file: ArchivedFile,
  listed: PackagedFile,
): AsyncGenerator<Uint8Array, void, undefined> {
  const altered = (what: string, current: string | number) =>
    fail("package.altered_file", `as ${quote(file.path)} must have ${what}: current value is ${current}`);
  if (file.size !== listed.size) altered(`${listed.size} bytes`, file.size);
  const mode = modeText(file.mode);
  if (mode !== listed.mode) altered(`the mode ${listed.mode}`, mode);
  const hash = createSha256();
  for await (const chunk of file.chunks) {
    hash.update(chunk);
    yield chunk;
  }
  const current = hash.hex();
  if (current !== listed.sha256) altered(`the SHA-256 ${listed.sha256}`, current);
}

async function readManifest(file: ArchivedFile): Promise<Uint8Array> {
  if (file.path !== MANIFEST_PATH) notFirst(`current value is ${quote(file.path)}`);
  if (file.mode !== 0o644) {
    fail("package.altered_file", `as "${MANIFEST_PATH}" must have the mode 0644`);
  }
  if (file.size > LARGEST_MANIFEST) {
    fail("package.too_large", `as "${MANIFEST_PATH}" must have at most ${LARGEST_MANIFEST} bytes`);
  }
  return await joinChunks(file.chunks, file.size);
}

/** The bytes of pieces that come to a known size. */
export async function joinChunks(chunks: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let at = 0;
  for await (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}

function notFirst(current: string): never {
  fail("package.not_a_package", `as its first file must be "${MANIFEST_PATH}": ${current}`);
}

function fail(code: ErrorCode, reason: string): never {
  throw new PackflowError(code, `Cannot accept package ${reason}`);
}
