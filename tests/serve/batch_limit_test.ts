import { strictEqual } from "node:assert/strict";
import { BatchLimit } from "../../lib/serve/batch_limit.ts";

Deno.test("a batch may be as large as asked for until it is known how long events take", () => {
  const limit = new BatchLimit(256);
  strictEqual(limit.rows, 256);
  limit.learn(0, 1000);
  strictEqual(limit.rows, 256);
});

Deno.test("slow events make small batches, but never none; quick ones again large ones", () => {
  const limit = new BatchLimit(256);
  limit.learn(10, 50);
  strictEqual(limit.rows, 5);
  limit.learn(1, 1000);
  strictEqual(limit.rows, 1);
  for (let i = 0; i < 100; i++) limit.learn(256, 1);
  strictEqual(limit.rows, 256);
});
