import { strictEqual } from "node:assert/strict";
import { BlockSize } from "../../lib/stream/block_size.ts";

Deno.test("the first block is one batch, so that the first answer is soon", () => {
  strictEqual(new BlockSize(32).batches, 1);
});

Deno.test("blocks that are quick and full grow, up to a bound", () => {
  const size = new BlockSize(256);
  for (let i = 0; i < 30; i++) size.measured(size.batches, 1);
  strictEqual(size.batches, 256);
});

Deno.test("blocks that were not full do not grow", () => {
  const size = new BlockSize(1);
  size.measured(1, 1);
  size.measured(1, 1);
  strictEqual(size.batches, 2);
});

Deno.test("blocks that are slow shrink, down to one batch", () => {
  const size = new BlockSize(1);
  for (let i = 0; i < 4; i++) size.measured(size.batches, 1);
  strictEqual(size.batches, 16);
  size.measured(16, 20);
  strictEqual(size.batches, 16);
  for (let i = 0; i < 9; i++) size.measured(size.batches, 500);
  strictEqual(size.batches, 1);
});

Deno.test("a batch larger than any block is a block of one", () => {
  const size = new BlockSize(1_000_000);
  size.measured(1, 1);
  strictEqual(size.batches, 1);
});
