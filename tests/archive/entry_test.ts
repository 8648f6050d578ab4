import assert from "node:assert/strict";
import {
  checkEntryPath,
  collisionKey,
  comparePaths,
  EntryNames,
  quote,
  splitTarPath,
} from "../../lib/archive/entry.ts";
import { PackflowError } from "../../lib/base/errors.ts";
import { fc } from "../helpers/fast_check.ts";

const unsafe = { code: "package.unsafe_entry" };

Deno.test("checkEntryPath accepts ordinary names", () => {
  const names = [
    "a",
    "packflow.jsonc",
    ".gitignore",
    "..a",
    "a..b",
    "a/b/c.txt",
    "models/Modèle.onnx",
    "日本語/モデル.onnx",
    "with space/and 'quotes'",
    "console.ts",
    "common/aux1.ts",
    "com10",
    "👩‍🚀.txt",
    "a".repeat(100),
    `${"p".repeat(155)}/${"n".repeat(100)}`,
    Array(32).fill("d").join("/"),
  ];
  for (const name of names) checkEntryPath(name);
});

/** Each with a word of the rule that it breaks. */
const UNSAFE: [path: string, rule: string][] = [
  ["", "empty"],
  [".", 'no part "."'],
  ["..", 'no part ".."'],
  ["./a", 'no part "."'],
  ["a/./b", 'no part "."'],
  ["a/.", 'no part "."'],
  ["../a", 'no part ".."'],
  ["a/../../b", 'no part ".."'],
  ["a/..", 'no part ".."'],
  ["/etc/passwd", "relative"],
  ["//server/share", "relative"],
  ["a//b", "empty part"],
  ["a/", "empty part"],
  ["C:\\x", "hold no"],
  ["C:/x", "hold no"],
  ["C:x", "hold no"],
  ["\\\\server\\share", "hold no"],
  ["..\\x", "hold no"],
  ["a\\b", "hold no"],
  ["a:b", "hold no"],
  ["a?", "hold no"],
  ["a*", "hold no"],
  ["a<b", "hold no"],
  ["a>b", "hold no"],
  ["a|b", "hold no"],
  ['a"b', "hold no"],
  ["a\0b", "control"],
  ["a\nb", "control"],
  ["\x1b[31mred", "control"],
  ["a\x7f", "control"],
  ["a\x85b", "control"],
  ["exe\u202etxt.js", "control"],
  ["a\u2066b", "control"],
  ["a\u2028b", "control"],
  ["a.", "dot or a space"],
  ["a ", "dot or a space"],
  ["a./b", "dot or a space"],
  ["...", "dot or a space"],
  ["CON", "device name"],
  ["con", "device name"],
  ["CON.txt", "device name"],
  ["nul.tar.gz", "device name"],
  ["aux .txt", "device name"],
  ["a/PRN/b", "device name"],
  ["com0", "device name"],
  ["COM1.log", "device name"],
  ["LPT9", "device name"],
  ["com¹", "device name"],
  ["CONIN$", "device name"],
  ["e\u0301", "NFC"],
  ["\u212a", "NFC"],
  ["a\ud800", "valid Unicode"],
  ["a".repeat(101), "fit"],
  ["é".repeat(51), "fit"],
  [`${"p".repeat(156)}/n`, "fit"],
  [`${"p".repeat(150)}/${"q".repeat(10)}/${"n".repeat(95)}`, "fit"],
  [Array(33).fill("d").join("/"), "at most 32 parts"],
];

for (const [path, rule] of UNSAFE) {
  Deno.test(`checkEntryPath refuses ${quote(path).slice(0, 40)}: ${rule}`, () => {
    assert.throws(() => checkEntryPath(path), (error) => {
      assert.ok(error instanceof PackflowError);
      assert.equal(error.code, "package.unsafe_entry");
      assert.ok(error.message.includes(rule), error.message);
      assert.ok(
        !/[\p{Cc}\u202e]/u.test(error.message),
        "the message must not carry the characters it refuses",
      );
      return true;
    });
  });
}

Deno.test("checkEntryPath takes a smaller depth, never a larger one", () => {
  assert.throws(() => checkEntryPath("a/b/c", 2), unsafe);
  assert.throws(() => checkEntryPath(Array(33).fill("d").join("/"), 100), unsafe);
});

Deno.test("whatever checkEntryPath accepts stays below its folder by every reading", () => {
  const piece = fc.constantFrom(
    "a",
    "..",
    ".",
    "",
    "/",
    "\\",
    "C:",
    "\0",
    "é",
    "con",
    " ",
    "~",
    "B.txt",
    "//",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const path = pieces.join("/").replaceAll("///", "/");
      try {
        checkEntryPath(path);
      } catch {
        return;
      }
      assert.equal(new URL(path.replaceAll("%", "%25"), "file:///root/").pathname.startsWith("/root/"), true);
      assert.ok(path.split(/[/\\]/).every((part) => part !== "" && part !== "." && part !== ".."));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("splitTarPath has one answer, which joins to the path", () => {
  fc.assert(fc.property(fc.array(fc.string({ minLength: 1, maxLength: 60 }), { minLength: 1 }), (parts) => {
    const path = parts.map((part) => part.replaceAll("/", "-")).join("/");
    const split = splitTarPath(path);
    const bytes = new TextEncoder().encode(path);
    if (split === undefined) return assert.ok(bytes.length > 100);
    assert.ok(split.name.length <= 100 && split.prefix.length <= 155);
    const joined = split.prefix.length === 0 ? [...split.name] : [...split.prefix, 0x2f, ...split.name];
    assert.deepEqual(joined, [...bytes]);
  }));
});

Deno.test("comparePaths orders as the bytes of UTF-8 do", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
      const expected = Buffer.compare(Buffer.from(a), Buffer.from(b));
      assert.equal(Math.sign(comparePaths(a, b)), expected);
    }),
    { numRuns: 1000 },
  );
  assert.ok(comparePaths("\uffee", "\u{1f600}") < 0);
  assert.ok(comparePaths("a", "a/b") < 0);
  assert.equal(comparePaths("a", "a"), 0);
});

/** Pairs that fall on one file on some system. */
const COLLIDING: [string, string][] = [
  ["a", "A"],
  ["a/b", "a/B"],
  ["A/b", "a/c"],
  ["é", "e\u0301"],
  ["É", "é"],
  ["straße", "STRASSE"],
  ["ﬁle", "file"],
  ["ſ", "s"],
  ["Σ", "ς"],
  ["a\u200db", "ab"],
  ["a", "a."],
  ["a ", "a"],
  ["x", "x"],
  ["x", "x/y"],
  ["x/y", "x"],
  ["İ", "i̇"],
];

for (const [first, second] of COLLIDING) {
  Deno.test(`EntryNames refuses ${quote(second)} after ${quote(first)}`, () => {
    const names = new EntryNames();
    names.add(first, "file");
    assert.throws(() => names.add(second, "file"), unsafe);
  });
}

Deno.test("EntryNames accepts a folder before or after its files, but once", () => {
  const names = new EntryNames();
  names.add("a", "folder");
  names.add("a/b", "file");
  names.add("c/d/e", "file");
  names.add("c/d", "folder");
  names.add("c/f", "file");
  assert.throws(() => names.add("a", "folder"), unsafe);
  assert.throws(() => names.add("c/d", "file"), unsafe);
});

Deno.test("collisionKey is the same for a key of its own", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (path) => {
    const key = collisionKey(path);
    assert.equal(collisionKey(key), key);
  }));
});

Deno.test("quote shows a name on one line, cut where it is long", () => {
  assert.equal(quote("a\nb\x85\u202e"), '"a\\nb\\u0085\\u202e"');
  assert.ok(quote("x".repeat(1000)).length < 130);
});
