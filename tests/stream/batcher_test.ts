import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { Batcher, type BatcherOptions } from "../../lib/stream/batcher.ts";
import type { RecordBlock } from "../../lib/records/record_block.ts";
import {
  bytesOf,
  FakeClock,
  ManualSource,
  memorySource,
  pieces,
  recordsOf,
  settle,
} from "../helpers/streams.ts";

const options = (more: Partial<BatcherOptions> = {}): BatcherOptions => ({
  inputFormat: undefined,
  batchSize: 3,
  maxWaitMs: 0,
  maxEventBytes: 1000,
  clock: new FakeClock(),
  signal: undefined,
  ...more,
});

const texts = (block: RecordBlock | undefined) => block && recordsOf(block).map(({ text }) => text);

async function allOf(batcher: Batcher, mostBatches = 1) {
  const blocks = [];
  for (let block; (block = await batcher.next(mostBatches)) !== undefined;) blocks.push(texts(block));
  return blocks;
}

/** Watches a promise without awaiting it. */
function watch<T>(promise: Promise<T>) {
  const seen: { value?: T; done: boolean } = { done: false };
  promise.then((value) => Object.assign(seen, { value, done: true }), () => seen.done = true);
  return seen;
}

Deno.test("a source that never pauses gives full batches, whatever its chunks", async () => {
  const input = bytesOf("1\n2\n3\n4\n5\n6\n7\n8");
  for (const size of [1, 2, 5, 99]) {
    const batcher = new Batcher(memorySource(pieces(input, size)), options());
    deepStrictEqual(await allOf(batcher), [["1", "2", "3"], ["4", "5", "6"], ["7", "8"]]);
    strictEqual(batcher.bytesRead, 15);
  }
});

Deno.test("several batches come as one block where they are there and wanted", async () => {
  const batcher = new Batcher(memorySource("1\n2\n3\n4\n5\n6\n7\n8"), options());
  deepStrictEqual(await allOf(batcher, 2), [["1", "2", "3", "4", "5", "6"], ["7", "8"]]);
});

Deno.test("an idle input is not waited for", async () => {
  const clock = new FakeClock();
  const source = new ManualSource();
  const batcher = new Batcher(source, options({ clock }));
  const next = watch(batcher.next(9));
  source.send("1\n2\n");
  await settle();
  strictEqual(next.done, false);
  clock.advance(0);
  await settle();
  deepStrictEqual(texts(next.value), ["1", "2"]);
});

Deno.test("with a longest wait, the first event waits for others until then", async () => {
  const clock = new FakeClock();
  const source = new ManualSource();
  const batcher = new Batcher(source, options({ clock, maxWaitMs: 50 }));
  const next = watch(batcher.next(9));
  source.send("1\n");
  await settle();
  clock.advance(40);
  source.send("2\n");
  await settle();
  deepStrictEqual(clock.timers, [50]);
  clock.advance(9);
  await settle();
  strictEqual(next.done, false);
  clock.advance(1);
  await settle();
  deepStrictEqual(texts(next.value), ["1", "2"]);
});

Deno.test("a batch that is full does not wait, and what is left waits from when it came", async () => {
  const clock = new FakeClock();
  const source = new ManualSource();
  const batcher = new Batcher(source, options({ clock, maxWaitMs: 50 }));
  source.send("1\n2\n3\n4\n");
  deepStrictEqual(texts(await batcher.next(9)), ["1", "2", "3"]);
  clock.advance(20);
  const next = watch(batcher.next(9));
  await settle();
  deepStrictEqual(clock.timers, [50]);
  clock.advance(30);
  await settle();
  deepStrictEqual(texts(next.value), ["4"]);
});

Deno.test("one read is under way at a time, and none before the last chunk is split", async () => {
  const source = new ManualSource();
  const batcher = new Batcher(source, options({ batchSize: 1 }));
  for (let i = 0; i < 5; i++) source.send(`${i}a\n${i}b\n`);
  strictEqual(source.asked, 0);
  await batcher.next(1);
  strictEqual(source.asked, 2);
  await settle();
  await batcher.next(1);
  strictEqual(source.asked, 2);
  await batcher.next(1);
  strictEqual(source.asked, 3);
});

Deno.test("aborted while waiting, it gives the complete records and leaves the unfinished one unread", async () => {
  const source = new ManualSource();
  const stop = new AbortController();
  const batcher = new Batcher(source, options({ maxWaitMs: 1e6, signal: stop.signal }));
  const next = watch(batcher.next(1));
  source.send("1\n2\n3 is not fini");
  await settle();
  strictEqual(next.done, false);
  stop.abort();
  await settle();
  deepStrictEqual(texts(next.value), ["1", "2"]);
  strictEqual(await batcher.next(1), undefined);
});

Deno.test("aborted before the start, it reads nothing", async () => {
  const source = new ManualSource();
  const batcher = new Batcher(source, options({ signal: AbortSignal.abort() }));
  strictEqual(await batcher.next(1), undefined);
  strictEqual(source.asked, 0);
});

Deno.test("what was read before the source failed comes first, then the failure", async () => {
  const fault = new Error("unplugged");
  async function* read() {
    yield await Promise.resolve(bytesOf("1\n2\n3\n4\n5"));
    throw fault;
  }
  const source = { name: "x", mayPause: false, chunks: { [Symbol.asyncIterator]: read } };
  const batcher = new Batcher(source, options());
  deepStrictEqual(texts(await batcher.next(1)), ["1", "2", "3"]);
  await settle();
  deepStrictEqual(texts(await batcher.next(1)), ["4"]);
  await rejects(batcher.next(1), fault);
});

Deno.test("closing lets the source go without waiting for its read", async () => {
  const source = new ManualSource();
  const batcher = new Batcher(source, options());
  const next = watch(batcher.next(1));
  batcher.close();
  strictEqual(source.returned, true);
  await settle();
  strictEqual(next.done, false);
});

Deno.test("events of many bytes make a block before they make a batch", async () => {
  const line = new Uint8Array(1024 * 1024).fill(0x78);
  line[line.length - 1] = 0x0a;
  const chunks = Array.from({ length: 20 }, () => line);
  const batcher = new Batcher(memorySource(chunks), options({ batchSize: 1000, maxEventBytes: 2 ** 21 }));
  strictEqual((await batcher.next(1))?.starts.length, 8);
});

Deno.test("a source that never pauses is waited for, as its next bytes are on their way", async () => {
  const clock = new FakeClock();
  const source = Object.assign(new ManualSource(), { mayPause: false });
  const batcher = new Batcher(source, options({ clock }));
  const next = watch(batcher.next(1));
  source.send("1\n");
  await settle();
  clock.advance(1e6);
  await settle();
  strictEqual(next.done, false);
  source.end();
  await settle();
  deepStrictEqual(texts(next.value), ["1"]);
});
