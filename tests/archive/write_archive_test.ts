import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Entry } from "../../lib/archive/entry.ts";
import { readArchive } from "../../lib/archive/read_archive.ts";
import { archiveChunks, writeArchive } from "../../lib/archive/write_archive.ts";
import { fc } from "../helpers/fast_check.ts";
import { join } from "../helpers/raw_tar.ts";

const MTIME = 315_532_800;
const encode = (text: string) => new TextEncoder().encode(text);
const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

const FIXED: readonly Entry[] = [
  { path: "packflow.jsonc", mode: 0o644, data: encode('{ "name": "fixed" }\n') },
  { path: "bin/run.sh", mode: 0o755, data: encode("#!/bin/sh\nexit 0\n") },
  { path: "models/Modèle 日本.onnx", mode: 0o644, data: noise(200_000) },
  { path: "zeros.bin", mode: 0o644, data: new Uint8Array(70_000) },
  { path: `${"folder/".repeat(14)}${"n".repeat(60)}.txt`, mode: 0o644, data: encode("long\n".repeat(3000)) },
  { path: "empty", mode: 0o644, data: new Uint8Array() },
  { path: "MANIFEST.json", mode: 0o644, data: encode("{}\n") },
];

function noise(length: number): Uint8Array<ArrayBuffer> {
  let state = 7;
  return Uint8Array.from({ length }, () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 24);
}

const part = fc.stringMatching(/^[a-z0-9_é日-]{1,12}$/);
const entries = fc.uniqueArray(
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

Deno.test("what is written reads back: names, modes, content, sorted by the bytes of the path", () => {
  fc.assert(
    fc.property(entries, (written) => {
      const byPath = (a: Entry, b: Entry) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));
      assert.deepEqual(readArchive(writeArchive(written, { mtime: MTIME })), [...written].sort(byPath));
    }),
    { numRuns: 150 },
  );
});

Deno.test("the bytes do not depend on the order of the entries", () => {
  const expected = hash(writeArchive(FIXED, { mtime: MTIME }));
  fc.assert(
    fc.property(fc.shuffledSubarray([...FIXED], { minLength: FIXED.length }), (shuffled) => {
      assert.equal(hash(writeArchive(shuffled, { mtime: MTIME })), expected);
    }),
    { numRuns: 10 },
  );
});

Deno.test("the bytes are those of every machine and version: a golden digest", () => {
  // Another digest here is a change of the format: packages made before would no longer be reproducible.
  assert.equal(
    hash(writeArchive(FIXED, { mtime: MTIME })),
    "2ca5481414b257705bd0dba8dfedf1a03ea69b775d817fa211a179e94d77ce2b",
  );
});

Deno.test("the gzip header holds no time, no name and one system", () => {
  assert.deepEqual([...writeArchive([], { mtime: 1 }).subarray(0, 10)], [31, 139, 8, 0, 0, 0, 0, 0, 0, 3]);
});

Deno.test("the manifest comes first, then byte order", () => {
  const paths = ["b", "MANIFEST.json", "B", "é", "a/b", "a-b", "\uff5e", "\u{1f600}"];
  const written = paths.map((path): Entry => ({ path, mode: 0o644, data: new Uint8Array() }));
  // "b" and "B" collide, so each stands alone.
  const order = (list: Entry[]) =>
    readArchive(writeArchive(list, { mtime: MTIME })).map((entry) => entry.path);
  assert.deepEqual(order(written.filter((entry) => entry.path !== "B")), [
    "MANIFEST.json",
    "a-b",
    "a/b",
    "b",
    "é",
    "\uff5e",
    "\u{1f600}",
  ]);
  assert.deepEqual(order(written.filter((entry) => entry.path !== "b")).slice(0, 2), ["MANIFEST.json", "B"]);
});

Deno.test("mode and time change the archive, and only they do", () => {
  const data = encode("x");
  const make = (mode: 0o644 | 0o755, mtime: number) =>
    hash(writeArchive([{ path: "a", mode, data }], { mtime }));
  assert.equal(new Set([make(0o644, 1), make(0o755, 1), make(0o644, 2), make(0o644, 1)]).size, 3);
});

Deno.test("the archive in chunks is the archive", () => {
  assert.deepEqual(join(...archiveChunks(FIXED, { mtime: MTIME })), writeArchive(FIXED, { mtime: MTIME }));
});

Deno.test("the archive stands alone in its buffer", () => {
  const bytes = writeArchive(FIXED, { mtime: MTIME });
  assert.equal(bytes.buffer.byteLength, bytes.length);
});

Deno.test("writeArchive refuses what readers would refuse", () => {
  const entry = (path: string, length = 0): Entry => ({ path, mode: 0o644, data: new Uint8Array(length) });
  const unsafe = { name: "PackflowError", code: "package.unsafe_entry" };
  const tooLarge = { name: "PackflowError", code: "package.too_large" };
  for (const path of ["../a", "/a", "a:b", "", "con", "a".repeat(101), "e\u0301"]) {
    assert.throws(() => writeArchive([entry(path)]), unsafe, path);
  }
  assert.throws(() => writeArchive([entry("a"), entry("A")]), unsafe);
  assert.throws(() => writeArchive([entry("a"), entry("a/b")]), unsafe);
  assert.throws(() => writeArchive([entry("manifest.json"), entry("MANIFEST.json")]), unsafe);
  assert.throws(() => writeArchive([entry("a"), entry("b")], { limits: { entries: 1 } }), tooLarge);
  assert.throws(() => writeArchive([entry("a", 3000)], { limits: { totalSize: 3000 } }), tooLarge);
  assert.throws(() => writeArchive([entry("a", 2_000_000)]), tooLarge);
  const wrongMode: Entry = JSON.parse('{"path": "a", "mode": 511, "data": []}');
  assert.throws(() => writeArchive([wrongMode]), unsafe);
});

Deno.test("entries are left as they were", () => {
  const list = Object.freeze([...FIXED]);
  const before = list.map((entry) => hash(entry.data));
  writeArchive(list, { mtime: MTIME });
  assert.deepEqual(list.map((entry) => hash(entry.data)), before);
});

/** The digest of FIXED's archive as another process makes it, with other surroundings. */
async function digestElsewhere(env: Record<string, string>): Promise<string> {
  const modules = ["../../lib/archive/write_archive.ts", "../../lib/archive/read_archive.ts"]
    .map((path) => JSON.stringify(new URL(path, import.meta.url).href));
  const code = `
    const { writeArchive } = await import(${modules[0]});
    const { readArchive } = await import(${modules[1]});
    const bytes = new Uint8Array(await new Response(Deno.stdin.readable).arrayBuffer());
    await Deno.stdout.write(writeArchive(readArchive(bytes).reverse()));`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", code],
    env: { SOURCE_DATE_EPOCH: "", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(writeArchive(FIXED, { mtime: 1_234_567_890 }));
  await writer.close();
  const { stdout, success } = await child.output();
  assert.ok(success);
  return hash(stdout);
}

Deno.test("another process with another zone, language and folder makes the same bytes", async () => {
  const expected = hash(writeArchive(FIXED, { mtime: MTIME }));
  assert.equal(
    await digestElsewhere({ TZ: "Asia/Kathmandu", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" }),
    expected,
  );
});

Deno.test("SOURCE_DATE_EPOCH sets the time of all files", async () => {
  const expected = hash(writeArchive(FIXED, { mtime: 1_700_000_000 }));
  assert.equal(await digestElsewhere({ SOURCE_DATE_EPOCH: "1700000000" }), expected);
});

/** Runs a tool on the archive; undefined, said aloud, where there is no such tool. */
async function runTool(command: string, args: string[]): Promise<string | undefined> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(command, { args, env: { LC_ALL: "C.UTF-8" } })
      .output();
    assert.ok(success, new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.warn(`skipped: ${command} is not installed`);
    return undefined;
  }
}

async function withArchive(use: (file: string, folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "packflow-archive-" });
  try {
    const file = `${folder}/fixed.tar.gz`;
    await Deno.writeFile(file, writeArchive(FIXED, { mtime: MTIME }));
    await use(file, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("Python's tarfile sees the same names, modes and content", () =>
  withArchive(async (file) => {
    const script = `
import hashlib, json, sys, tarfile
with tarfile.open(sys.argv[1], "r:gz") as tar:
    print(json.dumps([[m.name, m.mode, m.mtime, m.uid, m.uname, m.isreg(),
        hashlib.sha256(tar.extractfile(m).read()).hexdigest()] for m in tar]))`;
    const output = await runTool("python3", ["-c", script, file]);
    if (output === undefined) return;
    const expected = readArchive(await Deno.readFile(file))
      .map(({ path, mode, data }) => [path, mode, MTIME, 0, "", true, hash(data)]);
    assert.deepEqual(JSON.parse(output), expected);
  }));

Deno.test("the system's tar lists and extracts the same files", () =>
  withArchive(async (file, folder) => {
    const list = await runTool("tar", ["--list", "--quoting-style=literal", "--file", file]);
    if (list === undefined) return;
    const expected = readArchive(await Deno.readFile(file));
    assert.deepEqual(list.trimEnd().split("\n"), expected.map((entry) => entry.path));
    await Deno.mkdir(`${folder}/out`);
    await runTool("tar", ["--extract", "--file", file, "--directory", `${folder}/out`]);
    for (const { path, data, mode } of expected) {
      assert.equal(hash(await Deno.readFile(`${folder}/out/${path}`)), hash(data), path);
      assert.equal(((await Deno.stat(`${folder}/out/${path}`)).mode ?? 0) & 0o100, mode & 0o100, path);
    }
  }));

Deno.test("gzip finds the archive whole, and its own compression of it reads the same", () =>
  withArchive(async (file, folder) => {
    if (await runTool("gzip", ["--test", file]) === undefined) return;
    const expected = readArchive(await Deno.readFile(file));
    await runTool("gzip", ["--decompress", file]);
    await runTool("gzip", ["--no-name", "-9", `${folder}/fixed.tar`]);
    assert.deepEqual(readArchive(await Deno.readFile(file)), expected);
  }));
