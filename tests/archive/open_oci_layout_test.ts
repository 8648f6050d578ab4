import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { makeOciLayout } from "../../lib/archive/oci_layout.ts";
import { verifyOciLayout } from "../../lib/archive/open_oci_layout.ts";
import { makePackageManifest } from "../../lib/archive/package_manifest.ts";
import { sha256 } from "../../lib/archive/sha256.ts";
import { writeOciLayout } from "../../lib/archive/write_oci_layout.ts";
import { entryOf, file } from "../helpers/archives.ts";
import { rejects } from "../helpers/rejects.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

const FILES = [
  file("a/run.sh", "#!/bin/sh", 0o755),
  file("b.onnx", "weights"),
  file("c.onnx", "weights"),
  file("d", ""),
];

async function writeLayout(folder: string) {
  const entries = FILES.map(entryOf);
  const manifest = await makePackageManifest(entries, { name: "demo", version: "1.0.0" });
  const layout = await makeOciLayout(manifest);
  await writeOciLayout(folder, { layout, manifest, entries });
  return { manifest, layout };
}

// deno-lint-ignore no-explicit-any -- a document that the test itself writes back
type Json = any;

/** Changes the image manifest, and names the changed one in the index. */
async function changeImage(folder: string, change: (image: Json) => void): Promise<void> {
  const index: Json = JSON.parse(await Deno.readTextFile(`${folder}/index.json`));
  const image: Json = JSON.parse(await Deno.readTextFile(blob(folder, index.manifests[0].digest)));
  change(image);
  const bytes = new TextEncoder().encode(JSON.stringify(image));
  const digest = `sha256:${await sha256(bytes)}`;
  await Deno.writeFile(blob(folder, digest), bytes);
  Object.assign(index.manifests[0], { digest, size: bytes.length });
  await Deno.writeTextFile(`${folder}/index.json`, JSON.stringify(index));
}

const blob = (folder: string, digest: string) => `${folder}/blobs/${digest.replace(":", "/")}`;

Deno.test("reads back what was written, and unpacks it", async () => {
  await using temp = await tempFolder();
  const folder = `${temp.path}/x.oci`;
  const { manifest, layout } = await writeLayout(folder);
  const verified = await verifyOciLayout(folder);
  assert.deepEqual(verified.manifest, manifest);
  assert.deepEqual([verified.format, verified.sha256, verified.size], ["oci", layout.sha256, layout.size]);
  assert.equal(new TextDecoder().decode(await verified.read("b.onnx")), "weights");
  await verified.unpack(`${temp.path}/out`);
  assert.equal(await Deno.readTextFile(`${temp.path}/out/c.onnx`), "weights");
  assert.equal(((await Deno.stat(`${temp.path}/out/a/run.sh`)).mode ?? 0) & 0o777, 0o755);
  assert.equal((await Array.fromAsync(Deno.readDir(temp.path))).length, 2);
});

Deno.test("refuses a layout that is altered anywhere", async () => {
  const [, weights] = FILES;
  const changes: Record<string, (folder: string) => Promise<void>> = {
    "package.altered_file": async (folder) =>
      await Deno.writeTextFile(
        blob(folder, `sha256:${await sha256(weights?.data ?? new Uint8Array())}`),
        "WEIGHTS",
      ),
    "package.missing_file": async (folder) =>
      await Deno.remove(blob(folder, `sha256:${await sha256(weights?.data ?? new Uint8Array())}`)),
    "package.not_a_package": (folder) => changeImage(folder, (image) => image.artifactType = "application/x"),
    "package.unlisted_file": (folder) =>
      changeImage(folder, (image) => image.layers[3].annotations["org.cncf.model.filepath"] = "new.onnx"),
    "package.unsafe_entry": (folder) =>
      changeImage(folder, (image) => image.layers[3].annotations["org.cncf.model.filepath"] = "../c.onnx"),
  };
  for (const [code, change] of Object.entries(changes)) {
    await using temp = await tempFolder();
    const folder = `${temp.path}/x.oci`;
    await writeLayout(folder);
    await change(folder);
    await rejects(() => verifyOciLayout(folder), code, /^Cannot /);
  }
});

Deno.test("refuses documents that say more, less or something else", async () => {
  const corrupt: ((folder: string) => Promise<void>)[] = [
    (folder) => Deno.writeTextFile(`${folder}/oci-layout`, '{"imageLayoutVersion": "2.0.0"}'),
    (folder) => Deno.writeTextFile(`${folder}/index.json`, "{"),
    (folder) => Deno.writeTextFile(`${folder}/index.json`, '{"manifests": []}'),
    (folder) => changeImage(folder, (image) => image.layers[1].size = -1),
    (folder) => changeImage(folder, (image) => image.layers[1].digest = "sha256:../../x"),
    (folder) =>
      changeImage(folder, (image) => image.layers[1].mediaType = "application/vnd.cncf.model.code.v1.tar"),
    (folder) =>
      changeImage(folder, (image) => delete image.layers[1].annotations["org.cncf.model.file.metadata+json"]),
    (folder) => changeImage(folder, (image) => image.layers = {}),
    (folder) => changeImage(folder, (image) => image.config = null),
  ];
  for (const change of corrupt) {
    await using temp = await tempFolder();
    const folder = `${temp.path}/x.oci`;
    await writeLayout(folder);
    await change(folder);
    await rejects(() => verifyOciLayout(folder), "package.corrupt", /^Cannot read package as /);
  }
});

Deno.test("refuses layers twice, out of order or left out, and a blob that is a link", async () => {
  const changes: ((folder: string) => Promise<void>)[] = [
    (folder) => changeImage(folder, (image) => image.layers.push(image.layers[1])),
    (folder) => changeImage(folder, (image) => image.layers.reverse()),
    (folder) => changeImage(folder, (image) => image.layers.pop()),
    async (folder) => {
      const path = blob(folder, `sha256:${await sha256(FILES[1]?.data ?? new Uint8Array())}`);
      await Deno.rename(path, `${folder}/elsewhere`);
      await Deno.symlink(`${folder}/elsewhere`, path);
    },
  ];
  for (const change of changes) {
    await using temp = await tempFolder();
    const folder = `${temp.path}/x.oci`;
    await writeLayout(folder);
    await change(folder);
    await assert.rejects(verifyOciLayout(folder), (error) => {
      return error instanceof PackflowError && error.code.startsWith("package.");
    });
  }
});

Deno.test("holds to the limits", async () => {
  await using temp = await tempFolder();
  const folder = `${temp.path}/x.oci`;
  await writeLayout(folder);
  for (const limits of [{ entries: 2 }, { totalSize: 10 }, { fileSize: 3 }]) {
    await rejects(() => verifyOciLayout(folder, limits), "package.too_large", /at most/);
  }
});
