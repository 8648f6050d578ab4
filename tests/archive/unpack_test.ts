import assert from "node:assert/strict";
import { unpackFiles } from "../../lib/archive/unpack.ts";
import { PackflowError } from "../../lib/base/errors.ts";
import { type File, file } from "../helpers/archives.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

const FILES = [
  file("packflow.jsonc", "{}\n"),
  file("a/b/tool.sh", "#!/bin/sh\n", 0o755),
  file("a/é.txt", "é"),
];

/** Unpacks files, then fails where it is told to. */
function unpack(folder: string, files: readonly File[], failure?: unknown): Promise<void> {
  return unpackFiles(folder, async (write) => {
    for (const { path, mode, data } of files) {
      await write({ path, mode, size: data.length, chunks: ReadableStream.from([data]) });
    }
    if (failure !== undefined) throw failure;
  });
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map((entry) => entry.name).sort();
}

Deno.test("every file is written, with its mode, and nothing else", async () => {
  await using folder = await tempFolder();
  const out = `${folder.path}/out`;
  await unpack(`${out}/`, FILES);
  assert.deepEqual([namesIn(folder.path), namesIn(out)], [["out"], ["a", "packflow.jsonc"]]);
  assert.deepEqual(namesIn(`${out}/a`), ["b", "é.txt"]);
  for (const { path, data, mode } of FILES) {
    assert.deepEqual(new Uint8Array(await Deno.readFile(`${out}/${path}`)), data);
    const bits = (await Deno.stat(`${out}/${path}`)).mode;
    if (bits !== null) assert.equal(bits & 0o100, mode & 0o100, path);
  }
});

Deno.test("what exists is left alone: a folder, an empty one, a file, a link to nowhere", async () => {
  await using folder = await tempFolder();
  await Deno.mkdir(`${folder.path}/full`);
  await Deno.writeTextFile(`${folder.path}/full/mine`, "mine");
  await Deno.mkdir(`${folder.path}/empty`);
  await Deno.writeTextFile(`${folder.path}/file`, "mine");
  await Deno.symlink(`${folder.path}/nowhere`, `${folder.path}/link`);
  const before = namesIn(folder.path);
  for (const name of before) {
    await assert.rejects(unpack(`${folder.path}/${name}`, FILES), { code: "package.target_exists" });
  }
  assert.deepEqual(namesIn(folder.path), before);
  assert.deepEqual([namesIn(`${folder.path}/full`), namesIn(`${folder.path}/empty`)], [["mine"], []]);
});

Deno.test("nothing stays of what turns out to be bad, or cannot be written", async () => {
  await using folder = await tempFolder();
  const out = `${folder.path}/out`;
  const refused = new PackflowError("package.altered_file", "Cannot accept package");
  await assert.rejects(unpack(out, FILES, refused), refused);
  await assert.rejects(unpack(out, FILES, new Error("disk full")), {
    code: "package.unpack_failed",
    message: /disk full/,
  });
  await assert.rejects(unpack(out, [...FILES, ...FILES]), { code: "package.unpack_failed" });
  assert.deepEqual(namesIn(folder.path), []);
});

Deno.test("the folder above must be there, and none is made", async () => {
  await using folder = await tempFolder();
  await Deno.writeTextFile(`${folder.path}/file`, "");
  for (const target of ["missing/out", "file/out"]) {
    const unpacked = unpack(`${folder.path}/${target}`, FILES);
    await assert.rejects(unpacked, { code: "package.unpack_failed" });
  }
  assert.deepEqual(namesIn(folder.path), ["file"]);
});
