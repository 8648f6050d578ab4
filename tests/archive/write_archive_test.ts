import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Entry } from "../../lib/archive/entry.ts";
import { STORED_FROM } from "../../lib/archive/exact_chunks.ts";
import { archiveChunks, type ArchiveFormat } from "../../lib/archive/write_archive.ts";
import { archive, type File, file, FORMATS, readFiles } from "../helpers/archives.ts";
import { fc } from "../helpers/fast_check.ts";

const MTIME = 315_532_800;
const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

const FIXED: readonly File[] = [
  file("packflow.jsonc", '{ "name": "fixed" }\n'),
  file("bin/run.sh", "#!/bin/sh\nexit 0\n", 0o755),
  file("models/Modèle 日本.onnx", noise(200_000)),
  file("zeros.bin", new Uint8Array(70_000)),
  file(`${"folder/".repeat(14)}${"n".repeat(60)}.txt`, "long\n".repeat(3000)),
  file("empty", ""),
  file("MANIFEST.json", "{}\n"),
];

/** With a file between others that is stored as it is. */
const LARGE: readonly File[] = [...FIXED, file("models/large.bin", noise(STORED_FROM + 77_777))];

function noise(length: number): Uint8Array<ArrayBuffer> {
  let state = 7;
  return Uint8Array.from({ length }, () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 24);
}

/** The files in the order of an archive. */
function ordered(files: readonly File[]): File[] {
  const rank = ({ path }: File) => path === "MANIFEST.json" ? 0 : 1;
  const compare = (a: File, b: File) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));
  return [...files].sort((a, b) => rank(a) - rank(b) || compare(a, b));
}

const part = fc.stringMatching(/^[a-z0-9_é日-]{1,12}$/);
const files = fc.uniqueArray(
  fc.record({
    path: fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => `f-${parts.join("/f-")}.x`),
    mode: fc.constantFrom<0o644 | 0o755>(0o644, 0o755),
    data: fc.oneof(
      fc.uint8Array({ maxLength: 2000 }),
      fc.nat(200_000).map((length) => noise(length)),
      fc.constantFrom(511, 512, 513, 64_000, 65_536).map((length) => new Uint8Array(length)),
    ),
  }, { noNullPrototype: true }),
  { selector: (entry) => entry.path, maxLength: 12 },
);

/**
 * Another digest here is a change of the format: packages made before would no longer be reproducible. Where it is
 * meant, the change belongs in the changelog and docs/package-format.md.
 */
const GOLDEN: Record<ArchiveFormat, [fixed: string, large: string]> = {
  "tar.gz": [
    "403412bfd5b8aeb1b72f43901018d6c60a15ad4beb8ea058d30612c06a46cad0",
    "8d271df1ac4a42fea3ea3c00c41b9bba9c246f6d6e3f1f499b33cee462b98a52",
  ],
  "zip": [
    "f920432487ef2bdce64b99fb091482f05a5f88c05fa39b8f0408edbecf65e653",
    "c3e8d038ac8315d87d8e4ed151561d149300b185daccc60c5903fe4bfe424884",
  ],
};

for (const format of FORMATS) {
  Deno.test(`a ${format} reads back: names, modes, content, sorted by the bytes of the path`, async () => {
    const law = fc.asyncProperty(files, async (written) => {
      assert.deepEqual(await readFiles(await archive(written, format, { mtime: MTIME })), ordered(written));
    });
    await fc.assert(law, { numRuns: 100 });
  });

  Deno.test(`a ${format} with a large file between small ones reads back`, async () => {
    assert.deepEqual(await readFiles(await archive(LARGE, format)), ordered(LARGE));
  });

  Deno.test(`a ${format}'s bytes do not depend on the order of the entries`, async () => {
    const expected = hash(await archive(FIXED, format, { mtime: MTIME }));
    const shuffled = fc.shuffledSubarray([...FIXED], { minLength: FIXED.length });
    const law = fc.asyncProperty(shuffled, async (files) => {
      assert.equal(hash(await archive(files, format, { mtime: MTIME })), expected);
    });
    await fc.assert(law, { numRuns: 10 });
  });

  Deno.test(`a ${format}'s bytes do not depend on how a content is cut`, async () => {
    const whole = await archive(LARGE, format, { mtime: MTIME });
    const cut = (data: Uint8Array, step: number): Entry["content"] => ({
      size: data.length,
      async *chunks() {
        for (let at = 0; at < data.length; at += step) yield data.subarray(at, at + step);
      },
    });
    for (const step of [9973, 65_535, 1_000_003]) {
      const entries = LARGE.map(({ path, mode, data }) => ({ path, mode, content: cut(data, step) }));
      const digest = createHash("sha256");
      for await (const chunk of archiveChunks(entries, format, { mtime: MTIME })) digest.update(chunk);
      assert.equal(digest.digest("hex"), hash(whole), `${step}`);
    }
  });

  Deno.test(`a ${format}'s bytes are those of every machine and version: golden digests`, async () => {
    const make = async (files: readonly File[]) => hash(await archive(files, format, { mtime: MTIME }));
    assert.deepEqual([await make(FIXED), await make(LARGE)], GOLDEN[format]);
  });

  Deno.test(`a ${format} has the manifest first, then byte order`, async () => {
    const paths = ["b", "MANIFEST.json", "é", "a/b", "a-b", "\uff5e", "\u{1f600}"];
    const order = await readFiles(await archive(paths.map((path) => file(path, "")), format));
    const expected = ["MANIFEST.json", "a-b", "a/b", "b", "é", "\uff5e", "\u{1f600}"];
    assert.deepEqual(order.map(({ path }) => path), expected);
  });

  Deno.test(`mode and time change a ${format}, and only they do`, async () => {
    const make = async (mode: 0o644 | 0o755, mtime: number) =>
      hash(await archive([file("a", "x", mode)], format, { mtime: MTIME + mtime }));
    const made = [await make(0o644, 2), await make(0o755, 2), await make(0o644, 4), await make(0o644, 2)];
    assert.equal(new Set(made).size, 3);
  });

  Deno.test(`no ${format} is written that readers would refuse`, async () => {
    const make = (files: File[], limits = {}) => archive(files, format, { limits });
    const of = (path: string, length = 0) => file(path, new Uint8Array(length));
    const unsafe = { name: "PackflowError", code: "package.unsafe_entry" };
    const tooLarge = { name: "PackflowError", code: "package.too_large" };
    for (const path of ["../a", "/a", "a:b", "", "con", "a".repeat(101), "e\u0301"]) {
      await assert.rejects(make([of(path)]), unsafe, path);
    }
    await assert.rejects(make([of("a"), of("A")]), unsafe);
    await assert.rejects(make([of("a"), of("a/b")]), unsafe);
    await assert.rejects(make([of("manifest.json"), of("MANIFEST.json")]), unsafe);
    await assert.rejects(make([of("a"), of("b")], { entries: 1 }), tooLarge);
    await assert.rejects(make([of("a", 3000)], { totalSize: 2999 }), tooLarge);
    await assert.rejects(make([of("a", 3000)], { fileSize: 2999 }), tooLarge);
    await assert.rejects(make([of("a", 2_000_000)]), tooLarge);
    const wrongMode: File = { ...of("a"), mode: JSON.parse("511") };
    await assert.rejects(make([wrongMode]), unsafe);
  });

  Deno.test(`a ${format} is not finished where a file changes while it is written`, async () => {
    for (const size of [1000, STORED_FROM]) {
      for (const [first, second] of [[size - 1, size - 1], [size + 1, size + 1]]) {
        const error = { code: "package.content_changed" };
        await assert.rejects(writeChanging(format, size, [first ?? 0, second ?? 0]), error);
      }
    }
  });
}

/** Writes a file whose first and later readings have other lengths than it says. */
async function writeChanging(format: ArchiveFormat, size: number, lengths: [number, number]): Promise<void> {
  let reads = 0;
  const content = {
    size,
    async *chunks() {
      yield new Uint8Array(lengths[reads++ === 0 ? 0 : 1]);
    },
  };
  for await (const _ of archiveChunks([{ path: "a", mode: 0o644, content }], format));
}

Deno.test("a stored file of a zip with other bytes the second time is an error", async () => {
  let reads = 0;
  const content = {
    size: STORED_FROM,
    async *chunks() {
      yield new Uint8Array(STORED_FROM).fill(reads++);
    },
  };
  await assert.rejects(
    Array.fromAsync(archiveChunks([{ path: "a", mode: 0o644, content }], "zip")),
    { code: "package.content_changed", message: /other bytes/ },
  );
});

Deno.test("the gzip header holds no time, no name and one system", async () => {
  const bytes = await archive([], "tar.gz", { mtime: 1 });
  assert.deepEqual([...bytes.subarray(0, 10)], [31, 139, 8, 0, 0, 0, 0, 0, 0, 3]);
});

/** The digests of FIXED's archives as another process makes them, with other surroundings. */
async function digestsElsewhere(env: Record<string, string>): Promise<unknown> {
  const module = JSON.stringify(new URL("../helpers/archives.ts", import.meta.url).href);
  const code = `
    const { archive, readFiles } = await import(${module});
    const files = await readFiles(new Uint8Array(await new Response(Deno.stdin.readable).arrayBuffer()));
    const digests = [];
    for (const format of ["tar.gz", "zip"]) {
      const bytes = await archive(files.toReversed(), format);
      digests.push(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex());
    }
    console.log(JSON.stringify(digests));`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", code],
    env: { SOURCE_DATE_EPOCH: "", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(await archive(FIXED, "zip", { mtime: 1_234_567_890 }));
  await writer.close();
  const { stdout, success } = await child.output();
  assert.ok(success);
  return JSON.parse(new TextDecoder().decode(stdout));
}

const digestsHere = (mtime: number) =>
  Promise.all(FORMATS.map(async (format) => hash(await archive(FIXED, format, { mtime }))));

Deno.test("another process with another zone, language and folder makes the same bytes", async () => {
  const env = { TZ: "Asia/Kathmandu", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" };
  assert.deepEqual(await digestsElsewhere(env), await digestsHere(MTIME));
});

Deno.test("SOURCE_DATE_EPOCH sets the time of all files", async () => {
  const made = await digestsElsewhere({ SOURCE_DATE_EPOCH: "1700000000" });
  assert.deepEqual(made, await digestsHere(1_700_000_000));
});
