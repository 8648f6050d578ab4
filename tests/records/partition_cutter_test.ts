import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { LineCutter } from "../../lib/records/line_cutter.ts";
import { PartitionCutter } from "../../lib/records/partition_cutter.ts";
import { fc } from "../helpers/fast_check.ts";
import { bytesOf, textOf } from "../helpers/streams.ts";

function dealt(text: string, { workers = 3, from = 0 } = {}) {
  const cutter = new PartitionCutter(new LineCutter({ maxEventBytes: 100 }), {
    field: "user.id",
    workers,
    from,
  });
  cutter.push(bytesOf(text));
  cutter.end();
  const records: { text: string; worker: number; offset: number; line: number }[] = [];
  const ends: number[] = [];
  for (let piece = cutter.take({ bytes: 20, records: 9 }); piece !== undefined;) {
    const { block, worker = NaN, origins = [] } = piece;
    ends.push(piece.end);
    for (const [i, { offset, line }] of origins.entries()) {
      const bytes = block.bytes.subarray(block.ranges?.[2 * i], block.ranges?.[2 * i + 1]);
      records.push({ text: textOf(bytes), worker, offset, line });
    }
    piece = cutter.take({ bytes: 20, records: 9 });
  }
  return { records, ends };
}

Deno.test("every record goes to one worker, equal values to the same, in their order", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 })), fc.integer({ min: 1, max: 4 }), (ids, workers) => {
      const lines = ids.map((id, n) => JSON.stringify({ n, user: { id } }));
      const { records, ends } = dealt(lines.join("\n"), { workers });
      deepStrictEqual(records.map(({ text }) => text).toSorted(), lines.toSorted());
      const seen = new Map<number, { worker: number; n: number }>();
      for (const { text, worker } of records) {
        const { n, user } = JSON.parse(text);
        const before = seen.get(user.id);
        if (before !== undefined) deepStrictEqual([before.worker, before.n < n], [worker, true]);
        seen.set(user.id, { worker, n });
      }
      deepStrictEqual(ends, ends.toSorted((a, b) => a - b));
      if (ids.length > 0) strictEqual(ends.at(-1), lines.join("\n").length);
    }),
  );
});

Deno.test("what has no such field, or is no event, goes to some worker", () => {
  const { records } = dealt('{"a":1}\n{"a":2}\n{\n7\n');
  strictEqual(records.length, 4);
  strictEqual(
    records.find(({ text }) => text.includes("1"))?.worker,
    records.find(({ text }) => text.includes("2"))?.worker,
  );
});

Deno.test("places are those in the source, and what lies before the beginning is left out", () => {
  const text = '{"user":{"id":1}}\n\n{"user":{"id":1}}\n';
  deepStrictEqual(dealt(text).records.map(({ offset, line }) => [offset, line]), [[0, 1], [19, 3]]);
  deepStrictEqual(dealt(text, { from: 18 }).records.map(({ offset, line }) => [offset, line]), [[19, 3]]);
});
