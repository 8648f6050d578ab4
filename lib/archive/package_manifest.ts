import type { ErrorCode } from "../base/error_codes.ts";
import { PackflowError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import { checkEntryPath, comparePaths, type Entry, EntryNames, quote } from "./entry.ts";
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
 * Lists the files of a package.
 *
 * @param entries All files of the package, in any order.
 * @throws {PackflowError} package.unsafe_entry, package.invalid_manifest
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
      size: entry.data.length,
      mode: modeText(entry),
      sha256: await sha256(entry.data),
    });
  }
  const listed = { schema: SCHEMA, name, version, files } as const;
  checkNameAndVersion(listed);
  return { ...listed, digest: await digestOf(listed) };
}

/** The manifest as a file of the package: JSON in the one form that {@linkcode verifyPackage} accepts. */
export function manifestEntry(manifest: PackageManifest): Entry {
  const { schema, name, version, digest } = manifest;
  const files = manifest.files.map(({ path, size, mode, sha256 }) => ({ path, size, mode, sha256 }));
  const text = `${JSON.stringify({ schema, name, version, files, digest }, null, 2)}\n`;
  return { path: MANIFEST_PATH, mode: 0o644, data: new TextEncoder().encode(text) };
}

/**
 * Checks that a package holds its manifest first and then exactly the files that the manifest lists, unaltered.
 * It shows that nothing was changed by accident; who made the package, only a signature can say.
 *
 * @param entries All entries of the archive, as `readArchive` returns them.
 * @returns The manifest, every word of it checked.
 * @throws {PackflowError} package.not_a_package, package.invalid_manifest, package.unknown_schema,
 * package.digest_mismatch, package.unsafe_entry, package.unlisted_file, package.missing_file, package.altered_file
 */
export async function verifyPackage(entries: readonly Entry[]): Promise<PackageManifest> {
  const [first, ...others] = entries;
  if (first?.path !== MANIFEST_PATH) {
    const current = first === undefined ? "it is empty" : `current value is ${quote(first.path)}`;
    fail("package.not_a_package", `as its first file must be "${MANIFEST_PATH}": ${current}`);
  }
  const manifest = parseManifest(first);
  if (manifest.digest !== await digestOf(manifest)) {
    fail("package.digest_mismatch", `as the digest in "${MANIFEST_PATH}" must be that of its list`);
  }
  checkNames(entries.map((entry) => entry.path));
  const present = new Map(others.map((entry) => [entry.path, entry]));
  const listed = new Set(manifest.files.map((file) => file.path));
  for (const { path } of others) {
    if (!listed.has(path)) {
      fail("package.unlisted_file", `as ${quote(path)} must be listed in "${MANIFEST_PATH}"`);
    }
  }
  for (const file of manifest.files) await checkFile(file, present.get(file.path));
  return manifest;
}

async function checkFile(file: PackagedFile, entry: Entry | undefined): Promise<void> {
  const name = quote(file.path);
  if (entry === undefined) fail("package.missing_file", `as ${name} must be in it: it is listed only`);
  const altered = (what: string, current: string | number) =>
    fail("package.altered_file", `as ${name} must have ${what}: current value is ${current}`);
  if (entry.data.length !== file.size) altered(`${file.size} bytes`, entry.data.length);
  if (modeText(entry) !== file.mode) altered(`the mode ${file.mode}`, modeText(entry));
  const current = await sha256(entry.data);
  if (current !== file.sha256) altered(`the SHA-256 ${file.sha256}`, current);
}

/** The manifest of an entry, refused unless its bytes are those that {@linkcode manifestEntry} would make of it. */
function parseManifest(entry: Entry): PackageManifest {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(entry.data));
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
  const manifest = { schema: SCHEMA, name, version, files: files.map(parseFile), digest } as const;
  checkNameAndVersion(manifest);
  checkOrder(manifest.files);
  const expected = manifestEntry(manifest).data;
  if (expected.length !== entry.data.length || !expected.every((byte, at) => byte === entry.data[at])) {
    fail("package.invalid_manifest", `as "${MANIFEST_PATH}" must be written exactly as Packflow writes it`);
  }
  return manifest;
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

function modeText(entry: Entry): "0644" | "0755" {
  return entry.mode === 0o755 ? "0755" : "0644";
}

function fail(code: ErrorCode, reason: string, cause?: unknown): never {
  throw new PackflowError(code, `Cannot accept package ${reason}`, { cause });
}
