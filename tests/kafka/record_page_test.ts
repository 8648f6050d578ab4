import assert from "node:assert/strict";
import { RecordPage } from "../../lib/kafka/record_page.ts";
import { concat, textOf } from "../helpers/streams.ts";
import { fc } from "../helpers/fast_check.ts";
import { batchOf, type FakeRecord } from "../helpers/kafka_fake.ts";

const unpack = (bytes: Uint8Array) => bytes;
const records = fc.array(
  fc.record({
    value: fc.option(fc.string({ unit: "binary", maxLength: 200 }), { freq: 8 }),
    key: fc.string({ maxLength: 20 }),
    timestamp: fc.integer({ min: -1, max: 2 ** 41 }),
  }),
  { minLength: 1, maxLength: 30 },
);

function valuesOf(page: RecordPage): string[] {
  return Array.from(
    { length: page.count },
    (_, at) => textOf(page.bytes.subarray(page.startOf(at), page.ends[at])),
  );
}

function keyOf(page: RecordPage, record: number): string {
  const [start, end] = page.parts.subarray(5 * record);
  return textOf(page.sourceOf(record).subarray(start, end));
}

Deno.test("records come out of a page as they went into batches, in order, with key, time and offset", () => {
  fc.assert(
    fc.property(
      fc.array(records, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 0 }),
      (batches, base) => {
        const all: (FakeRecord & { offset: number })[] = [];
        const bytes = concat(...batches.map((batch) => {
          const first = base + all.length;
          all.push(...batch.map((record, at) => ({ ...record, offset: first + at })));
          return batchOf(batch, first);
        }));
        const page = new RecordPage([{ partition: 3, from: base, bytes, aborted: [] }], {
          unpack,
          tombstones: "fail",
        });
        assert.deepEqual(valuesOf(page), all.map(({ value }) => value ?? ""));
        for (const [at, { key, offset, timestamp }] of all.entries()) {
          assert.equal(keyOf(page, at), key);
          assert.equal(page.offsets[at], offset);
          assert.equal(page.timestamps[at], timestamp);
        }
        assert.deepEqual(page.runs, [{ partition: 3, first: 0, last: all.length, next: base + all.length }]);
      },
    ),
  );
});

Deno.test("records before the offset that was asked for and from the end on are left out", () => {
  const bytes = batchOf(["a", "b", "c", "d"].map((value) => ({ value })), 10);
  const page = new RecordPage([{ partition: 0, from: 11, to: 13, bytes, aborted: [] }], {
    unpack,
    tombstones: "skip",
  });
  assert.deepEqual(valuesOf(page), ["b", "c"]);
  assert.equal(page.runs[0]?.next, 13);
});

Deno.test("a batch that is cut off is left for the next time, and its offsets with it", () => {
  const whole = batchOf([{ value: "a" }], 0);
  const bytes = concat(whole, batchOf([{ value: "b" }], 1).subarray(0, 65));
  const page = new RecordPage([{ partition: 0, from: 0, bytes, aborted: [] }], {
    unpack,
    tombstones: "skip",
  });
  assert.deepEqual(valuesOf(page), ["a"]);
  assert.equal(page.runs[0]?.next, 1);
});

Deno.test("records without a value are skipped, passed on or empty, and their offsets move on", () => {
  const bytes = batchOf([{ value: "a" }, { value: null, key: "k" }], 5);
  const pageOf = (tombstones: "skip" | "pass" | "fail") =>
    new RecordPage([{ partition: 0, from: 5, bytes, aborted: [] }], { unpack, tombstones });
  assert.deepEqual([valuesOf(pageOf("skip")), pageOf("skip").runs[0]?.next], [["a"], 7]);
  assert.deepEqual([valuesOf(pageOf("pass")), [...pageOf("pass").passed]], [["a", ""], [0, 1]]);
  assert.deepEqual([valuesOf(pageOf("fail")), [...pageOf("fail").passed]], [["a", ""], [0, 0]]);
});

Deno.test("records of aborted transactions are left out, those of others are not", () => {
  const batch = (value: string, offset: number, { id, attributes }: { id: number; attributes: number }) => {
    const bytes = batchOf([{ value }], offset);
    const view = new DataView(bytes.buffer);
    view.setInt16(21, attributes);
    view.setBigInt64(43, BigInt(id));
    return bytes;
  };
  const bytes = concat(
    batch("aborted", 0, { id: 7, attributes: 0x10 }),
    batch("committed", 1, { id: 8, attributes: 0x10 }),
    batch("mark", 2, { id: 7, attributes: 0x30 }),
    batch("later", 3, { id: 7, attributes: 0x10 }),
    batch("plain", 4, { id: 7, attributes: 0 }),
    batch("mark", 5, { id: 8, attributes: 0x30 }),
  );
  const aborted = [{ producerId: 7, firstOffset: 0 }];
  const page = new RecordPage([{ partition: 0, from: 0, bytes, aborted }], { unpack, tombstones: "skip" });
  assert.deepEqual(valuesOf(page), ["committed", "later", "plain"]);
  assert.equal(page.runs[0]?.next, 6);
});

Deno.test("packed batches are unpacked, and one that cannot be is an error", () => {
  const bytes = batchOf([{ value: "abc" }], 0);
  new DataView(bytes.buffer).setInt16(21, 4);
  const asked: number[] = [];
  const page = new RecordPage([{ partition: 0, from: 0, bytes, aborted: [] }], {
    tombstones: "skip",
    unpack: (packed, compression) => {
      asked.push(compression);
      return packed;
    },
  });
  assert.deepEqual([valuesOf(page), asked], [["abc"], [4]]);
  const fails = () => {
    throw new RangeError("Cannot unpack");
  };
  assert.throws(
    () =>
      new RecordPage([{ partition: 0, from: 0, bytes, aborted: [] }], { tombstones: "skip", unpack: fails }),
    RangeError,
  );
});

Deno.test("bytes that are no records are an error, never a hang or a record made up", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 8 }),
      fc.nat({ max: 255 }),
      (places, byte) => {
        const bytes = batchOf(["one", "two", "three"].map((value) => ({ value })), 0);
        for (const place of places) bytes[61 + place % (bytes.length - 61)] = byte;
        try {
          const page = new RecordPage([{ partition: 0, from: 0, bytes, aborted: [] }], {
            unpack,
            tombstones: "skip",
          });
          assert.ok(page.count <= 3);
        } catch (error) {
          assert.ok(error instanceof RangeError, String(error));
        }
      },
    ),
  );
});
