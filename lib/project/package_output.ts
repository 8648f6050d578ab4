import type { Entry } from "../archive/entry.ts";
import type { PackageFormat } from "../archive/open_archive.ts";
import { makeOciLayout, type OciAbout } from "../archive/oci_layout.ts";
import { manifestEntry, type PackageManifest } from "../archive/package_manifest.ts";
import { archiveChunks } from "../archive/write_archive.ts";
import { writeOciLayout } from "../archive/write_oci_layout.ts";
import { PackflowError } from "../base/errors.ts";
import type { Manifest } from "../config/manifest.ts";
import { openNewFile } from "../host/byte_streams.ts";
import { createSha256 } from "../host/digest.ts";
import { fileErrorReason } from "../host/file_error.ts";
import { fileInfo, makeFolder, realPath, remove, rename } from "../host/files.ts";
import { basename, dirname, joinPath, resolvePath } from "../host/path.ts";

/** What a package's file or folder comes to. */
export interface PackageDigest {
  /** In bytes. */
  readonly size: number;
  /** Of an archive's bytes, or of the manifest of an OCI image layout: 64 hexadecimal digits in lower case. */
  readonly sha256: string;
}

/** A package that is to be written. */
export interface PackageOutput {
  readonly path: string;
  readonly format: PackageFormat;
  readonly list: PackageManifest;
  readonly entries: readonly Entry[];
  readonly about: OciAbout;
  /** Does everything but writing. */
  readonly dryRun?: boolean;
  /** The SHA-256 it must come to; nothing is written otherwise. */
  readonly expected?: string;
}

/** The format that an output's name tells, tar.gz where it tells none. */
export function formatOfName(output: string | undefined): PackageFormat {
  if (output?.endsWith(".zip") === true) return "zip";
  return output?.endsWith(".oci") === true ? "oci" : "tar.gz";
}

/**
 * Where to write, in a folder whose links are resolved, so that a package in the project knows itself.
 *
 * @param output A file, or a folder to write `{name}-{version}.{format}` into, which a slash at the end says of one that
 * is not there yet; the current folder when left out.
 * @throws {PackflowError} sink.not_writable
 */
export async function outputPath(
  { name, version }: Manifest,
  format: PackageFormat,
  output = ".",
): Promise<string> {
  const target = resolvePath(output);
  try {
    const existing = (await fileInfo(target))?.kind === "link" ? await realPath(target) : target;
    const kind = (await fileInfo(existing))?.kind;
    // A device must not be replaced by a file.
    if (kind === "other") throw new Error("It must be a file or a folder");
    const file = `${name}-${version}.${format}`;
    if (kind === undefined && /[\\/]$/.test(output)) {
      return joinPath(await realPath(dirname(target)), basename(target), file);
    }
    // An OCI image layout is a folder itself.
    const isPlace = kind === "directory" && !(format === "oci" && target.endsWith(".oci"));
    const path = isPlace ? joinPath(target, file) : target;
    return joinPath(await realPath(dirname(path)), basename(path));
  } catch (cause) {
    throw unwritable(target, cause);
  }
}

/**
 * Writes a package whole or not at all: to a temporary place beside its target, then moved there.
 *
 * @throws {PackflowError} check.digest_differs, sink.not_writable, package.*
 */
export async function writePackage(output: PackageOutput): Promise<PackageDigest> {
  try {
    if (output.dryRun !== true) await makeFolder(dirname(output.path));
    return output.format === "oci" ? await writeLayout(output) : await writeArchive(output, output.format);
  } catch (cause) {
    throw cause instanceof PackflowError ? cause : unwritable(output.path, cause);
  }
}

async function writeLayout(output: PackageOutput): Promise<PackageDigest> {
  const layout = await makeOciLayout(output.list, output.about);
  checkExpected(output, layout.sha256);
  if (output.dryRun !== true) {
    await writeOciLayout(output.path, { layout, manifest: output.list, entries: output.entries });
  }
  return { size: layout.size, sha256: layout.sha256 };
}

async function writeArchive(output: PackageOutput, format: "tar.gz" | "zip"): Promise<PackageDigest> {
  const { path, list, entries } = output;
  const chunks = archiveChunks([manifestEntry(list), ...entries], format);
  if (output.dryRun === true) {
    const made = await measure(chunks);
    checkExpected(output, made.sha256);
    return made;
  }
  const temporary = joinPath(dirname(path), `.${crypto.randomUUID()}.tmp`);
  try {
    const file = await openNewFile(temporary);
    const made = await measure(chunks, (chunk) => file.write(chunk)).finally(() => file.close());
    checkExpected(output, made.sha256);
    await rename(temporary, path);
    return made;
  } catch (cause) {
    await remove(temporary).catch(() => {});
    throw cause;
  }
}

/** Size and SHA-256 of what an archive comes to, each piece given to `write` too. */
async function measure(
  chunks: AsyncIterable<Uint8Array>,
  write: (chunk: Uint8Array) => Promise<void> = async () => {},
): Promise<PackageDigest> {
  const hash = createSha256();
  let size = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    size += chunk.length;
    await write(chunk);
  }
  return { size, sha256: hash.hex() };
}

function checkExpected({ expected, format }: PackageOutput, made: string): void {
  if (expected === undefined || expected === made) return;
  throw new PackflowError(
    "check.digest_differs",
    `Cannot confirm the package as its SHA-256 must be ${expected}: current value is ${made}`,
    { remedy: `Compare with packflow diff; the format, here ${format}, and SOURCE_DATE_EPOCH count too` },
  );
}

function unwritable(path: string, cause: unknown): PackflowError {
  return new PackflowError("sink.not_writable", `Cannot write "${path}": ${fileErrorReason(cause)}`, {
    cause,
    place: { file: path },
  });
}
