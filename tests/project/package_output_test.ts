import assert from "node:assert/strict";
import { bytesContent } from "../../lib/archive/entry.ts";
import { makePackageManifest } from "../../lib/archive/package_manifest.ts";
import { Manifest } from "../../lib/config/manifest.ts";
import { formatOfName, outputPath, writePackage } from "../../lib/project/package_output.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

const MANIFEST = Manifest.parse({ name: "demo", version: "1.0.0" });

async function outputAt(path: string, format: "tar.gz" | "zip" | "oci") {
  const entries = [{ path: "a", mode: 0o644, content: bytesContent(new Uint8Array(3)) }] as const;
  return { path, format, entries, list: await makePackageManifest(entries, MANIFEST), about: {} };
}

Deno.test("tells the format by the output's name", () => {
  const formats = ["x.zip", "x.oci", "x.tar.gz", "x.tgz", "x", undefined].map(formatOfName);
  assert.deepEqual(formats, ["zip", "oci", "tar.gz", "tar.gz", "tar.gz", "tar.gz"]);
});

Deno.test("takes a folder for the place of a file, but a layout's own folder for the layout", async () => {
  await using temp = await tempFolder();
  await Deno.mkdir(`${temp.path}/there.oci`);
  await Deno.mkdir(`${temp.path}/there`);
  await Deno.symlink("there", `${temp.path}/link`);
  const place = (format: "zip" | "oci", output: string) =>
    outputPath(MANIFEST, format, `${temp.path}/${output}`);
  assert.equal(await place("zip", "there"), `${temp.path}/there/demo-1.0.0.zip`);
  assert.equal(await place("zip", "link"), `${temp.path}/there/demo-1.0.0.zip`);
  assert.equal(await place("oci", "there"), `${temp.path}/there/demo-1.0.0.oci`);
  assert.equal(await place("oci", "there.oci"), `${temp.path}/there.oci`);
  assert.equal(await place("zip", "new"), `${temp.path}/new`);
  assert.equal(await place("oci", "new.oci/"), `${temp.path}/new.oci/demo-1.0.0.oci`);
  assert.equal((await writePackage(await outputAt(await place("zip", "new/"), "zip"))).sha256.length, 64);
  assert.equal((await Deno.stat(`${temp.path}/new/demo-1.0.0.zip`)).isFile, true);
  await assert.rejects(place("zip", "gone/new"), { code: "sink.not_writable" });
  await assert.rejects(outputPath(MANIFEST, "zip", "/dev/null"), { code: "sink.not_writable" });
});

Deno.test("replaces an earlier package only when the new one is whole", async () => {
  await using temp = await tempFolder();
  for (const format of ["tar.gz", "zip"] as const) {
    const path = `${temp.path}/x.${format}`;
    await Deno.writeTextFile(path, "old");
    const output = await outputAt(path, format);
    const failing = {
      size: 3,
      async *chunks() {
        yield new Uint8Array(2);
        throw new Error("The disk is gone");
      },
    };
    const broken = writePackage({ ...output, entries: [{ path: "a", mode: 0o644, content: failing }] });
    await assert.rejects(broken, { code: "sink.not_writable" });
    assert.equal(await Deno.readTextFile(path), "old");
    const made = await writePackage(output);
    assert.equal((await Deno.stat(path)).size, made.size);
  }
  assert.equal((await Array.fromAsync(Deno.readDir(temp.path))).length, 2);
});
