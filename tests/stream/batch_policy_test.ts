import { strictEqual } from "node:assert/strict";
import { BatchPolicy } from "../../lib/stream/batch_policy.ts";
import { fc } from "../helpers/fast_check.ts";

const policy = (limits: { batchSize?: number; maxBytes?: number; maxWaitMs?: number }) =>
  new BatchPolicy({ batchSize: 10, maxBytes: 1000, maxWaitMs: 0, ...limits });

Deno.test("nothing is never due", () => {
  const empty = policy({});
  empty.add(0, 0, 5);
  strictEqual(empty.dueIn(1e9), Infinity);
  strictEqual(empty.due(1e9), false);
});

Deno.test("a full batch is due whatever the input does", () => {
  const batch = policy({ maxWaitMs: 50 });
  batch.add(9, 90, 0);
  strictEqual(batch.full, false);
  batch.add(1, 10, 1);
  strictEqual(batch.full, true);
  strictEqual(batch.dueIn(1), 0);
});

Deno.test("enough bytes are due, however few events", () => {
  const batch = policy({ maxWaitMs: 50 });
  batch.add(1, 1000, 0);
  strictEqual(batch.full, true);
});

Deno.test("with an idle input, what there is is due at once", () => {
  const batch = policy({});
  batch.add(1, 1, 7);
  strictEqual(batch.due(7), true);
});

Deno.test("the wait counts from the first event, not from the latest", () => {
  const batch = policy({ maxWaitMs: 50 });
  batch.add(1, 1, 100);
  batch.add(1, 1, 140);
  strictEqual(batch.dueIn(140), 10);
  strictEqual(batch.due(149), false);
  strictEqual(batch.due(150), true);
  strictEqual(batch.dueIn(500), 0);
});

Deno.test("what is left after a take waits from when it came", () => {
  const batch = policy({ maxWaitMs: 50 });
  batch.add(9, 9, 100);
  batch.add(3, 3, 120);
  strictEqual(batch.takeable(5), 10);
  batch.take(10, 10);
  strictEqual(batch.count, 2);
  strictEqual(batch.dueIn(125), 45);
});

Deno.test("whole batches are taken, at most so many, and a part of one only if there is no whole one", () => {
  const size = fc.integer({ min: 1, max: 50 });
  fc.assert(fc.property(size, fc.integer({ min: 1, max: 500 }), size, (batchSize, count, most) => {
    const batch = policy({ batchSize });
    batch.add(count, 0, 0);
    const taken = batch.takeable(most);
    if (count < batchSize) strictEqual(taken, count);
    else {
      strictEqual(taken % batchSize, 0);
      strictEqual(taken, Math.min(Math.floor(count / batchSize), most) * batchSize);
    }
  }));
});
