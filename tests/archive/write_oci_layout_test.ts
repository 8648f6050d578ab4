import assert from "node:assert/strict";
import { makeOciLayout } from "../../lib/archive/oci_layout.ts";
import { makePackageManifest } from "../../lib/archive/package_manifest.ts";
import { writeOciLayout } from "../../lib/archive/write_oci_layout.ts";
import { entryOf, file } from "../helpers/archives.ts";
import { rejects } from "../helpers/rejects.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

async function sourceOf(text: string) {
  const entries = [file("a.txt", text), file("b.txt", text)].map(entryOf);
  const manifest = await makePackageManifest(entries, { name: "demo", version: "1.0.0" });
  return { entries, manifest, layout: await makeOciLayout(manifest) };
}

const names = async (folder: string) =>
  (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();

Deno.test("writes equal files once, and replaces an earlier layout whole", async () => {
  await using temp = await tempFolder();
  const folder = `${temp.path}/x.oci`;
  for (const text of ["first", "second"]) {
    await writeOciLayout(folder, await sourceOf(text));
    assert.deepEqual(await names(folder), ["blobs", "index.json", "oci-layout"]);
    // list, configuration, image manifest, and one blob for both files
    assert.equal((await names(`${folder}/blobs/sha256`)).length, 4);
  }
  assert.deepEqual(await names(temp.path), ["x.oci"]);
});

Deno.test("replaces nothing else", async () => {
  await using temp = await tempFolder();
  await Deno.mkdir(`${temp.path}/folder`);
  await Deno.writeTextFile(`${temp.path}/file`, "");
  for (const name of ["folder", "file"]) {
    const write = async () => await writeOciLayout(`${temp.path}/${name}`, await sourceOf("x"));
    await rejects(write, "package.target_exists", /only another layout is replaced/);
  }
  assert.deepEqual(await names(temp.path), ["file", "folder"]);
});

Deno.test("leaves nothing behind when a file changes meanwhile", async () => {
  await using temp = await tempFolder();
  const source = await sourceOf("before");
  const entries = [file("a.txt", "before"), file("b.txt", "AFTER!")].map(entryOf);
  const manifest = {
    ...source.manifest,
    files: source.manifest.files.map((each) => ({
      ...each,
      sha256: each.path === "b.txt" ? "0".repeat(64) : each.sha256,
    })),
  };
  await rejects(
    () => writeOciLayout(`${temp.path}/x.oci`, { ...source, manifest, entries }),
    "package.content_changed",
    /"b.txt"/,
  );
  assert.deepEqual(await names(temp.path), []);
});
