import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { ArchivedFile } from "../../lib/archive/archived_file.ts";
import {
  makePackageManifest,
  manifestBytes,
  type PackageManifest,
} from "../../lib/archive/package_manifest.ts";
import { type TakeFile, verifyPackage } from "../../lib/archive/verify_package.ts";
import { PackflowError } from "../../lib/base/errors.ts";
import {
  archive,
  entryOf,
  type File,
  file,
  FORMATS,
  packed as packedAs,
  readFiles,
} from "../helpers/archives.ts";
import { fc } from "../helpers/fast_check.ts";
import { changed } from "../helpers/raw_tar.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

const FILES = [
  file("packflow.jsonc", '{ "name": "sample" }\n'),
  file("inference.ts", "export class Backend {}\n"),
  file("bin/tool", "#!/bin/sh\n", 0o755),
  file("empty", ""),
];
const ABOUT = { name: "sample", version: "1.2.3-rc.1+5" };

/** A package of FILES, or of others, its manifest first. */
const packed = (files: readonly File[] = FILES) => packedAs(files, ABOUT);

/** What the manifest of files says. */
const manifestOf = (files: readonly File[]) => makePackageManifest(files.map(entryOf), ABOUT);

/** Verifies files as an archive's reader would give them. */
function verify(files: readonly File[], take?: TakeFile): Promise<PackageManifest> {
  const given = files.map(({ path, mode, data }): ArchivedFile => ({
    path,
    mode,
    size: data.length,
    chunks: entryOf({ path, mode, data }).content.chunks(),
  }));
  return verifyPackage(ReadableStream.from(given), take);
}

/** The package with its manifest's text, or its value, replaced. */
async function withManifest(change: (text: string) => string): Promise<File[]> {
  const [manifest, ...files] = await packed();
  assert.ok(manifest);
  return [{ ...manifest, data: encode(change(new TextDecoder().decode(manifest.data))) }, ...files];
}

/** The package with its manifest changed and everything that follows from the change made right again. */
async function forged(change: (manifest: PackageManifest) => PackageManifest): Promise<File[]> {
  const manifest = change(await manifestOf(FILES));
  const lines = ["packflow.package/1", `name ${manifest.name}`, `version ${manifest.version}`];
  for (const { sha256, size, mode, path } of manifest.files) lines.push([sha256, size, mode, path].join(" "));
  const digest = `sha256:${hash(encode(lines.map((line) => `${line}\n`).join("")))}`;
  return [file("MANIFEST.json", manifestBytes({ ...manifest, digest })), ...FILES];
}

Deno.test("a package verifies after a round through an archive, and its manifest comes back", async () => {
  for (const format of FORMATS) {
    const files = await readFiles(await archive((await packed()).toReversed(), format));
    assert.deepEqual(await verify(files), await manifestOf(FILES));
  }
});

Deno.test("a package with no files but the manifest verifies", async () => {
  assert.deepEqual((await verify(await packed([]))).files, []);
});

Deno.test("each file is given to the caller, and verified though the caller leaves it", async () => {
  const given: string[] = [];
  await verify(await packed(), async ({ path, chunks }) => {
    given.push(path);
    if (path === "inference.ts") { for await (const _ of chunks) break; }
  });
  assert.deepEqual(given, ["MANIFEST.json", ...FILES.map(({ path }) => path)]);
  const altered = (await packed()).map((entry) =>
    entry.path === "inference.ts" ? file(entry.path, "export class Backdoor{}\n") : entry
  );
  await assert.rejects(verify(altered, async () => {}), { code: "package.altered_file" });
});

const swap = (from: string, to: string) => (text: string) => text.replace(from, to);
const zero = "0".repeat(64);

/** What is wrong, the package, the code of the refusal. */
const HOSTILE: [string, () => Promise<File[]> | File[], string][] = [
  ["nothing", () => [], "package.not_a_package"],
  ["no manifest", () => FILES, "package.not_a_package"],
  ["the manifest last", async () => (await packed()).toReversed(), "package.not_a_package"],
  ["a manifest in lower case", () => [file("manifest.json", "{}")], "package.not_a_package"],
  ["a manifest in a folder", () => [file("a/MANIFEST.json", "{}")], "package.not_a_package"],
  ["an empty manifest", () => withManifest(() => ""), "package.invalid_manifest"],
  ["a manifest that is no JSON", () => withManifest(() => "{"), "package.invalid_manifest"],
  ["a manifest that is a list", () => withManifest(() => "[]"), "package.invalid_manifest"],
  ["a manifest that is null", () => withManifest(() => "null"), "package.invalid_manifest"],
  ["an empty object", () => withManifest(() => "{}"), "package.unknown_schema"],
  ["a later schema", () => withManifest(swap("package/1", "package/2")), "package.unknown_schema"],
  ["another schema", () => withManifest(swap("packflow.package/1", "x")), "package.unknown_schema"],
  [
    "a schema that is a number",
    () => withManifest(swap('"packflow.package/1"', "1")),
    "package.unknown_schema",
  ],
  ["another name", () => withManifest(swap('"sample"', '"simple"')), "package.digest_mismatch"],
  [
    "a name with a line break",
    () => withManifest(swap('"sample"', '"a\\nversion 9"')),
    "package.invalid_manifest",
  ],
  ["a name that is a path", () => withManifest(swap('"sample"', '"../a"')), "package.invalid_manifest"],
  ["no name", () => withManifest(swap('  "name": "sample",\n', "")), "package.invalid_manifest"],
  ["another version", () => withManifest(swap("1.2.3", "1.2.4")), "package.digest_mismatch"],
  ["a version with a space", () => withManifest(swap("1.2.3", "1 2")), "package.invalid_manifest"],
  ["another size", () => withManifest(swap('"size": 24', '"size": 25')), "package.digest_mismatch"],
  ["a size of -1", () => withManifest(swap('"size": 24', '"size": -1')), "package.invalid_manifest"],
  ["a size of 1.5", () => withManifest(swap('"size": 24', '"size": 1.5')), "package.invalid_manifest"],
  ["a size that is text", () => withManifest(swap('"size": 24', '"size": "24"')), "package.invalid_manifest"],
  [
    "a size written as 24.0",
    () => withManifest(swap('"size": 24', '"size": 24.0')),
    "package.invalid_manifest",
  ],
  [
    "a SHA-256 in upper case",
    () => withManifest((text) => text.replace(/[0-9a-f]{64}/, (hex) => hex.toUpperCase())),
    "package.invalid_manifest",
  ],
  [
    "a SHA-1 in place of a SHA-256",
    () => withManifest((text) => text.replace(/[0-9a-f]{64}/, "0".repeat(40))),
    "package.invalid_manifest",
  ],
  [
    "another SHA-256",
    () => withManifest((text) => text.replace(/[0-9a-f]{64}/, zero)),
    "package.digest_mismatch",
  ],
  ["another mode", () => withManifest(swap("0755", "0644")), "package.digest_mismatch"],
  ["the mode 4755", () => withManifest(swap("0755", "4755")), "package.invalid_manifest"],
  [
    "another digest",
    () => withManifest((text) => text.replace(/sha256:[0-9a-f]{64}/, `sha256:${zero}`)),
    "package.digest_mismatch",
  ],
  [
    "an empty digest",
    () => withManifest((text) => text.replace(/sha256:[0-9a-f]{64}/, "")),
    "package.digest_mismatch",
  ],
  [
    "no digest",
    () => withManifest((text) => text.replace(/,\n *"digest".*/, "")),
    "package.invalid_manifest",
  ],
  [
    "no files",
    () => withManifest((text) => text.replace(/"files": \[[^\]]*\]/, '"files": null')),
    "package.invalid_manifest",
  ],
  [
    "a file that is null",
    () => withManifest((text) => text.replace(/"files": \[[^\]]*\]/, '"files": [null]')),
    "package.invalid_manifest",
  ],
  ["a key more", () => withManifest(swap('"name"', '"extra": 1,\n  "name"')), "package.invalid_manifest"],
  [
    "a key of a file more",
    () => withManifest(swap('"size": 24', '"size": 24,\n      "x": 1')),
    "package.invalid_manifest",
  ],
  [
    "the prototype as a key",
    () => withManifest(swap('"name"', '"__proto__": {},\n  "name"')),
    "package.invalid_manifest",
  ],
  [
    "a key twice",
    () => withManifest(swap('"name"', '"name": "first",\n  "name"')),
    "package.invalid_manifest",
  ],
  ["CRLF line ends", () => withManifest((text) => text.replaceAll("\n", "\r\n")), "package.invalid_manifest"],
  ["a byte order mark", () => withManifest((text) => `\ufeff${text}`), "package.invalid_manifest"],
  ["no line end at the end", () => withManifest((text) => text.trimEnd()), "package.invalid_manifest"],
  ["an escaped letter", () => withManifest(swap('"sample"', '"\\u0073ample"')), "package.invalid_manifest"],
  [
    "a file that is not listed",
    async () => [...await packed(), file("extra.ts", "x")],
    "package.unlisted_file",
  ],
  [
    "a second manifest",
    async () => [...await packed(), file("MANIFEST.json", "{}")],
    "package.unlisted_file",
  ],
  ["a listed file twice", async () => [...await packed(), file("empty", "")], "package.unlisted_file"],
  [
    "a listed file in another case",
    async () => [...await packed(), file("EMPTY", "")],
    "package.unlisted_file",
  ],
  ["a file with an unsafe name", async () => [...await packed(), file("../x", "")], "package.unlisted_file"],
  [
    "a file renamed",
    async () => (await packed()).map((e) => e.path === "empty" ? { ...e, path: "void" } : e),
    "package.unlisted_file",
  ],
  [
    "a file missing",
    async () => (await packed()).filter((e) => e.path !== "inference.ts"),
    "package.missing_file",
  ],
  [
    "an empty file missing",
    async () => (await packed()).filter((e) => e.path !== "empty"),
    "package.missing_file",
  ],
  [
    "a file emptied",
    async () => (await packed()).map((e) => e.path === "bin/tool" ? { ...e, data: new Uint8Array() } : e),
    "package.altered_file",
  ],
  [
    "a file of the same size altered",
    async () => (await packed()).map((e) => e.path === "bin/tool" ? { ...e, data: encode("#!/bin/zsh") } : e),
    "package.altered_file",
  ],
  [
    "a file made executable",
    async () => (await packed()).map((e) => e.path === "empty" ? { ...e, mode: 0o755 } : e),
    "package.altered_file",
  ],
  [
    "the contents of two files swapped",
    async () =>
      (await packed()).map((e) => e.path === "empty" ? { ...e, data: FILES[0]?.data ?? e.data } : e),
    "package.altered_file",
  ],
  [
    "a list out of order",
    () => forged((m) => ({ ...m, files: m.files.toReversed() })),
    "package.invalid_manifest",
  ],
  [
    "a file listed twice",
    () => forged((m) => ({ ...m, files: m.files.flatMap((f) => [f, f]) })),
    "package.invalid_manifest",
  ],
  [
    "an absolute path in the list",
    () => forged((m) => ({ ...m, files: [{ path: "/etc/passwd", size: 0, mode: "0644", sha256: zero }] })),
    "package.unsafe_entry",
  ],
  [
    "the manifest in its own list",
    () =>
      forged((m) => ({
        ...m,
        files: [{ path: "MANIFEST.json", size: 1, mode: "0644", sha256: zero }, ...m.files],
      })),
    "package.unsafe_entry",
  ],
  [
    "a list without a file",
    () => forged((m) => ({ ...m, files: m.files.slice(1) })),
    "package.unlisted_file",
  ],
  [
    "a list with a file more",
    () => forged((m) => ({ ...m, files: [...m.files, { path: "z", size: 0, mode: "0644", sha256: zero }] })),
    "package.missing_file",
  ],
  [
    "another hash, digest made right",
    () => forged((m) => ({ ...m, files: m.files.map((f) => ({ ...f, sha256: zero })) })),
    "package.altered_file",
  ],
];

for (const [name, make, code] of HOSTILE) {
  Deno.test(`verifyPackage refuses ${name}`, async () => {
    await assert.rejects(async () => verify(await make()), { name: "PackflowError", code });
  });
}

Deno.test("an archive damaged at random never verifies with other content", async () => {
  const bytes = await archive(await packed());
  const expected = await manifestOf(FILES);
  const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(damage, async (changes) => {
      const damaged = changed(bytes, (copy) => changes.forEach(([at, value]) => copy[at] = value));
      try {
        assert.deepEqual(await verify(await readFiles(damaged)), expected);
      } catch (error) {
        assert.ok(error instanceof PackflowError, String(error));
      }
    }),
    { numRuns: 1500 },
  );
});

Deno.test("any change to any file is refused", async () => {
  const [manifest, ...files] = await packed();
  assert.ok(manifest);
  const where = fc.record({
    index: fc.nat(files.length - 1),
    at: fc.nat(30),
    mask: fc.integer({ min: 1, max: 255 }),
  });
  await fc.assert(fc.asyncProperty(where, async ({ index, at, mask }) => {
    const altered = files.map((entry, position) =>
      position !== index ? entry : {
        ...entry,
        data: changed(
          entry.data.length > at ? entry.data : new Uint8Array(at + 1),
          (copy) => copy[at] = (copy[at] ?? 0) ^ mask,
        ),
      }
    );
    await assert.rejects(verify([manifest, ...altered]), { code: "package.altered_file" });
  }));
});
