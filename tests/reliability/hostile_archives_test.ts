/** Archives made to climb out, to mean two things, or to fill memory and disk. */
import assert from "node:assert/strict";
import { deflateRawSync, gzipSync } from "node:zlib";
import { bytesSource } from "../../lib/archive/byte_source.ts";
import { Limits } from "../../lib/archive/limits.ts";
import { verifyPackageFile } from "../../lib/archive/open_archive.ts";
import { archiveFormat, readArchive } from "../../lib/archive/read_archive.ts";
import { PackflowError } from "../../lib/base/errors.ts";
import { archive, type File, file, FORMATS, packed } from "../helpers/archives.ts";
import { figure } from "../helpers/echo_run.ts";
import { changed, END, gzip, join, octal, paxRecord, rawArchive, rawEntry } from "../helpers/raw_tar.ts";
import {
  numbers,
  rawCentral,
  rawEnd,
  rawEnd64,
  rawLocal,
  rawZip,
  type RawZipFile,
} from "../helpers/raw_zip.ts";
import { runModule } from "../helpers/run_module.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

type Case = readonly [name: string, bytes: Uint8Array];

const GOOD = await packed([file("packflow.jsonc", "{}\n"), file("a/b.txt", "text\n".repeat(40))]);
const MANIFEST = GOOD[0] ?? file("MANIFEST.json", "");

/** A package and one entry more, in a format's own terms. */
const inTar = (...entries: Uint8Array[]) =>
  rawArchive(...GOOD.map(({ path, data }) => rawEntry({ name: path }, data)), ...entries);
const inZip = (...files: RawZipFile[]) =>
  rawZip([...GOOD.map(({ path, data }) => ({ name: path, data })), ...files]);

/** Reads an archive to its end, whatever its manifest says. */
async function drain(bytes: Uint8Array): Promise<void> {
  const source = bytesSource(bytes);
  for await (const { chunks } of readArchive(source, await archiveFormat(source), new Limits())) {
    for await (const _ of chunks);
  }
}

/** The reader refuses each for what it is, not for being unlisted. */
const RULE = /^package\.(unsafe_entry|corrupt)$/;

/** Tries to verify and to unpack each archive; counts those that are refused whole and what was written. */
async function attempt(cases: readonly Case[], code = RULE): Promise<string> {
  await using folder = await tempFolder();
  const outside = `${folder.path}/outside`;
  const work = `${outside}/work`;
  await Deno.mkdir(work, { recursive: true });
  let refused = 0;
  for (const [name, bytes] of cases) {
    await assert.rejects(drain(bytes), (error) => {
      assert.ok(error instanceof PackflowError && code.test(error.code), `${name}: ${Deno.inspect(error)}`);
      return true;
    }, name);
    const path = `${work}/package`;
    await Deno.writeFile(path, bytes);
    try {
      await (await verifyPackageFile(path)).unpack(`${work}/out`);
      assert.fail(`accepted: ${name}`);
    } catch (error) {
      assert.ok(error instanceof PackflowError, `${name}: ${Deno.inspect(error)}`);
      assert.match(error.code, /^package\./, name);
      refused++;
    }
    await Deno.remove(path);
    assert.deepEqual([...Deno.readDirSync(work)], [], name);
  }
  assert.deepEqual([...Deno.readDirSync(outside)].map(({ name }) => name), ["work"]);
  return `${refused} of ${cases.length} refused, files written 0, crashes 0`;
}

const NAMES = ["../x", "a/../../x", "/abs", "//srv/x", "C:\\x", "C:/x", "C:x", "\\\\srv\\x", "..\\x", "a:b"]
  .concat([
    "a\0b",
    "n".repeat(300),
    "",
    ".",
    "..",
    "a.",
    "a ",
    "CON.txt",
    "nul",
    "a\nb",
    "e\u0301",
    "\u202eb",
  ]);

/** A tar says a long name in an entry of its own. */
function named(name: string): Uint8Array {
  return name.length <= 100 ? rawEntry({ name }, "x") : rawEntry({ name: "L", type: "L" }, `${name}\0`);
}

Deno.test("A2: names that climb, are devices, or cannot be everywhere", async () => {
  const cases = NAMES.flatMap((name): Case[] => [
    [`tar ${JSON.stringify(name)}`, inTar(named(name))],
    [`zip ${JSON.stringify(name)}`, inZip({ name, data: "x" })],
  ]);
  figure(`A2 ${NAMES.length} names in tar.gz and zip: ${await attempt(cases)}`);
});

const link = (name: string, target: string, type = "2") => rawEntry({ name, type, link: target });
const unix = (name: string, mode: number, data = ""): RawZipFile => ({ name, data, external: mode * 65_536 });

Deno.test("A1, A3: links, devices and everything else that is no plain file", async () => {
  const tars: Case[] = [
    ["symbolic link out", inTar(link("l", "../../outside"))],
    ["symbolic link to /", inTar(link("l", "/"), rawEntry({ name: "l/x" }, "x"))],
    ["symbolic link inside", inTar(link("l", "a"))],
    ["hard link", inTar(link("l", "a/b.txt", "1"))],
    ["hard link out", inTar(link("l", "../outside", "1"))],
    ["two symbolic links and a hard link", inTar(link("p", "."), link("q", "p/.."), link("r", "q/x", "1"))],
    ["link, then file of its name", inTar(link("l", "/tmp/x"), rawEntry({ name: "l" }, "x"))],
    ...["3", "4", "6", "7", "S", "D", "V", "M", "s", "\0"].map((type): Case => [
      `type ${type}`,
      inTar(rawEntry({ name: "n", type })),
    ]),
    ["GNU long name", inTar(rawEntry({ name: "L", type: "L" }, "../x\0"), rawEntry({ name: "n" }))],
    ["GNU long link", inTar(rawEntry({ name: "K", type: "K" }, "/etc\0"), link("n", "x"))],
    ...[["path", "../x"], ["size", "0"], ["linkpath", "/etc"], ["SCHILY.xattr.user.a", "b"]].map((
      [key = "", value = ""],
    ): Case => [
      `PAX ${key}`,
      inTar(rawEntry({ name: "p", type: "x" }, paxRecord(key, value)), rawEntry({ name: "n" }, "x")),
    ]),
    [
      "PAX that hides an entry",
      inTar(
        rawEntry({ name: "p", type: "x" }, paxRecord("size", "1024")),
        rawEntry({ name: "n", size: octal(0) }),
        rawEntry({ name: "hidden" }, "x"),
      ),
    ],
    ["PAX for all", inTar(rawEntry({ name: "g", type: "g" }, paxRecord("path", "x")))],
    ["set-user-id", inTar(rawEntry({ name: "n", mode: "0004755\0" }))],
  ];
  const zips = [0o120777, 0o040755, 0o020644, 0o060644, 0o010644, 0o140644, 0o104755, 0o100666, 0].map((
    mode,
  ): Case => [`zip mode ${mode.toString(8)}`, inZip(unix("n", mode, "/etc/passwd"))]);
  zips.push([
    "zip link, then file through it",
    inZip(unix("l", 0o120777, "/tmp"), { name: "l/x", data: "x" }),
  ]);
  figure(`A1, A3 links, devices and extensions: ${await attempt([...tars, ...zips])}`);
});

Deno.test("A5: names that are one on some system", async () => {
  const pairs = [["d", "d"], ["d", "D"], ["d/x", "d/X"], ["é", "É"], ["straße", "STRASSE"], ["ﬁle", "file"]]
    .concat([["ſ", "s"], ["Σ", "ς"], ["x\u200dy", "xy"], ["f", "f/x"], ["f/x", "f"], ["a/B.txt", "q"]]);
  const cases = pairs.flatMap(([first = "", second = ""]): Case[] => [
    [`tar ${first} ${second}`, inTar(rawEntry({ name: first }), rawEntry({ name: second }))],
    [`zip ${first} ${second}`, inZip({ name: first }, { name: second })],
  ]);
  figure(`A5 ${pairs.length} collisions in tar.gz and zip: ${await attempt(cases)}`);
});

Deno.test("A6: zips that two readers read as two", async () => {
  const good = inZip();
  const withEnd = (end: Parameters<typeof rawZip>[1]) =>
    rawZip(GOOD.map(({ path, data }) => ({ name: path, data })), end);
  const last = (change: RawZipFile) => inZip({ name: "z", data: "x".repeat(50), ...change });
  const listBytes = GOOD.reduce((sum, { path }) => sum + rawCentral({ name: path }).length, 0);
  const offset = good.length - 22 - listBytes;
  const large = (at: number) => rawEnd64({ count: GOOD.length, size: listBytes, offset, at });
  const cases: Case[] = [
    ["two ends", withEnd({ middle: rawEnd({ count: 3, commentLength: 22 }) })],
    ["a comment with an end in it", withEnd({ comment: rawEnd({}) })],
    ["trailing bytes", join(good, numbers([4, 0]))],
    ["leading bytes", join(numbers([4, 0]), good)],
    ["two zips", join(good, good)],
    ["local and listed name", last({ local: { name: "y" } })],
    ["local and listed size", last({ local: { size: 9 } })],
    ["local and listed packed size", last({ local: { packed: 1 } })],
    ["local and listed method", last({ local: { method: 0 } })],
    ["local and listed checksum", last({ local: { crc: 5 } })],
    ["local and listed flags", last({ local: { flags: 0 } })],
    [
      "a data descriptor",
      last({ flags: 0x808, local: { crc: 0, size: 0, packed: 0 }, after: numbers([8, 1], [8, 2]) }),
    ],
    [
      "a data descriptor that lies",
      last({ flags: 0x808, after: numbers([4, 0x08074b50], [4, 1], [4, 1], [4, 1]) }),
    ],
    ["a ZIP64 locator that lies", withEnd({ middle: large(offset), offset: 0xffff_ffff })],
    ["ZIP64 without need", withEnd({ middle: large(offset + listBytes) })],
    ["a count too small", withEnd({ count: GOOD.length - 1, here: GOOD.length - 1 })],
    ["a count too large", withEnd({ count: GOOD.length + 1, here: GOOD.length + 1 })],
    ["an unlisted local file", last({ after: join(rawLocal({ name: "h" })) })],
    [
      "another path in an extra field",
      last({ extra: numbers([2, 0x7075], [2, 6], [1, 1], [4, 0], [1, 97]) }),
    ],
    ["encryption", last({ flags: 0x801 })],
    ["overlap", last({ central: { offset: 0 } })],
    [
      "data behind the deflate",
      last({ raw: join(new Uint8Array(deflateRawSync("x".repeat(50))), numbers([8, 0])) }),
    ],
  ];
  figure(`A6 ambiguous zips: ${await attempt(cases, /^package\.(corrupt|not_a_package)$/)}`);
});

Deno.test("A9: sizes that lie, wrong sums, and cuts at 100 places", async () => {
  const base256 = (first: number) => Uint8Array.of(first, ...new Uint8Array(10), 1);
  const cases: Case[] = [
    ["tar size 2^63", inTar(rawEntry({ name: "n", size: changed(base256(128), (copy) => copy[4] = 128) }))],
    ["tar size -1", inTar(rawEntry({ name: "n", size: new Uint8Array(12).fill(255) }))],
    ["tar size 8 GiB", inTar(rawEntry({ name: "n", size: octal(8 ** 11 - 1) }))],
    ["tar size 0 with data", inTar(rawEntry({ name: "n", size: octal(0) }, "data"))],
    ["zip size 4 GiB", inZip({ name: "n", data: "x", size: 0xffff_fffe })],
    [
      "zip size in ZIP64 of 2^63",
      inZip({
        name: "n",
        size: 0xffff_ffff,
        packed: 0xffff_ffff,
        extra: numbers([2, 1], [2, 16], [8, -(2 ** 63)], [8, -1]),
      }),
    ],
    ["zip size 0 with data", inZip({ name: "n", data: "data", size: 0 })],
    ["zip sum", inZip({ name: "n", data: "data", crc: 1 })],
    ["gzip sum", changed(inTar(), (copy) => copy[copy.length - 8] = 1 ^ (copy[copy.length - 8] ?? 0))],
  ];
  for (const bytes of [await archive(GOOD, "tar.gz"), await archive(GOOD, "zip")]) {
    for (let cut = 0; cut < 50; cut++) {
      cases.push([`cut ${cut}`, bytes.subarray(0, Math.floor(cut * bytes.length / 50))]);
    }
  }
  figure(`A9 sizes, sums and cuts: ${await attempt(cases, /^package\.(corrupt|not_a_package|too_large)$/)}`);
});

Deno.test("A8: bombs stop at the limits, and never come to be large", async () => {
  const zeros = new Uint8Array(64 * 1024 * 1024);
  const flat = gzip(
    join(rawEntry({ name: MANIFEST.path }, MANIFEST.data), rawEntry({ name: "z" }, zeros), END),
  );
  const raw = new Uint8Array(deflateRawSync(zeros));
  const kernel = rawLocal({ name: "k", packed: raw.length, size: zeros.length });
  const many = Array.from({ length: 20_000 }, (_, at) => ({ name: `f${at}`, method: 0 }));
  const cases: Case[] = [
    ["tar 1032:1", flat],
    [
      "tar 1032:1, twice compressed",
      inTar(rawEntry({ name: "inner" }, flat), rawEntry({ name: "z" }, zeros)),
    ],
    ["zip 1032:1", inZip({ name: "z", data: zeros })],
    ["zip that says less", inZip({ name: "z", raw, size: 1000 })],
    ["zip whose files overlap", overlapping(kernel, raw, zeros.length)],
    ["tar of 20,000 empty files", rawArchive(...many.map(({ name }) => rawEntry({ name })))],
    ["zip of 20,000 empty files", rawZip(many)],
    ["tar 65,536 folders deep", rawArchive(...deep(65_536))],
    ["zip 127 folders deep", inZip({ name: "d/".repeat(127) + "f" })],
    [
      "gzip members one behind the other",
      join(...Array.from({ length: 500 }, () => gzip(zeros.subarray(0, 2 ** 20)))),
    ],
    ["a manifest of 64 MiB", gzip(join(rawEntry({ name: "MANIFEST.json" }, zeros), END))],
  ];
  figure(`A8 bombs: ${await attempt(cases, /^package\.(too_large|corrupt|unsafe_entry)$/)}`);
  const large = await archive([file("MANIFEST.json", noise(20_000_000))]);
  figure(`A8 ${await memoryFor([...cases.map(([, bytes]) => bytes), large])}`);
});

/** Verifies archives in a process of its own, none of which may pass, and says how much memory that took at most. */
async function memoryFor(archives: readonly Uint8Array[]): Promise<string> {
  await using folder = await tempFolder();
  const paths = archives.map((_, at) => `${folder.path}/${at}`);
  for (const [at, path] of paths.entries()) await Deno.writeFile(path, archives[at] ?? new Uint8Array());
  const printed = await runModule(`
    import { verifyPackageFile } from "lib/archive/open_archive.ts";
    let refused = 0;
    for (const path of ${JSON.stringify(paths)}) {
      await verifyPackageFile(path).catch((error) => refused += /^package\\./.test(error.code) ? 1 : 0);
    }
    const status = Deno.build.os === "linux" ? Deno.readTextFileSync("/proc/self/status") : "";
    console.log(JSON.stringify({ refused, peak: Number(/^VmHWM:\\s+(\\d+)/m.exec(status)?.[1] ?? 0) / 1024 }));`);
  const { refused, peak } = JSON.parse(printed);
  assert.equal(refused, archives.length);
  assert.ok(peak < 256, `${peak} MiB`);
  return `${refused} bombs in one process: peak ${Math.round(peak)} MiB`;
}

/** Fifield's: a hundred files that are one piece of data. */
function overlapping(kernel: Uint8Array, raw: Uint8Array, size: number): Uint8Array {
  const list = Array.from(
    { length: 100 },
    (_, at) => rawCentral({ name: `k${at}`, packed: raw.length, size }),
  );
  const bytes = join(...list);
  const end = { count: 100, here: 100, size: bytes.length, offset: kernel.length + raw.length };
  return join(kernel, raw, bytes, rawEnd(end));
}

function deep(depth: number): Uint8Array[] {
  const path = "d/".repeat(depth);
  return [rawEntry({ name: "L", type: "L" }, path), rawEntry({ name: path.slice(0, 100), type: "5" })];
}

function noise(length: number): Uint8Array {
  let state = 9;
  return Uint8Array.from({ length }, () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 24);
}

Deno.test("what is only unusual, but means one thing, is accepted", async () => {
  await using folder = await tempFolder();
  const tar = gzipSync(join(...GOOD.map(({ path, data }: File) => rawEntry({ name: path }, data)), END), {
    level: 1,
  });
  const accepted: Case[] = [
    ["tar.gz by another gzip", tar],
    ["zip by another deflate", inZip()],
    ...await Promise.all(FORMATS.map(async (format): Promise<Case> => [format, await archive(GOOD, format)])),
  ];
  for (const [index, [name, bytes]] of accepted.entries()) {
    await Deno.writeFile(`${folder.path}/${index}.bin`, bytes);
    const verified = await verifyPackageFile(`${folder.path}/${index}.bin`);
    await verified.unpack(`${folder.path}/${index}`);
    assert.equal(await Deno.readTextFile(`${folder.path}/${index}/a/b.txt`), "text\n".repeat(40), name);
  }
});
