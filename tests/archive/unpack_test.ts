import assert from "node:assert/strict";
import type { Entry } from "../../lib/archive/entry.ts";
import { makePackageManifest, manifestEntry } from "../../lib/archive/package_manifest.ts";
import { unpackPackage } from "../../lib/archive/unpack.ts";
import { writeArchive } from "../../lib/archive/write_archive.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const FILES: Entry[] = [
  { path: "packflow.jsonc", mode: 0o644, data: encode("{}\n") },
  { path: "a/b/tool.sh", mode: 0o755, data: encode("#!/bin/sh\n") },
  { path: "a/é.txt", mode: 0o644, data: encode("é") },
];

async function packed(): Promise<Entry[]> {
  return [manifestEntry(await makePackageManifest(FILES, { name: "sample", version: "1.0.0" })), ...FILES];
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "packflow-unpack-test-" });
  try {
    await use(folder);
  } finally {
    await Deno.chmod(folder, 0o700);
    await Deno.remove(folder, { recursive: true });
  }
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map((entry) => entry.name).sort();
}

Deno.test("unpackPackage writes every file, with its mode, and nothing else", () =>
  inFolder(async (folder) => {
    const manifest = await unpackPackage(writeArchive(await packed(), { mtime: 0 }), `${folder}/out`);
    assert.equal(manifest.name, "sample");
    assert.deepEqual(namesIn(folder), ["out"]);
    assert.deepEqual(namesIn(`${folder}/out`), ["MANIFEST.json", "a", "packflow.jsonc"]);
    assert.deepEqual(namesIn(`${folder}/out/a`), ["b", "é.txt"]);
    for (const { path, data, mode } of await packed()) {
      assert.deepEqual(await Deno.readFile(`${folder}/out/${path}`), data);
      const bits = (await Deno.stat(`${folder}/out/${path}`)).mode;
      if (bits !== null) assert.equal(bits & 0o100, mode & 0o100, path);
    }
  }));

Deno.test("unpackPackage takes entries that were read before", () =>
  inFolder(async (folder) => {
    await unpackPackage(await packed(), `${folder}/out/`);
    assert.deepEqual(namesIn(folder), ["out"]);
  }));

Deno.test("unpackPackage leaves what exists alone: a folder, an empty one, a file, a link to nowhere", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/full`);
    await Deno.writeTextFile(`${folder}/full/mine`, "mine");
    await Deno.mkdir(`${folder}/empty`);
    await Deno.writeTextFile(`${folder}/file`, "mine");
    await Deno.symlink(`${folder}/nowhere`, `${folder}/link`);
    const before = namesIn(folder);
    for (const name of before) {
      await assert.rejects(unpackPackage(await packed(), `${folder}/${name}`), {
        code: "package.target_exists",
      });
    }
    assert.deepEqual(namesIn(folder), before);
    assert.deepEqual(namesIn(`${folder}/full`), ["mine"]);
    assert.deepEqual(namesIn(`${folder}/empty`), []);
  }));

Deno.test("unpackPackage writes nothing of a package that does not verify", () =>
  inFolder(async (folder) => {
    const good = writeArchive(await packed(), { mtime: 0 });
    const refused: [Uint8Array | Entry[], string][] = [
      [good.subarray(0, -1), "package.corrupt"],
      [new Uint8Array(), "package.not_a_package"],
      [FILES, "package.not_a_package"],
      [(await packed()).slice(0, -1), "package.missing_file"],
      [[...await packed(), { path: "../escape", mode: 0o644, data: encode("x") }], "package.unsafe_entry"],
      [[...await packed(), { path: "x", mode: 0o644, data: encode("x") }], "package.unlisted_file"],
    ];
    for (const [source, code] of refused) {
      await assert.rejects(unpackPackage(source, `${folder}/out`), { name: "PackflowError", code });
      assert.deepEqual(namesIn(folder), [], code);
    }
  }));

Deno.test("unpackPackage says so where the folder above the target is missing or a file, and makes none", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    for (const target of ["missing/out", "file/out"]) {
      await assert.rejects(unpackPackage(await packed(), `${folder}/${target}`), {
        code: "package.unpack_failed",
      });
    }
    assert.deepEqual(namesIn(folder), ["file"]);
  }));

Deno.test("unpackPackage removes what it wrote when a file cannot be written", () =>
  inFolder(async (folder) => {
    const broken = (await packed()).map((entry) => ({ ...entry }));
    const last = broken.at(-1);
    assert.ok(last);
    // Fails in the middle of writing: the data can be read until it has been verified.
    const { data } = last;
    let reads = 0;
    Object.defineProperty(last, "data", { get: () => ++reads > 2 ? assert.fail("disk full") : data });
    await assert.rejects(unpackPackage(broken, `${folder}/out`), {
      code: "package.unpack_failed",
      message: /disk full/,
    });
    assert.deepEqual(namesIn(folder), []);
  }));
