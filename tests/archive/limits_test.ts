import assert from "node:assert/strict";
import { Limits } from "../../lib/archive/limits.ts";

const tooLarge = { code: "package.too_large" };

Deno.test("limits have documented defaults, which let a model of 3 GB pass", () => {
  const limits = new Limits();
  const { ratio, totalSize, fileSize, entries, depth } = limits;
  assert.deepEqual({ ratio, totalSize, fileSize, entries, depth }, {
    ratio: 200,
    totalSize: 2 ** 34,
    fileSize: 2 ** 33 - 1,
    entries: 10_000,
    depth: 32,
  });
  limits.checkFile("model.onnx", 3e9);
  limits.checkSize(3e9);
});

Deno.test("limits accept what is on the limit and refuse what is one over it", () => {
  const limits = new Limits({ ratio: 10, totalSize: 1000, fileSize: 500, entries: 3 });
  limits.checkEntries(3);
  assert.throws(() => limits.checkEntries(4), tooLarge);
  limits.checkSize(1000);
  assert.throws(() => limits.checkSize(1001), tooLarge);
  limits.checkFile("a", 500);
  assert.throws(() => limits.checkFile("a", 501), {
    ...tooLarge,
    message: /"a" must have at most 500 bytes/,
  });
  limits.checkRatio(2_000_000, 200_000);
  assert.throws(() => limits.checkRatio(2_000_001, 200_000), tooLarge);
});

Deno.test("the ratio does not apply to little content", () => {
  new Limits({ ratio: 10 }).checkRatio(1024 * 1024, 1);
});

Deno.test("a file stays within what a tar's header can say, whatever is asked for", () => {
  assert.equal(new Limits({ fileSize: 2 ** 40 }).fileSize, 8 ** 11 - 1);
});
