import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Entry } from "../../lib/archive/entry.ts";
import {
  makePackageManifest,
  manifestEntry,
  type PackageManifest,
  verifyPackage,
} from "../../lib/archive/package_manifest.ts";
import { readArchive } from "../../lib/archive/read_archive.ts";
import { writeArchive } from "../../lib/archive/write_archive.ts";
import { PackflowError } from "../../lib/base/errors.ts";
import { fc } from "../helpers/fast_check.ts";
import { changed } from "../helpers/raw_tar.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const file = (path: string, text: string, mode: 0o644 | 0o755 = 0o644): Entry => ({
  path,
  mode,
  data: encode(text),
});

const FILES = [
  file("packflow.jsonc", '{ "name": "sample" }\n'),
  file("inference.ts", "export class Backend {}\n"),
  file("bin/tool", "#!/bin/sh\n", 0o755),
  file("empty", ""),
];
const ABOUT = { name: "sample", version: "1.2.3-rc.1+5" };

async function packed(files: readonly Entry[] = FILES): Promise<Entry[]> {
  return [manifestEntry(await makePackageManifest(files, ABOUT)), ...files];
}

/** The package with its manifest's text, or its value, replaced. */
async function withManifest(change: (text: string) => string): Promise<Entry[]> {
  const [manifest, ...files] = await packed();
  assert.ok(manifest);
  return [{ ...manifest, data: encode(change(new TextDecoder().decode(manifest.data))) }, ...files];
}

/** The package with its manifest changed and everything that follows from the change made right again. */
async function forged(change: (manifest: PackageManifest) => PackageManifest): Promise<Entry[]> {
  const manifest = change(await makePackageManifest(FILES, ABOUT));
  return [manifestEntry({ ...manifest, digest: digestByHand(manifest) }), ...FILES];
}

/** The digest written anew from its description, not from the code. */
function digestByHand({ name, version, files }: PackageManifest): string {
  const lines = ["packflow.package/1", `name ${name}`, `version ${version}`];
  for (const { sha256, size, mode, path } of files) lines.push([sha256, size, mode, path].join(" "));
  return `sha256:${hash(encode(lines.map((line) => `${line}\n`).join("")))}`;
}

Deno.test("the manifest lists every file, sorted, with size, mode and SHA-256", async () => {
  const manifest = await makePackageManifest(FILES, ABOUT);
  assert.deepEqual(manifest.files.map(({ path, size, mode }) => [path, size, mode]), [
    ["bin/tool", 10, "0755"],
    ["empty", 0, "0644"],
    ["inference.ts", 24, "0644"],
    ["packflow.jsonc", 21, "0644"],
  ]);
  assert.equal(manifest.files[1]?.sha256, hash(new Uint8Array()));
  assert.equal(manifest.schema, "packflow.package/1");
  assert.equal(manifest.digest, digestByHand(manifest));
});

Deno.test("manifest and digest do not depend on the order of the files", async () => {
  assert.deepEqual(
    await makePackageManifest(FILES.toReversed(), ABOUT),
    await makePackageManifest(FILES, ABOUT),
  );
});

Deno.test("a package verifies after a round through an archive, and its manifest comes back", async () => {
  const entries = readArchive(writeArchive((await packed()).toReversed(), { mtime: 0 }));
  assert.deepEqual(await verifyPackage(entries), await makePackageManifest(FILES, ABOUT));
});

Deno.test("a package with no files but the manifest verifies", async () => {
  assert.deepEqual((await verifyPackage(await packed([]))).files, []);
});

const swap = (from: string, to: string) => (text: string) => text.replace(from, to);
const zero = "0".repeat(64);

/** What is wrong, the package, the code of the refusal. */
const HOSTILE: [string, () => Promise<Entry[]> | Entry[], string][] = [
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
  ["a second manifest", async () => [...await packed(), file("MANIFEST.json", "{}")], "package.unsafe_entry"],
  ["a listed file twice", async () => [...await packed(), file("empty", "")], "package.unsafe_entry"],
  [
    "a listed file in another case",
    async () => [...await packed(), file("EMPTY", "")],
    "package.unsafe_entry",
  ],
  ["a file with an unsafe name", async () => [...await packed(), file("../x", "")], "package.unsafe_entry"],
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
    "package.unlisted_file",
  ],
  [
    "the manifest in its own list",
    () =>
      forged((m) => ({
        ...m,
        files: [{ path: "MANIFEST.json", size: 1, mode: "0644", sha256: zero }, ...m.files],
      })),
    "package.missing_file",
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
    await assert.rejects(async () => verifyPackage(await make()), { name: "PackflowError", code });
  });
}

Deno.test("every flipped bit of the manifest is refused", async () => {
  const [manifest, ...files] = await packed();
  assert.ok(manifest);
  for (let bit = 0; bit < manifest.data.length * 8; bit++) {
    const data = changed(manifest.data, (copy) => copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7)));
    await assert.rejects(
      verifyPackage([{ ...manifest, data }, ...files]),
      { name: "PackflowError" },
      `bit ${bit}`,
    );
  }
});

Deno.test("an archive damaged at random never verifies with other content", async () => {
  const entries = await packed();
  const bytes = writeArchive(entries, { mtime: 0 });
  const expected = await makePackageManifest(FILES, ABOUT);
  const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(damage, async (changes) => {
      const damaged = changed(bytes, (copy) => changes.forEach(([at, value]) => copy[at] = value));
      try {
        assert.deepEqual(await verifyPackage(readArchive(damaged)), expected);
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
    await assert.rejects(verifyPackage([manifest, ...altered]), { code: "package.altered_file" });
  }));
});

Deno.test("makePackageManifest refuses files that no package may hold", async () => {
  const refused = (files: Entry[], about = ABOUT) => makePackageManifest(files, about);
  await assert.rejects(refused([file("../a", "")]), { code: "package.unsafe_entry" });
  await assert.rejects(refused([file("a", ""), file("A", "")]), { code: "package.unsafe_entry" });
  await assert.rejects(refused([file("MANIFEST.json", "")]), { code: "package.unsafe_entry" });
  await assert.rejects(refused([file("manifest.json", "")]), { code: "package.unsafe_entry" });
  await assert.rejects(refused([], { name: "../a", version: "1.0.0" }), { code: "package.invalid_manifest" });
  await assert.rejects(refused([], { name: "a", version: "1.0.0/.." }), { code: "package.invalid_manifest" });
});
