import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { STORED_FROM } from "../../lib/archive/exact_chunks.ts";
import { runTool, seenByPython } from "../helpers/archive_tools.ts";
import { archive, file } from "../helpers/archives.ts";
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
  const path = `${folder.path}/fixed.zip`;
  await Deno.writeFile(path, await archive(FILES, "zip"));
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

Deno.test("unzip finds the archive whole and extracts the same files", async () => {
  await using made = await written();
  if (await runTool("unzip", ["-q", "-t", made.path]) === undefined) return;
  await runTool("unzip", ["-q", made.path, "-d", `${made.folder}/out`]);
  await checkExtracted(`${made.folder}/out`);
});

Deno.test("a file is stored where deflating does not make it shorter", async () => {
  const noise = crypto.getRandomValues(new Uint8Array(3000));
  const methodOf = async (data: Uint8Array | string) => (await archive([file("a", data)], "zip"))[8];
  assert.deepEqual([await methodOf(""), await methodOf("x"), await methodOf(noise)], [0, 0, 0]);
  assert.equal(await methodOf("x".repeat(50)), 8);
});
