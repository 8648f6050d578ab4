import assert from "node:assert/strict";
import { Limits } from "../../lib/archive/limits.ts";

const tooLarge = { code: "package.too_large" };

Deno.test("limits have documented defaults", () => {
  const { ratio, totalSize, entries, depth } = new Limits();
  assert.deepEqual({ ratio, totalSize, entries, depth }, {
    ratio: 200,
    totalSize: 2 ** 31,
    entries: 10_000,
    depth: 32,
  });
});

Deno.test("limits accept what is on the limit and refuse what is one over it", () => {
  const limits = new Limits({ ratio: 10, totalSize: 1000, entries: 3 });
  limits.checkEntries(3);
  assert.throws(() => limits.checkEntries(4), tooLarge);
  limits.checkSize(1000);
  assert.throws(() => limits.checkSize(1001), tooLarge);
  limits.checkRatio(2_000_000, 200_000);
  assert.throws(() => limits.checkRatio(2_000_001, 200_000), tooLarge);
});

Deno.test("the ratio does not apply to little content", () => {
  new Limits({ ratio: 10 }).checkRatio(1024 * 1024, 1);
});

Deno.test("the total stays within what a gzip trailer can say", () => {
  assert.equal(new Limits({ totalSize: 2 ** 40 }).totalSize, 2 ** 32 - 1);
});
