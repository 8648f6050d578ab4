import type { PackageFormat } from "../archive/open_archive.ts";
import { makePackageManifest } from "../archive/package_manifest.ts";
import { type Diagnostic, DiagnosticsError } from "../base/diagnostic.ts";
import { PackflowError } from "../base/errors.ts";
import { readManifest } from "../config/read_manifest.ts";
import type { Manifest } from "../config/manifest.ts";
import { basename, resolvePath } from "../host/path.ts";
import { checkProject } from "./check_project.ts";
import type { CollectedFile, LeftFile } from "./collect_files.ts";
import { formatOfName, outputPath, writePackage } from "./package_output.ts";
import { projectEntries } from "./project_entries.ts";

/** What to package. */
export interface PackageOptions {
  /** The project's folder. */
  readonly folder: string;
  /** File to write, or a folder to write `{name}-{version}.{format}` into; the current folder when left out. */
  readonly output?: string;
  /** What the package is kept in; when left out, what the name of `output` tells, else tar.gz. */
  readonly format?: PackageFormat;
  /** Does everything but writing the file. */
  readonly dryRun?: boolean;
  /** The SHA-256 that the package must come to; nothing is written otherwise. */
  readonly expected?: string;
}

/** A package that was made. */
export interface PackagedProject {
  /** Absolute path of the package. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly format: PackageFormat;
  /** Size of the package in bytes. */
  readonly size: number;
  /** SHA-256 of the package's bytes, or of the manifest of an OCI image layout, in hexadecimal. */
  readonly sha256: string;
  /** The digest of the files, "sha256:" and hexadecimal: independent of the compression. */
  readonly digest: string;
  /** The files in it but `MANIFEST.json`: the project's, and those in `.packflow` that were made for it. */
  readonly files: readonly CollectedFile[];
  /** What stayed out, and why. */
  readonly left: readonly LeftFile[];
  /** What the check of the project warns of, and what went in against a pattern. */
  readonly warnings: readonly Diagnostic[];
}

/**
 * Makes a project's package: checks the project, collects its files, writes the archive to a temporary file beside
 * its target, then moves it there. The bytes depend on the files' paths, contents and executable bits alone.
 *
 * @throws {PackflowError} `check.failed` with every error of the check, those of the manifest among them;
 * `project.*`, `package.*`, `check.unsafe_path`, `check.digest_differs`, `sink.not_writable`.
 */
export async function packageProject(options: PackageOptions): Promise<PackagedProject> {
  const folder = resolvePath(options.folder);
  const manifest = await readValidManifest(folder);
  const warnings = await refuseErrors(folder, manifest.name);
  const format = options.format ?? formatOfName(options.output);
  const path = await outputPath(manifest, format, options.output);
  const { entries, own, left } = await projectEntries(folder, manifest, [path, `${path}.sig`]);
  const list = await makePackageManifest(entries, manifest);
  const { description, maintainers: authors, license } = manifest;
  const written = await writePackage({
    ...{
      path,
      format,
      list,
      entries,
      about: { description, authors, ...(license === undefined ? {} : { license }) },
    },
    ...(options.dryRun === undefined ? {} : { dryRun: options.dryRun }),
    ...(options.expected === undefined ? {} : { expected: options.expected }),
  });
  return {
    path,
    format,
    name: manifest.name,
    version: manifest.version,
    ...written,
    digest: list.digest,
    files: entries.map(({ path, mode, content }) => ({ path, mode, size: content.size })),
    left,
    warnings: [...warnings, ...own.flatMap(keptWarning)],
  };
}

/** What is wrong with a manifest is a finding like any other: the same projects fail in the same way as in validate. */
async function readValidManifest(folder: string): Promise<Manifest> {
  try {
    return await readManifest(folder);
  } catch (error) {
    if (!(error instanceof PackflowError) || !error.code.startsWith("manifest.")) throw error;
    await refuseErrors(folder, basename(folder));
    throw error;
  }
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

/** What goes in against a pattern or for all that its name says is worth a word. */
function keptWarning({ path, despite }: CollectedFile): Diagnostic[] {
  if (despite === undefined) return [];
  const message = `Kept "${path}" in as the package needs it, although ${despite}`;
  return [{ severity: "warning", code: "check.kept_in", message, file: path }];
}
