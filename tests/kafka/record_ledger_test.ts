import assert from "node:assert/strict";
import { PageCutter } from "../../lib/kafka/page_cutter.ts";
import { PartitionState } from "../../lib/kafka/partition_state.ts";
import { type LedgerPage, RecordLedger } from "../../lib/kafka/record_ledger.ts";
import { RecordPage } from "../../lib/kafka/record_page.ts";
import { fc } from "../helpers/fast_check.ts";
import { batchOf } from "../helpers/kafka_fake.ts";
import { textOf } from "../helpers/streams.ts";

const unpack = (bytes: Uint8Array) => bytes;

/** What three partitions have, some values empty, some absent, and in which portions they are fetched. */
const arbitraryFetches = fc.array(
  fc.array(
    fc.array(fc.option(fc.string({ unit: "grapheme", maxLength: 12 }), { freq: 5 }), { maxLength: 6 }),
    {
      minLength: 3,
      maxLength: 3,
    },
  ),
  { minLength: 1, maxLength: 6 },
);

interface Run {
  readonly ledger: RecordLedger;
  readonly cutter: PageCutter;
  readonly states: readonly PartitionState[];
  /** Per partition the values that are to be answered, by offset. */
  readonly wanted: readonly ReadonlyMap<number, string>[];
}

function runOf(
  fetches: readonly (readonly (readonly (string | null)[])[])[],
  tombstones: "skip" | "pass",
): Run {
  const ledger = new RecordLedger();
  const queue: LedgerPage[] = [];
  const cutter = new PageCutter(queue);
  const states = [0, 1, 2].map((partition) => new PartitionState(partition, { position: 0 }));
  const wanted = states.map(() => new Map<number, string>());
  for (const portions of fetches) {
    const fetched = portions.flatMap((values, partition) => {
      const state = states[partition];
      if (values.length === 0 || state === undefined) return [];
      values.forEach((value, at) => {
        if (value !== null) wanted[partition]?.set(state.position + at, value);
      });
      const from = state.position;
      state.position += values.length;
      return [{ partition, from, bytes: batchOf(values.map((value) => ({ value })), from), aborted: [] }];
    });
    const page = new RecordPage(fetched, { unpack, tombstones });
    const entry = ledger.add(page, fetched.flatMap(({ partition }) => states[partition] ?? []));
    if (page.count === 0) continue;
    queue.push(entry);
    cutter.push(page.bytes);
  }
  return { ledger, cutter, states, wanted };
}

Deno.test("every record is cut once, in the order of its partition, and found again by its place", () => {
  fc.assert(
    fc.property(
      arbitraryFetches,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 9 }),
      (fetches, bytes, records) => {
        const { ledger, cutter, wanted } = runOf(fetches, "pass");
        const seen = wanted.map((): [number, string][] => []);
        let before = 1;
        for (
          let piece = cutter.take({ bytes, records });
          piece !== undefined;
          piece = cutter.take({ bytes, records })
        ) {
          assert.equal(piece.offset, before);
          before = piece.end;
          const { ranges = new Uint32Array(0) } = piece.block;
          assert.ok(ranges.length / 2 <= records);
          for (let at = 0; at < ranges.length; at += 2) {
            const [start = 0, end = 0] = ranges.subarray(at, at + 2);
            const place = ledger.placeOf(piece.offset + start);
            assert.ok(place !== undefined);
            seen[place.partition]?.push([place.offset, textOf(piece.block.bytes.subarray(start, end))]);
          }
        }
        assert.equal(before, ledger.end);
        assert.equal(cutter.ready, 0);
        assert.deepEqual(seen, wanted.map((each) => [...each]));
      },
    ),
  );
});

Deno.test("what may be committed never passes a record that was not given, and reaches the end", () => {
  fc.assert(
    fc.property(
      arbitraryFetches,
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom("skip" as const, "pass" as const),
      (fetches, records, tombstones) => {
        const { ledger, cutter, states, wanted } = runOf(fetches, tombstones);
        const open = wanted.map((each) => new Set(each.keys()));
        const check = () => {
          for (const { partition, given } of states) {
            for (const offset of open[partition] ?? []) {
              assert.ok(
                given <= offset,
                `${partition}: ${given} > ${offset}`,
              );
            }
          }
        };
        check();
        const limits = { bytes: Infinity, records };
        for (let piece = cutter.take(limits); piece !== undefined; piece = cutter.take(limits)) {
          const { ranges = new Uint32Array(0) } = piece.block;
          // A part of the piece may be done with before the others.
          if (ranges.length > 2) {
            const place = ledger.placeOf(piece.offset + (ranges[0] ?? 0));
            if (place !== undefined) open[place.partition]?.delete(place.offset);
            ledger.give(piece.offset + (ranges[1] ?? 0));
            check();
          }
          for (let at = 0; at < ranges.length; at += 2) {
            const place = ledger.placeOf(piece.offset + (ranges[at] ?? 0));
            if (place !== undefined) open[place.partition]?.delete(place.offset);
          }
          ledger.give(piece.end);
          check();
        }
        for (const { given, position } of states) assert.equal(given, position);
      },
    ),
  );
});

Deno.test("a partition is settled when all of it that was handed out was given, or it is another's", async () => {
  const { ledger, states } = runOf([[["a"], ["b"], []]], "skip");
  const [first, second, third] = states;
  assert.ok(first !== undefined && second !== undefined && third !== undefined);
  await ledger.settled(third);
  let isSettled = false;
  const waited = ledger.settled(first).then(() => isSettled = true);
  ledger.give(2);
  await Promise.resolve();
  assert.equal(isSettled, false);
  ledger.give(3);
  await waited;
  const lost = ledger.settled(second);
  second.isReleased = true;
  ledger.give(1);
  await lost;
});
