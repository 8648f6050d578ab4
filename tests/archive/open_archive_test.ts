import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type VerifiedPackage, verifyPackageFile } from "../../lib/archive/open_archive.ts";
import { archive, file, FORMATS, packed } from "../helpers/archives.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

const FILES = [
  file("packflow.jsonc", "{}\n"),
  file("a/b/tool.sh", "#!/bin/sh\n", 0o755),
  file("a/large.bin", new Uint8Array(500_000).map((_, at) => Math.imul(at, at))),
];

const altered = { name: "PackflowError", code: "package.altered_file" };

for (const format of FORMATS) {
  const opened = async (folder: string) => {
    const files = await packed(FILES);
    const bytes = await archive(files, format);
    // The name says nothing.
    const path = `${folder}/package.bin`;
    await Deno.writeFile(path, bytes);
    return { files, bytes, path, verified: await verifyPackageFile(path) };
  };

  Deno.test(`a verified ${format} says what it is and gives its files`, async () => {
    await using folder = await tempFolder();
    const { files, bytes, verified } = await opened(folder.path);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    assert.deepEqual([verified.format, verified.size, verified.sha256], [format, bytes.length, sha256]);
    assert.deepEqual(verified.manifest.files.map(({ path }) => path), [
      "a/b/tool.sh",
      "a/large.bin",
      "packflow.jsonc",
    ]);
    for (const { path, data } of files) {
      assert.deepEqual(await verified.read(path), data, path);
      assert.deepEqual(new Uint8Array(await new Response(stream(verified, path)).arrayBuffer()), data, path);
    }
    await assert.rejects(verified.read("a/large.bin", 499_999), { code: "package.too_large" });
    await assert.rejects(verified.read("gone"), { code: "package.missing_file" });
  });

  Deno.test(`a verified ${format} is unpacked whole or in part`, async () => {
    await using folder = await tempFolder();
    const { files, verified } = await opened(folder.path);
    const { digest } = await verified.unpack(`${folder.path}/out`);
    assert.equal(digest, verified.manifest.digest);
    for (const { path, data } of files) {
      assert.deepEqual(new Uint8Array(await Deno.readFile(`${folder.path}/out/${path}`)), data);
    }
    await verified.unpack(`${folder.path}/part`, { only: (path) => path.endsWith(".sh") });
    assert.deepEqual([...Deno.readDirSync(`${folder.path}/part`)].map(({ name }) => name), ["a"]);
    assert.deepEqual([...Deno.readDirSync(`${folder.path}/part/a`)].map(({ name }) => name), ["b"]);
  });

  Deno.test(`a ${format} that is changed after it was verified gives no other bytes`, async () => {
    await using folder = await tempFolder();
    const { path, verified } = await opened(folder.path);
    const other = FILES.map((entry) => entry.path === "packflow.jsonc" ? file(entry.path, "[]\n") : entry);
    await Deno.writeFile(path, await archive(await packed(other), format));
    await assert.rejects(verified.read("packflow.jsonc"), altered);
    await assert.rejects(verified.unpack(`${folder.path}/out`), altered);
    await assert.rejects(verified.unpack(`${folder.path}/out`, { only: () => false }), altered);
    await Deno.writeFile(path, await archive(await packed([]), format));
    await assert.rejects(verified.read("packflow.jsonc"), altered);
    await Deno.truncate(path, 30);
    await assert.rejects(verified.read("packflow.jsonc"), { code: "package.corrupt" });
    await Deno.remove(path);
    await assert.rejects(verified.read("packflow.jsonc"), altered);
    await assert.rejects(verified.unpack(`${folder.path}/out`), { code: "package.unpack_failed" });
    assert.deepEqual([...Deno.readDirSync(folder.path)], []);
  });

  Deno.test(`nothing is written of a ${format} that does not verify`, async () => {
    await using folder = await tempFolder();
    const path = `${folder.path}/package.bin`;
    const good = await packed(FILES);
    for (const files of [FILES, good.slice(0, -1), [...good, file("x", "")]]) {
      await Deno.writeFile(path, await archive(files, format));
      await assert.rejects(verifyPackageFile(path), { name: "PackflowError" });
    }
    await Deno.writeFile(path, await archive(good, format));
    await assert.rejects(verifyPackageFile(path, { entries: 2 }), { code: "package.too_large" });
    assert.deepEqual([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["package.bin"]);
  });
}

function stream(verified: VerifiedPackage, path: string): ReadableStream<Uint8Array> {
  return ReadableStream.from(verified.chunks(path));
}
