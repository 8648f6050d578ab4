import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { BlockSize } from "../../lib/stream/block_size.ts";

function measuredOften(
  batchSize: number,
  { bytesPerRecord, msPerRecord }: Record<string, number>,
): BlockSize {
  const size = new BlockSize(batchSize);
  for (let i = 0; i < 30; i++) {
    size.measured({ bytes: 100 * (bytesPerRecord ?? 1), records: 100 }, 100 * (msPerRecord ?? 1));
  }
  return size;
}

Deno.test("the first block is one batch, so that the first answer is soon", () => {
  strictEqual(new BlockSize(32).limits.records, 32);
});

Deno.test("blocks of quick records are cut by bytes, up to a bound", () => {
  deepStrictEqual(measuredOften(256, { bytesPerRecord: 90, msPerRecord: 0.001 }).limits, {
    bytes: 256 * 1024,
    records: Infinity,
  });
});

Deno.test("a block holds one batch at least, whatever its bytes", () => {
  const { limits } = measuredOften(100, { bytesPerRecord: 10_000, msPerRecord: 0.001 });
  deepStrictEqual(limits, { bytes: 1_000_000, records: Infinity });
});

Deno.test("blocks of slow records are whole batches that take about 25 ms, or one batch", () => {
  strictEqual(measuredOften(10, { bytesPerRecord: 90, msPerRecord: 1 }).limits.records, 20);
  strictEqual(measuredOften(10, { bytesPerRecord: 90, msPerRecord: 100 }).limits.records, 10);
});

Deno.test("blocks of slow records need no more bytes than such records have, with some to spare", () => {
  const bytesOf = (bytesPerRecord: number) =>
    measuredOften(10, { bytesPerRecord, msPerRecord: 1 }).limits.bytes;
  strictEqual(bytesOf(90), 256 * 1024);
  strictEqual(bytesOf(50_000), 2_000_000);
  strictEqual(bytesOf(1e6), 8 * 1024 * 1024);
  strictEqual(new BlockSize(10).limits.bytes, 2 * 1024 * 1024);
});

Deno.test("one quick block alone does not make the next one large", () => {
  const size = new BlockSize(8);
  size.measured({ bytes: 80, records: 8 }, 0);
  strictEqual(size.limits.bytes, 8 * 8 * 10);
});

Deno.test("a block of blank lines tells nothing", () => {
  const size = new BlockSize(8);
  size.measured({ bytes: 80, records: 0 }, 1);
  strictEqual(size.limits.records, 8);
});
