import { PackflowError } from "../base/errors.ts";
import type { ArchivedFile } from "./archived_file.ts";
import type { ByteSource } from "./byte_source.ts";
import type { Limits } from "./limits.ts";
import { readTarGz } from "./tar_reader.ts";
import type { ArchiveFormat } from "./write_archive.ts";
import { readZip } from "./zip_reader.ts";

/**
 * Which container a package is, told by its first bytes and not by its name.
 *
 * @throws {PackflowError} package.not_a_package
 */
export async function archiveFormat(source: ByteSource): Promise<ArchiveFormat> {
  const [first, second] = await source.read(0, 2);
  if (first === 0x1f && second === 0x8b) return "tar.gz";
  if (first === 0x50 && second === 0x4b) return "zip";
  throw new PackflowError(
    "package.not_a_package",
    "Cannot read package as it must be a gzip or zip file: its first bytes are not those of one",
  );
}

/** The files of an archive, read as if an enemy had written it; see the readers of the formats. */
export function readArchive(
  source: ByteSource,
  format: ArchiveFormat,
  limits: Limits,
): AsyncGenerator<ArchivedFile, void, undefined> {
  return format === "zip" ? readZip(source, limits) : readTarGz(source, limits);
}
