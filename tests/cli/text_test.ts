import assert from "node:assert/strict";
import {
  fileTable,
  filled,
  firstClause,
  formatBytes,
  formatCount,
  printable,
  wrapped,
} from "../../lib/cli/text.ts";

Deno.test("formatBytes takes the unit in which a size is short", () => {
  const sizes = [0, 999, 1000, 96_500, 999_940, 999_960, 1_200_000_000, 5e15];
  assert.deepEqual(sizes.map(formatBytes), [
    "0 B",
    "999 B",
    "1.0 kB",
    "96.5 kB",
    "999.9 kB",
    "1.0 MB",
    "1.2 GB",
    "5000.0 TB",
  ]);
});

Deno.test("formatCount rounds, and sets thousands apart", () => {
  assert.deepEqual([0, 999, 1000, 49_097, 1_234_567.6].map(formatCount), [
    "0",
    "999",
    "1,000",
    "49,097",
    "1,234,568",
  ]);
});

Deno.test("fileTable aligns the sizes", () => {
  assert.deepEqual(fileTable([{ path: "a b", size: 5 }, { path: "c", size: 12_000 }]), [
    "       5 B  a b",
    "   12.0 kB  c",
  ]);
});

Deno.test("printable shows what a terminal would act on, and leaves other letters alone", () => {
  assert.equal(printable("a\x1b[31mb\u202ec\nd\té 漢"), "a\\u001b[31mb\\u202ec\\u000ad\\u0009é 漢");
});

Deno.test("wrapped breaks between words, within 80 columns, each line behind its indent", () => {
  const words = Array.from({ length: 40 }, (_, index) => "x".repeat(1 + index % 7)).join(" ");
  const lines = wrapped(words, "    ", "  > ");
  assert.ok(lines.length > 1 && lines.every((line) => line.length <= 80));
  assert.ok(lines.every((line, index) => line.startsWith(index === 0 ? "  > x" : "    x")));
  assert.equal(lines.map((line) => line.slice(4)).join(" "), words);
  const long = "y".repeat(100);
  assert.deepEqual(wrapped(`a ${long} b`, " "), [" a", ` ${long}`, " b"]);
});

Deno.test("filled fills paragraphs, and leaves empty and indented lines as they are", () => {
  const word = "x".repeat(30);
  const text = `\nExamples:\n  $ ${"y".repeat(90)}\n\n${word} ${word}\n${word} ${word}\n\nEnd:\n  0  z\n`;
  assert.equal(
    filled(text),
    `\nExamples:\n  $ ${"y".repeat(90)}\n\n${word} ${word}\n${word} ${word}\n\nEnd:\n  0  z\n`,
  );
  assert.equal(filled("one\ntwo"), "one two");
  assert.equal(filled(`${word} ${word} ${word}`), `${word} ${word}\n${word}`);
});

Deno.test("firstClause ends before a colon, a semicolon or a full stop", () => {
  assert.equal(firstClause("Check a project: manifest, files."), "Check a project");
  assert.equal(firstClause("Check that it is whole; with --key more."), "Check that it is whole");
  assert.equal(firstClause("Make packflow.jsonc. Then end."), "Make packflow.jsonc");
  assert.equal(firstClause("No stop"), "No stop");
});
