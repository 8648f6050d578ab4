import assert from "node:assert/strict";
import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import { PackflowError } from "../../lib/base/errors.ts";
import { archive, file, readFiles } from "../helpers/archives.ts";
import { changed, join } from "../helpers/raw_tar.ts";
import {
  numbers,
  rawCentral,
  rawEnd,
  rawEnd64,
  rawLocal,
  rawZip,
  type RawZipEnd,
  type RawZipFile,
} from "../helpers/raw_zip.ts";

const UNSAFE = "package.unsafe_entry";
const CORRUPT = "package.corrupt";
const encode = (text: string) => new TextEncoder().encode(text);
const one: RawZipFile = { data: "the data of a file" };
const two: RawZipFile[] = [one, { name: "second", data: "more" }];
const plain = rawZip([one]);

/** A zip of one file, with fields changed. */
const only = (change: RawZipFile): Uint8Array => rawZip([{ ...one, ...change }]);
const ended = (end: RawZipEnd): Uint8Array => rawZip([one], end);
const mode = (bits: number) => only({ external: bits * 65_536 });

const FRAMES: [string, Uint8Array][] = [
  ["only its first bytes", encode("PK")],
  ["a local header alone", rawLocal({})],
  ["a byte behind the end", ended({ after: new Uint8Array(1) })],
  ["zeros behind the end", ended({ after: new Uint8Array(512) })],
  ["itself twice", join(plain, plain)],
  ["another zip behind it", join(plain, rawZip(two))],
  ["another zip before it", join(rawZip(two), plain)],
  ["another zip before it, offsets made right", ended({ before: rawZip(two) })],
  ["bytes before it", join(encode("PK!!"), plain)],
  ["bytes before it, offsets made right", ended({ before: encode("PK!!") })],
  ["a comment", ended({ comment: encode("a comment") })],
  ["a comment that is an end", ended({ comment: rawEnd({}) })],
  ["a comment of which nothing comes", ended({ commentLength: 9 })],
  ["two ends", ended({ middle: rawEnd({ count: 1, commentLength: 22 }) })],
  [
    "an end in the file's data that claims the rest",
    only({
      method: 0,
      data: rawEnd({ commentLength: rawCentral({}).length + 22 }),
    }),
  ],
  ["bytes between list and end", ended({ middle: encode("PK!!") })],
  ["no list", ended({ count: 0, here: 0, size: 0 })],
  ["one file too few in the end", rawZip(two, { count: 1, here: 1 })],
  ["one file too many in the end", rawZip(two, { count: 3, here: 3 })],
  ["two counts that differ", rawZip(two, { here: 1 })],
  ["65,535 files and no ZIP64", ended({ count: 65_535, here: 65_535 })],
  ["a disk number", ended({ disk: 1 })],
  ["a list on another disk", ended({ listDisk: 1 })],
  ["a list one byte early", ended({ offset: plain.length - rawCentral({}).length - 23 })],
  ["a list behind the end", ended({ offset: 100_000 })],
  ["a list at 2^32 - 1", ended({ offset: 0xffff_ffff })],
  ["a list one byte short", ended({ size: rawCentral({}).length - 1 })],
  ["a list of 4 GiB", ended({ size: 0xffff_fffe })],
  ["another signature of the end", ended({ signature: 0x06054b51 })],
  ["ZIP64 that nothing needs", ended({ middle: end64(plain) })],
  ["ZIP64 in place of what fits", ended({ middle: end64(plain), count: 65_535, here: 65_535 })],
  ["a ZIP64 locator that leads elsewhere", ended({ middle: end64(plain, 7), offset: 0xffff_ffff })],
  ["a ZIP64 locator without its record", ended({ middle: end64(plain).subarray(56), size: 0xffff_ffff })],
  ["a spanning marker", join(encode("PK\x07\x08"), plain)],
];

/** The ZIP64 records of a zip with one file, their place wrong by `off`. */
function end64(zip: Uint8Array, off = 0): Uint8Array {
  const size = rawCentral({}).length;
  const offset = zip.length - 22 - size;
  return rawEnd64({ count: 1, size, offset, at: offset + size + off });
}

const HEADERS: [string, Uint8Array][] = ([
  ["another name", { name: "other.txt" }],
  ["a name of the same length", { name: "fil3.txt" }],
  ["another size", { size: 17 }],
  ["another packed size", { packed: 3 }],
  ["another method", { method: 0 }],
  ["another checksum", { crc: 1 }],
  ["another time", { time: 0x5a21_0000 }],
  ["another version", { version: 10 }],
  ["other flags", { flags: 0 }],
  ["an extra field", { extra: numbers([2, 0xcafe], [2, 0]) }],
  ["another signature", { signature: 0x05034b50 }],
  ["sizes of 0 and a descriptor's flag", { crc: 0, size: 0, packed: 0, flags: 0x0808 }],
] as [string, RawZipFile][]).flatMap(([name, change]): [string, Uint8Array][] => [
  [`${name} in front of the file than in the list`, only({ local: change })],
  [`${name} in the list than in front of the file`, only({ central: change })],
]);

const FIELDS: [string, Uint8Array][] = [
  [
    "a descriptor behind the data",
    only({
      flags: 0x0808,
      local: { crc: 0, size: 0, packed: 0 },
      after: numbers([4, 0x08074b50], [4, 1], [4, 2], [4, 3]),
    }),
  ],
  ["encryption", only({ flags: 0x0801 })],
  ["strong encryption", only({ flags: 0x0841 })],
  ["masked headers", only({ flags: 0x2800 })],
  ["names of an old code page", only({ flags: 0 })],
  ["an unknown flag", only({ flags: 0x8800 })],
  ...[1, 6, 9, 12, 14, 93, 95, 98, 99].map((method): [string, Uint8Array] => [
    `the method ${method}`,
    only({ method }),
  ]),
  ["an extra field", only({ extra: numbers([2, 0x5455], [2, 5], [1, 1], [4, 0]) })],
  ["another name in an extra field", only({ extra: numbers([2, 0x7075], [2, 6], [1, 1], [4, 0], [1, 97]) })],
  ["an empty extra field", only({ extra: numbers([2, 0], [2, 0]) })],
  ["ZIP64 that no size needs", only({ extra: numbers([2, 1], [2, 16], [8, 18], [8, 18]) })],
  [
    "sizes in ZIP64 that would fit",
    only({
      size: 0xffff_ffff,
      packed: 0xffff_ffff,
      extra: numbers([2, 1], [2, 16], [8, 18], [8, 20]),
    }),
  ],
  ["sizes that stand in no ZIP64", only({ size: 0xffff_ffff, packed: 0xffff_ffff })],
  [
    "a size of 2^63 in ZIP64",
    only({
      size: 0xffff_ffff,
      packed: 0xffff_ffff,
      extra: numbers([2, 1], [2, 16], [8, -(2 ** 63)], [8, 20]),
    }),
  ],
  ["a comment of a file", only({ central: { comment: "note" } })],
  ["a disk number of a file", only({ central: { disk: 1 } })],
  ["internal attributes", only({ internal: 1 })],
  ["another maker", only({ madeBy: 20 })],
  ["version 63", only({ version: 63 })],
  ["a mode of 0666", mode(0o100666)],
  ["a mode of 4755", mode(0o104755)],
  ["no type of file", mode(0o644)],
  ["the attributes of MS-DOS", only({ external: 0o100644 * 65_536 + 0x20 })],
  ["a name longer than any may be", only({ name: "n".repeat(300) })],
  ["a stored file of two sizes", only({ method: 0, size: 17 })],
  ["a stored file with more data", only({ method: 0, packed: 19 })],
];

const LAYOUT: [string, Uint8Array][] = [
  ["a gap between two files", rawZip([{ ...one, after: new Uint8Array(4) }, { name: "b" }])],
  ["a gap before the list", rawZip([{ ...one, after: new Uint8Array(4) }])],
  ["two files at one place", rawZip([one, { ...one, name: "file.tx2", central: { offset: 0 } }])],
  [
    "a file inside another",
    rawZip([
      { name: "a", method: 0, data: join(rawLocal({ name: "b", method: 0, size: 0 }), encode("x")) },
      { name: "b", method: 0, central: { offset: 31 } },
    ]),
  ],
  ["files in another order than the list", swapped()],
  ["a file behind the list", rawZip([{ ...one, central: { offset: 5000 } }])],
  ["a file at 2^32 - 1", rawZip([{ ...one, central: { offset: 0xffff_ffff } }])],
  ["a file that the list leaves out", rawZip([{ ...one, after: rawLocal({ name: "hidden" }) }])],
];

function swapped(): Uint8Array {
  const [a, b] = [rawLocal({ name: "a", method: 0 }), rawLocal({ name: "b", method: 0 })];
  const list = join(
    rawCentral({ name: "a", method: 0, offset: b.length }),
    rawCentral({ name: "b", method: 0, offset: 0 }),
  );
  return join(b, a, list, rawEnd({ count: 2, size: list.length, offset: a.length + b.length }));
}

const text = "some content that is worth deflating ".repeat(30);
const packed = new Uint8Array(deflateRawSync(text));
const DATA: [string, Uint8Array][] = [
  ["a wrong checksum", only({ crc: 1 })],
  ["a wrong checksum of a stored file", only({ method: 0, crc: 1 })],
  ["more data than its size", only({ size: 17 })],
  ["less data than its size", only({ size: 19 })],
  ["data that is no deflate", only({ raw: encode("\xff\xff\xff\xff") })],
  ["no data at all", only({ raw: new Uint8Array() })],
  ["deflate cut short", only({ data: text, raw: packed.subarray(0, -3) })],
  ["a byte behind the deflate", only({ data: text, raw: join(packed, new Uint8Array(1)) })],
  ["64 KiB behind the deflate", only({ data: text, raw: join(packed, new Uint8Array(65_536)) })],
  ["2 MiB behind the deflate", only({ data: text, raw: join(packed, new Uint8Array(2 ** 21)) })],
  ["deflate twice", only({ data: text, raw: join(packed, packed) })],
  ["gzip in place of deflate", only({ data: text, raw: new Uint8Array(gzipSync(text)) })],
];

const NAMES = [
  "../a",
  "a/../b",
  "/a",
  "C:\\x",
  "\\\\s\\x",
  "..\\x",
  "a:b",
  "a\0b",
  "",
  ".",
  "a.",
  "a ",
  "CON",
]
  .concat(["nul.txt", "folder/", "a//b", "./a", "e\u0301", "\u202ea", "a\nb", Array(33).fill("d").join("/")])
  .map((name): [string, Uint8Array] => [`the name ${JSON.stringify(name)}`, only({ name })])
  .concat([
    ["a name that is not UTF-8", only({ name: Uint8Array.of(0x61, 0xff) })],
    ["a name of 150 bytes", only({ name: "n".repeat(150) })],
    ["a name in another case", rawZip([{ name: "a" }, { name: "A" }])],
    ["a name twice", rawZip([{ name: "a" }, { name: "a" }])],
    ["a name that is a folder's", rawZip([{ name: "a" }, { name: "a/b" }])],
  ]);

const TYPES = ([
  ["a symbolic link", 0o120777],
  ["a folder", 0o040755],
  ["a character device", 0o020644],
  ["a block device", 0o060644],
  ["a FIFO", 0o010644],
  ["a socket", 0o140644],
] as const).map(([name, bits]): [string, Uint8Array] => [name, mode(bits)]);

const HOSTILE = [
  ...[...FRAMES, ...HEADERS, ...FIELDS, ...LAYOUT, ...DATA].map((row) => [...row, CORRUPT] as const),
  ...[...NAMES, ...TYPES].map((row) => [...row, UNSAFE] as const),
];

for (const [name, bytes, code] of HOSTILE) {
  Deno.test(`a zip is refused with ${name}`, async () => {
    await assert.rejects(readFiles(bytes), (error) => {
      assert.ok(error instanceof PackflowError, String(error));
      assert.equal(error.code, code, error.message);
      assert.ok(!/\p{Cc}/u.test(error.message) && error.message.length < 500, error.message);
      return true;
    });
  });
}

Deno.test("a zip as another writer would make it in Packflow's spelling is read", async () => {
  const bytes = rawZip([
    { name: "b", data: "deflated", external: 0o100755 * 65_536, time: 0x5a21_1234 },
    { name: "a", data: "stored", method: 0 },
    { name: "empty", method: 0 },
  ]);
  assert.deepEqual(await readFiles(bytes), [
    file("b", "deflated", 0o755),
    file("a", "stored"),
    file("empty", ""),
  ]);
  assert.deepEqual(await readFiles(rawZip([])), []);
});

Deno.test("a zip is refused with more entries, bytes, depth or ratio than allowed", async () => {
  const tooLarge = { code: "package.too_large" };
  await assert.rejects(readFiles(rawZip(two), { entries: 1 }), tooLarge);
  await assert.rejects(readFiles(rawZip(two), { totalSize: 21 }), tooLarge);
  assert.equal((await readFiles(rawZip(two), { totalSize: 22 })).length, 2);
  await assert.rejects(readFiles(rawZip(two), { fileSize: 17 }), tooLarge);
  await assert.rejects(readFiles(only({ name: "a/b/c" }), { depth: 2 }), { code: UNSAFE });
  const zeros = only({ data: new Uint8Array(3_000_000) });
  await assert.rejects(readFiles(zeros), tooLarge);
  assert.equal((await readFiles(zeros, { ratio: 1100 })).length, 1);
});

Deno.test("a zip that says less than it inflates to is stopped at once", async () => {
  const bomb = new Uint8Array(deflateRawSync(new Uint8Array(64 * 1024 * 1024)));
  const crc = crc32(new Uint8Array(64 * 1024 * 1024));
  await assert.rejects(readFiles(only({ raw: bomb, size: 1024, crc })), { code: CORRUPT });
});

const sample = [
  file("a.txt", "the first file\n".repeat(50)),
  file("b/c.bin", Uint8Array.from({ length: 700 }, (_, at) => Math.imul(at, at + 7)), 0o755),
  file("b/empty", ""),
];

Deno.test("a zip cut at any byte is refused", async () => {
  const bytes = await archive(sample, "zip");
  for (let cut = 0; cut < bytes.length; cut++) {
    await assert.rejects(readFiles(bytes.subarray(0, cut)), { name: "PackflowError" }, `cut at ${cut}`);
  }
});

Deno.test("a zip with any one bit flipped is refused", async () => {
  const bytes = await archive(sample, "zip");
  let same = 0;
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = changed(bytes, (copy) => copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7)));
    try {
      assert.deepEqual(await readFiles(flipped), sample);
      same++;
    } catch (error) {
      assert.ok(error instanceof PackflowError, `bit ${bit}: ${error}`);
    }
  }
  // Bits behind the last block of a deflate stream say nothing.
  assert.ok(same < 16, `${same} flips read the same`);
});
