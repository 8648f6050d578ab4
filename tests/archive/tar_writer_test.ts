import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { STORED_FROM } from "../../lib/archive/exact_chunks.ts";
import { runTool, seenByPython } from "../helpers/archive_tools.ts";
import { archive, file, readFiles } from "../helpers/archives.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const FILES = [
  file("MANIFEST.json", "{}\n"),
  file("bin/run.sh", "#!/bin/sh\nexit 0\n", 0o755),
  file("empty", ""),
  file(
    "models/Modèle 日本.onnx",
    Uint8Array.from({ length: STORED_FROM + 5 }, (_, at) => Math.imul(at, at) >> 5),
  ),
  file("zeros.bin", new Uint8Array(70_000)),
];

/** The archive as a file in a folder of its own. */
async function written() {
  const folder = await tempFolder();
  const path = `${folder.path}/fixed.tar.gz`;
  await Deno.writeFile(path, await archive(FILES, "tar.gz"));
  return { folder: folder.path, path, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

async function checkExtracted(folder: string): Promise<void> {
  for (const { path, data, mode } of FILES) {
    assert.equal(hash(await Deno.readFile(`${folder}/${path}`)), hash(data), path);
    assert.equal(((await Deno.stat(`${folder}/${path}`)).mode ?? 0) & 0o100, mode & 0o100, path);
  }
}

Deno.test("Python sees the same names, modes and content", async () => {
  await using made = await written();
  const seen = await seenByPython([made.path]);
  if (seen === undefined) return;
  assert.deepEqual(seen, [FILES.map(({ path, mode, data }) => ({ path, mode, sha256: hash(data) }))]);
});

Deno.test("the system's tar lists and extracts the same files", async () => {
  await using made = await written();
  const list = await runTool("tar", ["--list", "--quoting-style=literal", "--file", made.path]);
  if (list === undefined) return;
  assert.deepEqual(list.trimEnd().split("\n"), FILES.map(({ path }) => path));
  await Deno.mkdir(`${made.folder}/out`);
  await runTool("tar", ["--extract", "--file", made.path, "--directory", `${made.folder}/out`]);
  await checkExtracted(`${made.folder}/out`);
});

Deno.test("gzip finds the archive whole, and its own compression of it reads the same", async () => {
  await using made = await written();
  if (await runTool("gzip", ["--test", made.path]) === undefined) return;
  await runTool("gzip", ["--decompress", made.path]);
  await runTool("gzip", ["--no-name", "-9", `${made.folder}/fixed.tar`]);
  assert.deepEqual(await readFiles(await Deno.readFile(made.path)), FILES);
});
