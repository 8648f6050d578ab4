import type { Entry } from "../archive/entry.ts";
import { makePackageManifest, manifestEntry } from "../archive/package_manifest.ts";
import { sha256 } from "../archive/sha256.ts";
import { writeArchive } from "../archive/write_archive.ts";
import { type Diagnostic, DiagnosticsError } from "../base/diagnostic.ts";
import { PackflowError } from "../base/errors.ts";
import { parseBackendReference } from "../config/backend_reference.ts";
import { readManifest } from "../config/read_manifest.ts";
import type { Manifest } from "../config/manifest.ts";
import { fileErrorReason } from "../host/file_error.ts";
import { fileInfo, readFile, realPath, remove, rename, writeFile } from "../host/files.ts";
import { basename, dirname, joinPath, resolvePath } from "../host/path.ts";
import { bundleProject } from "../loader/bundle_project.ts";
import { checkProject } from "./check_project.ts";
import { type CollectedFile, collectFiles, type LeftFile } from "./collect_files.ts";

/** What to package. */
export interface PackageOptions {
  /** The project's folder. */
  readonly folder: string;
  /** File to write, or a folder to write `{name}-{version}.tar.gz` into; the current folder when left out. */
  readonly output?: string;
  /** Does everything but writing the file. */
  readonly dryRun?: boolean;
}

/** A package that was made. */
export interface PackagedProject {
  /** Absolute path of the package. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** Size of the package in bytes. */
  readonly size: number;
  /** SHA-256 of the package's bytes, in hexadecimal. */
  readonly sha256: string;
  /** The digest of the files, "sha256:" and hexadecimal: independent of the compression. */
  readonly digest: string;
  /** The project's files in it. */
  readonly files: readonly CollectedFile[];
  /** What stayed out although the user may expect it in. */
  readonly left: readonly LeftFile[];
  /** What the check of the project warns of. */
  readonly warnings: readonly Diagnostic[];
}

/**
 * Makes a project's package: checks the project, collects its files, writes the archive to a temporary file beside
 * its target, then moves it there. The bytes depend on the files' paths, contents and executable bits alone.
 *
 * @throws {PackflowError} `check.failed` with every error of the check; `project.*`, `package.*`, `check.unsafe_path`;
 * `sink.not_writable`.
 */
export async function packageProject(options: PackageOptions): Promise<PackagedProject> {
  const folder = resolvePath(options.folder);
  const manifest = await readManifest(folder);
  const warnings = await refuseErrors(folder, manifest.name);
  const path = await outputPath(manifest, options.output);
  const { files, left } = await collectFiles(folder, manifest, {
    required: await backendModules(folder, manifest),
    leave: [path],
  });
  const entries = await readEntries(folder, files);
  const list = await makePackageManifest(entries, manifest);
  const bytes = writeArchive([manifestEntry(list), ...entries]);
  if (options.dryRun !== true) await writeWhole(path, bytes);
  return {
    path,
    name: manifest.name,
    version: manifest.version,
    size: bytes.length,
    sha256: await sha256(bytes),
    digest: list.digest,
    files,
    left,
    warnings,
  };
}

async function refuseErrors(folder: string, name: string): Promise<Diagnostic[]> {
  const diagnostics = await checkProject(folder);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return diagnostics;
  const count = `${errors.length} error${errors.length === 1 ? "" : "s"}`;
  const list = errors.map(({ message }) => `  ${message}`).join("\n");
  throw new DiagnosticsError(
    "check.failed",
    `Cannot package "${name}" as it must be valid: it has ${count}:\n${list}`,
    errors,
  );
}

/** The modules that the backend imports: without one of them the package would not load. */
async function backendModules(folder: string, manifest: Manifest): Promise<string[]> {
  const reference = parseBackendReference(manifest.backend);
  if (reference.kind === "builtin") return [];
  return (await bundleProject({ folder, entry: reference.module })).modules;
}

/** Where to write, in a folder whose links are resolved, so that a package in the project knows itself. */
async function outputPath({ name, version }: Manifest, output = "."): Promise<string> {
  const target = resolvePath(output);
  try {
    const existing = (await fileInfo(target))?.kind === "link" ? await realPath(target) : target;
    const kind = (await fileInfo(existing))?.kind;
    // A device must not be replaced by a file.
    if (kind === "other") throw new Error("It must be a file or a folder");
    const path = kind === "directory" ? joinPath(target, `${name}-${version}.tar.gz`) : target;
    return joinPath(await realPath(dirname(path)), basename(path));
  } catch (cause) {
    throw unwritable(target, cause);
  }
}

async function readEntries(folder: string, files: readonly CollectedFile[]): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const { path, mode } of files) {
    try {
      entries.push({ path, mode, data: await readFile(joinPath(folder, path)) });
    } catch (cause) {
      throw new PackflowError("project.unreadable", `Cannot read "${path}": ${fileErrorReason(cause)}`, {
        cause,
        place: { file: path },
      });
    }
  }
  return entries;
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = joinPath(dirname(path), `.${crypto.randomUUID()}.tmp`);
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (cause) {
    await remove(temporary).catch(() => {});
    throw unwritable(path, cause);
  }
}

function unwritable(path: string, cause: unknown): PackflowError {
  return new PackflowError("sink.not_writable", `Cannot write "${path}": ${fileErrorReason(cause)}`, {
    cause,
    place: { file: path },
  });
}
