import assert from "node:assert/strict";
import { fileTable, formatBytes, formatCount, printable } from "../../lib/cli/text.ts";

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
