import type { ErrorCode } from "../base/error_codes.ts";
import { PackflowError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import { createSha256 } from "../host/digest.ts";
import { bytesContent, checkEntryPath, comparePaths, type Entry, EntryNames, quote } from "./entry.ts";
import { exactChunks } from "./exact_chunks.ts";
import { sha256 } from "./sha256.ts";
import { MANIFEST_PATH } from "./write_archive.ts";

const SCHEMA = "packflow.package/1";

/** A file as the manifest lists it. */
export interface PackagedFile {
  readonly path: string;
  /** Size in bytes. */
  readonly size: number;
  readonly mode: "0644" | "0755";
  /** SHA-256 of the content, 64 hexadecimal digits in lower case. */
  readonly sha256: string;
}

/** What `MANIFEST.json` of a package says. */
export interface PackageManifest {
  readonly schema: typeof SCHEMA;
  readonly name: string;
  readonly version: string;
  /** Every file of the package but the manifest, in the order of the archive. */
  readonly files: readonly PackagedFile[];
  /**
   * "sha256:" and the SHA-256, in lower-case hexadecimal, of this UTF-8 text, each line ended by one LF:
   * the line `packflow.package/1`, the line `name NAME`, the line `version VERSION`, then for each file, sorted by
   * the bytes of the path's UTF-8, the line `SHA256 SIZE MODE PATH` (size in decimal, one space between fields).
   * Paths hold no line break, so the text can be read in one way only. Neither compression nor times matter.
   */
  readonly digest: string;
}

/**
 * Lists the files of a package; reads each once, without holding it.
 *
 * @param entries All files of the package, in any order.
 * @throws {PackflowError} package.unsafe_entry, package.invalid_manifest, package.content_changed
 */
export async function makePackageManifest(
  entries: readonly Entry[],
  { name, version }: { name: string; version: string },
): Promise<PackageManifest> {
  checkNames([...entries.map((entry) => entry.path), MANIFEST_PATH]);
  const files: PackagedFile[] = [];
  for (const entry of [...entries].sort((a, b) => comparePaths(a.path, b.path))) {
    files.push({
      path: entry.path,
      size: entry.content.size,
      mode: modeText(entry.mode),
      sha256: await sha256Of(entry),
    });
  }
  const listed = { schema: SCHEMA, name, version, files } as const;
  checkNameAndVersion(listed);
  return { ...listed, digest: await digestOf(listed) };
}

/** The manifest as a file of the package: JSON in the one form that {@linkcode parsePackageManifest} accepts. */
export function manifestEntry(manifest: PackageManifest): Entry {
  return { path: MANIFEST_PATH, mode: 0o644, content: bytesContent(manifestBytes(manifest)) };
}

/** The bytes of {@linkcode manifestEntry}. */
export function manifestBytes(manifest: PackageManifest): Uint8Array {
  const { schema, name, version, digest } = manifest;
  const files = manifest.files.map(({ path, size, mode, sha256 }) => ({ path, size, mode, sha256 }));
  const text = `${JSON.stringify({ schema, name, version, files, digest }, null, 2)}\n`;
  return new TextEncoder().encode(text);
}

/**
 * Reads a package's list of files: refused unless its bytes are those that {@linkcode manifestEntry} would make of
 * it, and its digest, order and names right.
 *
 * @throws {PackflowError} package.invalid_manifest, package.unknown_schema, package.digest_mismatch,
 * package.unsafe_entry
 */
export async function parsePackageManifest(bytes: Uint8Array): Promise<PackageManifest> {
  const manifest = parseFields(bytes);
  checkNameAndVersion(manifest);
  checkOrder(manifest.files);
  const expected = manifestBytes(manifest);
  if (expected.length !== bytes.length || !expected.every((byte, at) => byte === bytes[at])) {
    fail("package.invalid_manifest", `as "${MANIFEST_PATH}" must be written exactly as Packflow writes it`);
  }
  if (manifest.digest !== await digestOf(manifest)) {
    fail("package.digest_mismatch", `as the digest in "${MANIFEST_PATH}" must be that of its list`);
  }
  checkNames([...manifest.files.map(({ path }) => path), MANIFEST_PATH]);
  return manifest;
}

function parseFields(bytes: Uint8Array): PackageManifest {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    fail("package.invalid_manifest", `as "${MANIFEST_PATH}" must be JSON`, cause);
  }
  if (!isObject(value)) fail("package.invalid_manifest", `as "${MANIFEST_PATH}" must be an object`);
  if (value["schema"] !== SCHEMA) {
    const current = quote(String(value["schema"]));
    fail(
      "package.unknown_schema",
      `as the schema of "${MANIFEST_PATH}" must be "${SCHEMA}": current value is ${current}`,
    );
  }
  const { name, version, files, digest } = value;
  if (typeof name !== "string" || typeof version !== "string" || typeof digest !== "string") {
    fail("package.invalid_manifest", `as name, version and digest of "${MANIFEST_PATH}" must be strings`);
  }
  if (!Array.isArray(files)) {
    fail("package.invalid_manifest", `as files of "${MANIFEST_PATH}" must be an array`);
  }
  return { schema: SCHEMA, name, version, files: files.map(parseFile), digest };
}

function parseFile(value: unknown, index: number): PackagedFile {
  if (isObject(value)) {
    const { path, size, mode, sha256 } = value;
    if (
      typeof path === "string" && typeof size === "number" && Number.isSafeInteger(size) && size >= 0 &&
      (mode === "0644" || mode === "0755") && typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256)
    ) return { path, size, mode, sha256 };
  }
  fail(
    "package.invalid_manifest",
    `as files[${index}] of "${MANIFEST_PATH}" must have path, size, mode and sha256`,
  );
}

function checkOrder(files: readonly PackagedFile[]): void {
  for (const [index, { path }] of files.entries()) {
    const before = files[index - 1];
    if (before === undefined || comparePaths(before.path, path) < 0) continue;
    fail(
      "package.invalid_manifest",
      `as files of "${MANIFEST_PATH}" must be sorted: ${quote(path)} is out of place`,
    );
  }
}

/** Name and version make a file's name and a line of the digest; the project's schema says more of them. */
function checkNameAndVersion({ name, version }: { name: string; version: string }): void {
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) {
    fail(
      "package.invalid_manifest",
      `as its name must be a letter, then letters, digits, "_" and "-": it is ${quote(name)}`,
    );
  }
  if (!/^[0-9][0-9A-Za-z.+-]*$/.test(version)) {
    fail(
      "package.invalid_manifest",
      `as its version must be a semantic version: current value is ${quote(version)}`,
    );
  }
}

function checkNames(paths: readonly string[]): void {
  const names = new EntryNames();
  for (const path of paths) {
    checkEntryPath(path);
    names.add(path, "file");
  }
}

function digestOf({ name, version, files }: Omit<PackageManifest, "digest">): Promise<string> {
  const lines = files.map((file) => `${file.sha256} ${file.size} ${file.mode} ${file.path}\n`);
  const text = `${SCHEMA}\nname ${name}\nversion ${version}\n${lines.join("")}`;
  return sha256(new TextEncoder().encode(text)).then((hex) => `sha256:${hex}`);
}

async function sha256Of(entry: Entry): Promise<string> {
  const hash = createSha256();
  for await (const chunk of exactChunks(entry)) hash.update(chunk);
  return hash.hex();
}

/** A mode as the manifest writes it. */
export function modeText(mode: 0o644 | 0o755): "0644" | "0755" {
  return mode === 0o755 ? "0755" : "0644";
}

function fail(code: ErrorCode, reason: string, cause?: unknown): never {
  throw new PackflowError(code, `Cannot accept package ${reason}`, { cause });
}
