import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  makePackageManifest,
  manifestBytes,
  manifestEntry,
  modeText,
  type PackageManifest,
  parsePackageManifest,
} from "../../lib/archive/package_manifest.ts";
import { joinChunks } from "../../lib/archive/verify_package.ts";
import { entryOf, type File, file } from "../helpers/archives.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

const FILES = [
  file("packflow.jsonc", '{ "name": "sample" }\n'),
  file("inference.ts", "export class Backend {}\n"),
  file("bin/tool", "#!/bin/sh\n", 0o755),
  file("empty", ""),
];
const ABOUT = { name: "sample", version: "1.2.3-rc.1+5" };

const make = (files: readonly File[], about = ABOUT) => makePackageManifest(files.map(entryOf), about);

/** The digest written anew from its description, not from the code. */
function digestByHand({ name, version, files }: PackageManifest): string {
  const lines = ["packflow.package/1", `name ${name}`, `version ${version}`];
  for (const { sha256, size, mode, path } of files) lines.push([sha256, size, mode, path].join(" "));
  return `sha256:${hash(encode(lines.map((line) => `${line}\n`).join("")))}`;
}

Deno.test("the manifest lists every file, sorted, with size, mode and SHA-256", async () => {
  const manifest = await make(FILES);
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
    await make(FILES.toReversed()),
    await make(FILES),
  );
});

Deno.test("a manifest's bytes read back as the manifest", async () => {
  const manifest = await make(FILES);
  const { path, mode, content } = manifestEntry(manifest);
  assert.deepEqual([path, modeText(mode)], ["MANIFEST.json", "0644"]);
  const bytes = await joinChunks(content.chunks(), content.size);
  assert.deepEqual(bytes, manifestBytes(manifest));
  assert.deepEqual(await parsePackageManifest(bytes), manifest);
});

Deno.test("every flipped bit of a manifest is refused", async () => {
  const bytes = manifestBytes(await make(FILES));
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = bytes.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    await assert.rejects(parsePackageManifest(flipped), { name: "PackflowError" }, `bit ${bit}`);
  }
});

Deno.test("a file that changes while it is listed is an error", async () => {
  const content = { size: 3, chunks: entryOf(file("a", "four")).content.chunks };
  const made = makePackageManifest([{ path: "a", mode: 0o644, content }], ABOUT);
  await assert.rejects(made, { code: "package.content_changed" });
});

Deno.test("makePackageManifest refuses files that no package may hold", async () => {
  const refused = make;
  await assert.rejects(refused([file("../a", "")]), { code: "package.unsafe_entry" });
  await assert.rejects(refused([file("a", ""), file("A", "")]), { code: "package.unsafe_entry" });
  await assert.rejects(refused([file("MANIFEST.json", "")]), { code: "package.unsafe_entry" });
  await assert.rejects(refused([file("manifest.json", "")]), { code: "package.unsafe_entry" });
  await assert.rejects(refused([], { name: "../a", version: "1.0.0" }), { code: "package.invalid_manifest" });
  await assert.rejects(refused([], { name: "a", version: "1.0.0/.." }), { code: "package.invalid_manifest" });
});
