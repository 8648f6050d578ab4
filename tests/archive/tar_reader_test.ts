import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { archive, type File, file as fileOf, readFiles } from "../helpers/archives.ts";
import {
  changed,
  END,
  gzip,
  join,
  octal,
  paxRecord,
  rawArchive,
  rawEntry,
  type RawHeader,
  rawHeader,
} from "../helpers/raw_tar.ts";

const UNSAFE = "package.unsafe_entry";
const CORRUPT = "package.corrupt";
const bytesOf = (...values: number[]) => Uint8Array.from(values);

function named(name: string | Uint8Array, more: RawHeader = {}): Uint8Array {
  return rawArchive(rawEntry({ name, ...more }, "data"));
}

function typed(type: string, link = ""): Uint8Array {
  return rawArchive(rawEntry({ type, link }));
}

function both(first: RawHeader, second: RawHeader): Uint8Array {
  return rawArchive(rawEntry(first), rawEntry(second));
}

function folder(name: string): RawHeader {
  return { name, type: "5", mode: "0000755\0" };
}

/** An extension header and the file that it is about. */
function extended(type: string, records: string, file: RawHeader = {}): Uint8Array {
  return rawArchive(rawEntry({ type, name: "PaxHeader/file.txt" }, records), rawEntry(file, "data"));
}

const TYPES: [string, Uint8Array, string][] = [
  ["a symbolic link", typed("2", "target"), UNSAFE],
  ["a symbolic link out of the folder", typed("2", "../../etc/passwd"), UNSAFE],
  ["a symbolic link to an absolute path", typed("2", "/etc/passwd"), UNSAFE],
  ["a hard link", typed("1", "target"), UNSAFE],
  ["a hard link out of the folder", typed("1", "../../etc/passwd"), UNSAFE],
  [
    "a chain of two symbolic links and a hard link",
    rawArchive(
      rawEntry({ name: "a", type: "2", link: "." }),
      rawEntry({ name: "b", type: "2", link: "a/.." }),
      rawEntry({ name: "c", type: "1", link: "b/x" }),
    ),
    UNSAFE,
  ],
  [
    "a file written through a link",
    rawArchive(rawEntry({ name: "a", type: "2", link: "/tmp" }), rawEntry({ name: "a/b" }, "x")),
    UNSAFE,
  ],
  ["a character device", typed("3"), UNSAFE],
  ["a block device", typed("4"), UNSAFE],
  ["a FIFO", typed("6"), UNSAFE],
  ["a contiguous file", typed("7"), UNSAFE],
  ["a file of the old type", typed("\0"), UNSAFE],
  ["a GNU sparse file", typed("S"), UNSAFE],
  ["a GNU long name", extended("L", `${"x".repeat(200)}\0`), UNSAFE],
  ["a GNU long link name", extended("K", "/etc/passwd\0"), UNSAFE],
  ["a GNU dump folder", typed("D"), UNSAFE],
  ["a GNU volume label", typed("V"), UNSAFE],
  ["a GNU continued file", typed("M"), UNSAFE],
  ["a Solaris ACL", typed("A"), UNSAFE],
  ["a Solaris extended header", extended("X", paxRecord("path", "../x")), UNSAFE],
  ["a socket", typed("s"), UNSAFE],
  ["PAX: another path", extended("x", paxRecord("path", "../../x")), UNSAFE],
  ["PAX: another size", extended("x", paxRecord("size", "0")), UNSAFE],
  ["PAX: a hidden entry", extended("x", paxRecord("size", "1024"), { size: octal(0) }), UNSAFE],
  ["PAX: a link path", extended("x", paxRecord("linkpath", "/etc"), { type: "2" }), UNSAFE],
  ["PAX: a NUL in the path", extended("x", paxRecord("path", "a\0b")), UNSAFE],
  ["PAX: a malformed record", extended("x", "99 path=x\n"), UNSAFE],
  ["PAX: GNU sparse 1.0", extended("x", paxRecord("GNU.sparse.major", "1")), UNSAFE],
  ["PAX: extended attributes", extended("x", paxRecord("SCHILY.xattr.user.a", "b")), UNSAFE],
  ["PAX: for all files", extended("g", paxRecord("path", "x")), UNSAFE],
  ["PAX: twice", rawArchive(rawEntry({ type: "x" }), rawEntry({ type: "x" }), rawEntry({})), UNSAFE],
];

const NAMES: [string, Uint8Array, string][] = [
  "../a",
  "a/../../b",
  "..",
  ".",
  "./a",
  "a/.",
  "a//b",
  "/abs",
  "//server/share",
  "C:\\x",
  "C:x",
  "C:/x",
  "\\\\server\\share",
  "..\\x",
  "a\\b",
  "a:b",
  "a:stream:$DATA",
  "",
  "a/",
  "a.",
  "a ",
  "a./b",
  "CON",
  "con.txt",
  "NUL.tar.gz",
  "aux",
  "COM1",
  "lpt¹.x",
  "a\nb",
  "a\x1b[2J",
  "a\x7f",
  "e\u0301",
  "\u202etxt.exe",
  "a*",
  "a?",
  Array(33).fill("d").join("/"),
].map((name): [string, Uint8Array, string] => [`the name ${JSON.stringify(name)}`, named(name), UNSAFE])
  .concat([
    ["a name that is not UTF-8", named(bytesOf(0x61, 0xff)), UNSAFE],
    ["a name with an overlong slash", named(bytesOf(0x2e, 0x2e, 0xc0, 0xaf, 0x78)), UNSAFE],
    ["a name with a surrogate in UTF-8", named(bytesOf(0xed, 0xa0, 0x80)), UNSAFE],
    ["a name with bytes behind its NUL", named("a\0/../../x"), CORRUPT],
    ["a prefix longer than it need be", named("n".repeat(98), { prefix: "a/b" }), CORRUPT],
    ["a prefix that climbs", named("x", { prefix: "../.." }), CORRUPT],
    ["a prefix that is absolute", named("x", { prefix: "/etc" }), CORRUPT],
    ["a prefix where the name had room", named("b", { prefix: "a" }), CORRUPT],
    ["a folder that climbs", rawArchive(rawEntry(folder("../x/"))), UNSAFE],
    ["a folder that is the root", rawArchive(rawEntry(folder("./"))), UNSAFE],
    ["a folder without a name", rawArchive(rawEntry(folder("/"))), UNSAFE],
    ["a folder without its slash", rawArchive(rawEntry(folder("x"))), CORRUPT],
  ]);

const DUPLICATES: [string, Uint8Array, string][] = ([
  ["a", "a"],
  ["a", "A"],
  ["a/b", "a/B"],
  ["A/b", "a/c"],
  ["é", "É"],
  ["straße", "STRASSE"],
  ["ﬁle", "file"],
  ["ſ", "s"],
  ["Σ", "ς"],
  ["a\u200db", "ab"],
  ["x", "x/y"],
  ["x/y", "x"],
] as const).map(([first, second]): [string, Uint8Array, string] => [
  `${JSON.stringify(second)} after ${JSON.stringify(first)}`,
  both({ name: first }, { name: second }),
  UNSAFE,
]).concat([
  ["a file after a folder of its name", both(folder("a/"), { name: "a" }), UNSAFE],
  ["a folder after a file of its name", both({ name: "a" }, folder("a/")), UNSAFE],
  ["a folder twice", both(folder("a/"), folder("a/")), UNSAFE],
  ["a folder in another case", both(folder("a/"), folder("A/")), UNSAFE],
]);

const base256 = (first: number, last: number) => bytesOf(first, 0, 0, 0, last, 0, 0, 0, 0, 0, 0, 0);
const FIELDS: [string, Uint8Array, string][] = ([
  ["a size of 2^63", { size: base256(0x80, 0x80) }],
  ["a size of -1", { size: new Uint8Array(12).fill(255) }],
  ["a size of 1 in base 256", { size: bytesOf(128, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1) }],
  ["a negative size in octal", { size: "-0000000001\0" }],
  ["a size of 8 GiB less one", { size: octal(8 ** 11 - 1) }],
  ["a size one block too large", { size: octal(4 + 2 * 512 + 1024) }],
  ["a size of 0 before data", { size: octal(0) }],
  ["a size with spaces", { size: "          4\0" }],
  ["a size that ends in a space", { size: "00000000004 " }],
  ["a size of 12 digits", { size: "000000000004" }],
  ["a size with an 8", { size: "00000000008\0" }],
  ["an empty size", { size: "" }],
  ["a time in base 256", { mtime: "\x80" + "\0".repeat(10) + "\x01" }],
  ["a time that is no number", { mtime: "yesterday" }],
  ["the mode 4755", { mode: "0004755\0" }],
  ["the mode 0666", { mode: "0000666\0" }],
  ["the mode 0777", { mode: "0000777\0" }],
  ["the mode of a whole inode", { mode: "0100644\0" }],
  ["a user id", { uid: "0001750\0" }],
  ["a group id", { gid: "0001750\0" }],
  ["a user name", { user: "root" }],
  ["a group name", { group: "root" }],
  ["a link name on a file", { link: "../x" }],
  ["a device number", { major: "0000001\0" }],
  ["the GNU magic", { magic: "ustar  \0" }],
  ["no magic", { magic: "" }],
  ["another ustar version", { magic: "ustar\x0001" }],
  ["bytes behind the last field", { rest: "hidden" }],
  ["a wrong checksum", { checksum: "000000\0 " }],
  ["a checksum with spaces", { checksum: "  4242\0 " }],
  ["an empty checksum", { checksum: "" }],
] as [string, RawHeader][]).map(([name, header]) => [name, rawArchive(rawEntry(header, "data")), CORRUPT]);

const file = rawEntry({}, "data");
const ENDS: [string, Uint8Array, string][] = [
  ["no bytes at all", gzip(new Uint8Array()), CORRUPT],
  ["no closing blocks", gzip(file), CORRUPT],
  ["one closing block", gzip(join(file, new Uint8Array(512))), CORRUPT],
  ["three closing blocks", gzip(join(file, new Uint8Array(1536))), CORRUPT],
  ["half a block at the end", gzip(join(file, END, new Uint8Array(256))), CORRUPT],
  ["text behind the end", gzip(join(file, END, new TextEncoder().encode("more"))), CORRUPT],
  ["a second archive behind the end", gzip(join(file, END, rawEntry({ name: "b" }), END)), CORRUPT],
  [
    "an entry after one empty block",
    gzip(join(file, new Uint8Array(512), rawEntry({ name: "b" }), END)),
    CORRUPT,
  ],
  ["an empty block first", gzip(join(new Uint8Array(512), file, END)), CORRUPT],
  ["a header cut short", gzip(file.subarray(0, 300)), CORRUPT],
  ["data cut short", gzip(file.subarray(0, 514)), CORRUPT],
  ["padding that holds bytes", gzip(join(changed(file, (copy) => copy[1023] = 1), END)), CORRUPT],
  ["a folder with data", rawArchive(rawEntry(folder("a/"), "data")), CORRUPT],
  ["random blocks", gzip(new Uint8Array(2048).fill(0x41)), CORRUPT],
  ["a tar without compression", join(file, END), "package.not_a_package"],
];

const HOSTILE = [...TYPES, ...NAMES, ...DUPLICATES, ...FIELDS, ...ENDS];

for (const [name, bytes, code] of HOSTILE) {
  Deno.test(`a tar.gz is refused with ${name}`, async () => {
    await assert.rejects(readFiles(bytes), (error) => {
      assert.ok(error instanceof PackflowError, String(error));
      assert.equal(error.code, code, error.message);
      assert.ok(!/\p{Cc}/u.test(error.message) && error.message.length < 500, error.message);
      return true;
    });
  });
}

Deno.test("a tar.gz reads as files in the order they came, folders left out", async () => {
  const bytes = rawArchive(
    rawEntry({ name: "b", mode: "0000755\0", mtime: octal(1) }, "second"),
    rawEntry(folder("d/")),
    rawEntry({ name: "d/a" }),
  );
  assert.deepEqual(await readFiles(bytes), [fileOf("b", "second", 0o755), fileOf("d/a", "")]);
});

Deno.test("a tar.gz is refused with more entries, bytes, depth or ratio than allowed", async () => {
  const tooLarge = { code: "package.too_large" };
  const many = rawArchive(...Array.from({ length: 10_001 }, (_, at) => rawHeader({ name: `f${at}` })));
  await assert.rejects(readFiles(many), tooLarge);
  assert.equal((await readFiles(many, { entries: 10_001 })).length, 10_001);
  const folders = rawArchive(...["a/", "b/", "c/"].map((name) => rawEntry(folder(name))));
  await assert.rejects(readFiles(folders, { entries: 2 }), tooLarge);
  await assert.rejects(readFiles(named("a"), { totalSize: 2047 }), tooLarge);
  assert.equal((await readFiles(named("a"), { totalSize: 2048 })).length, 1);
  await assert.rejects(readFiles(named("a"), { fileSize: 3 }), tooLarge);
  assert.equal((await readFiles(named("a"), { fileSize: 4 })).length, 1);
  await assert.rejects(readFiles(named("a/b/c"), { depth: 2 }), { code: UNSAFE });
  const zeros = rawArchive(rawEntry({}, new Uint8Array(3_000_000)));
  await assert.rejects(readFiles(zeros), tooLarge);
  assert.equal((await readFiles(zeros, { ratio: 1100 })).length, 1);
});

const sample: File[] = [
  fileOf("a.txt", "the first file\n".repeat(50)),
  fileOf("b/c.bin", Uint8Array.from({ length: 700 }, (_, at) => Math.imul(at, at + 7)), 0o755),
  fileOf("b/empty", ""),
];

Deno.test("an archive cut at any byte is refused", async () => {
  const bytes = await archive(sample);
  for (let cut = 0; cut < bytes.length; cut++) {
    await assert.rejects(readFiles(bytes.subarray(0, cut)), { name: "PackflowError" }, `cut at ${cut}`);
  }
});

Deno.test("a tar cut at any byte and compressed anew is refused", async () => {
  const tar = join(rawEntry({ name: "a" }, "x".repeat(600)), rawEntry({ name: "b" }, "y"), END);
  for (let cut = 0; cut < tar.length; cut++) {
    await assert.rejects(readFiles(gzip(tar.subarray(0, cut))), { name: "PackflowError" }, `cut at ${cut}`);
  }
});

Deno.test("an archive with any one bit flipped is refused or reads the same", async () => {
  const bytes = await archive(sample);
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
  // The time, flags and system of the gzip header, 6 bytes, say nothing of the content.
  assert.ok(same >= 48 && same < 100, `${same} flips read the same`);
});
