import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { openSource, type Source } from "../../lib/stream/source.ts";

async function inFolder(run: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function sizesOf(source: Source) {
  const sizes: number[] = [];
  for await (const chunk of source.chunks) sizes.push(chunk.length);
  return sizes;
}

Deno.test("a file is read in chunks, never waits, and knows its size", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a`, new Uint8Array(600_000));
    const source = await openSource(`${folder}/a`);
    deepStrictEqual([source.name, source.mayPause, source.size], [`${folder}/a`, false, 600_000]);
    deepStrictEqual(await sizesOf(source), [262_144, 262_144, 75_712]);
  }));

Deno.test("a file can be read from its middle", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a`, new Uint8Array(1000));
    const source = await openSource(`${folder}/a`, 990);
    deepStrictEqual([source.offset, await sizesOf(source)], [990, [10]]);
  }));

Deno.test("an empty file has no bytes", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a`, new Uint8Array(0));
    deepStrictEqual(await sizesOf(await openSource(`${folder}/a`)), []);
  }));

Deno.test("a reader that stops early lets the file go", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a`, new Uint8Array(600_000));
    const source = await openSource(`${folder}/a`);
    for await (const chunk of source.chunks) {
      strictEqual(chunk.length, 262_144);
      break;
    }
  }));

Deno.test("a file that is missing, or lies under a file, is not found", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a`, "");
    for (const path of [`${folder}/none`, `${folder}/a/b`]) {
      await rejects(openSource(path), {
        code: "source.not_found",
        message: `Cannot read input "${path}" as it must exist`,
      });
    }
  }));

Deno.test("a folder is not readable as input", () =>
  inFolder(async (folder) => {
    await rejects(openSource(folder), {
      code: "source.not_readable",
      message: /it must be a file: it is a folder$/,
    });
  }));

Deno.test("a device has no size and may pause", async () => {
  const source = await openSource("/dev/null");
  deepStrictEqual([source.mayPause, source.size], [true, undefined]);
  deepStrictEqual(await sizesOf(source), []);
});
