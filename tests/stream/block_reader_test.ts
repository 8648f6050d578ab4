import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { BlockReader, type ReaderOptions, type ReadPiece } from "../../lib/stream/block_reader.ts";
import type { Source } from "../../lib/stream/source.ts";
import {
  bytesOf,
  FakeClock,
  ManualSource,
  memorySource,
  pieces,
  settle,
  textOf,
} from "../helpers/streams.ts";

const BATCH = { bytes: 1e6, records: 3 };

function readerOf(source: Source | readonly Source[], more: Partial<ReaderOptions> = {}): BlockReader {
  const sources = Array.isArray(source) ? source : [source];
  return new BlockReader(sources.map((each) => () => each), {
    inputFormat: undefined,
    batchSize: 3,
    maxWaitMs: 0,
    maxEventBytes: 1000,
    clock: new FakeClock(),
    signal: undefined,
    ...more,
  });
}

const text = (read: ReadPiece | undefined) => read && textOf(read.piece.block.bytes);

async function allOf(reader: BlockReader, limits = BATCH) {
  const blocks = [];
  for (let block; (block = await reader.next(limits)) !== undefined;) blocks.push(text(block));
  return blocks;
}

/** Watches a promise without awaiting it. */
function watch<T>(promise: Promise<T>) {
  const seen: { value?: T; done: boolean } = { done: false };
  promise.then((value) => Object.assign(seen, { value, done: true }), () => seen.done = true);
  return seen;
}

Deno.test("a source that never pauses gives full blocks, whatever its chunks", async () => {
  const input = bytesOf("1\n2\n3\n4\n5\n6\n7\n8");
  for (const size of [1, 2, 5, 99]) {
    const reader = readerOf(memorySource(pieces(input, size)));
    deepStrictEqual(await allOf(reader), ["1\n2\n3\n", "4\n5\n6\n", "7\n8"]);
    strictEqual(reader.bytesRead, 15);
    const byBytes = await allOf(readerOf(memorySource(pieces(input, size))), { bytes: 5, records: Infinity });
    deepStrictEqual(byBytes, ["1\n2\n", "3\n4\n", "5\n6\n", "7\n8"]);
  }
});

Deno.test("an idle input is not waited for", async () => {
  const clock = new FakeClock();
  const source = new ManualSource();
  const next = watch(readerOf(source, { clock }).next(BATCH));
  source.send("1\n2\n");
  await settle();
  strictEqual(next.done, false);
  clock.advance(0);
  await settle();
  strictEqual(text(next.value), "1\n2\n");
});

Deno.test("with a longest wait, the first event waits for others until then", async () => {
  const clock = new FakeClock();
  const source = new ManualSource();
  const next = watch(readerOf(source, { clock, maxWaitMs: 50 }).next(BATCH));
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
  strictEqual(text(next.value), "1\n2\n");
});

Deno.test("a batch that is full does not wait, and what is left waits from when it came", async () => {
  const clock = new FakeClock();
  const source = new ManualSource();
  const reader = readerOf(source, { clock, maxWaitMs: 50 });
  source.send("1\n2\n3\n4\n");
  await settle();
  clock.advance(20);
  strictEqual(text(await reader.next(BATCH)), "1\n2\n3\n");
  const next = watch(reader.next(BATCH));
  await settle();
  deepStrictEqual(clock.timers, [50]);
  clock.advance(30);
  await settle();
  strictEqual(text(next.value), "4\n");
});

Deno.test("with a longest wait, a batch is enough even where a block could be larger", async () => {
  const source = new ManualSource();
  const next = watch(readerOf(source, { maxWaitMs: 50 }).next({ bytes: 1e6, records: Infinity }));
  source.send("1\n2\n3\n");
  await settle();
  strictEqual(text(next.value), "1\n2\n3\n");
});

Deno.test("aborted while it has read far enough ahead, it leaves the unfinished record unread too", async () => {
  const source = new ManualSource();
  const stop = new AbortController();
  const full = Promise.withResolvers<void>();
  const reader = readerOf(source, { signal: stop.signal, onFull: full.resolve });
  source.send("1\n".repeat(1024 * 1024) + "2 is not fini");
  await full.promise;
  stop.abort();
  const blocks = await allOf(reader, { bytes: 1e9, records: Infinity });
  strictEqual(blocks.join(""), "1\n".repeat(1024 * 1024));
});

Deno.test("aborted while waiting, it gives the complete records and leaves the unfinished one unread", async () => {
  const source = new ManualSource();
  const stop = new AbortController();
  const reader = readerOf(source, { maxWaitMs: 1e6, signal: stop.signal });
  const next = watch(reader.next(BATCH));
  source.send("1\n2\n3 is not fini");
  await settle();
  strictEqual(next.done, false);
  stop.abort();
  await settle();
  strictEqual(text(next.value), "1\n2\n");
  strictEqual(await reader.next(BATCH), undefined);
});

Deno.test("aborted before the start, it reads nothing", async () => {
  const source = new ManualSource();
  strictEqual(await readerOf(source, { signal: AbortSignal.abort() }).next(BATCH), undefined);
  strictEqual(source.asked, 0);
});

Deno.test("what was read before the source failed comes first, then the failure", async () => {
  const fault = new Error("unplugged");
  async function* read() {
    yield await Promise.resolve(bytesOf("1\n2\n3\n4\n5"));
    throw fault;
  }
  const reader = readerOf({ name: "x", mayPause: false, chunks: { [Symbol.asyncIterator]: read } });
  strictEqual(text(await reader.next(BATCH)), "1\n2\n3\n");
  strictEqual(text(await reader.next(BATCH)), "4\n");
  await rejects(reader.next(BATCH), fault);
});

Deno.test("closing lets the source go without waiting for its read", async () => {
  const source = new ManualSource();
  const reader = readerOf(source);
  const next = watch(reader.next(BATCH));
  await settle();
  reader.close();
  strictEqual(source.returned, true);
  await settle();
  deepStrictEqual([next.done, next.value], [true, undefined]);
});

Deno.test("it reads ahead so far and no further, and says so", async () => {
  const source = new ManualSource();
  for (let i = 0; i < 1000; i++) source.send("x".repeat(9999) + "\n");
  let full = 0;
  const reader = readerOf(source, { maxEventBytes: 1e5, onFull: () => full++ });
  for (let i = 0; i < 20; i++) await settle();
  deepStrictEqual([source.asked, full], [105, 1]);
  await reader.next({ bytes: 100_000, records: Infinity });
  for (let i = 0; i < 20; i++) await settle();
  deepStrictEqual([source.asked, full], [115, 2]);
});

Deno.test("a block that needs more than is read ahead gets it", async () => {
  const chunk = bytesOf(("x".repeat(999) + "\n").repeat(100));
  const reader = readerOf(memorySource(Array.from({ length: 50 }, () => chunk)));
  const read = await reader.next({ bytes: 3e6, records: Infinity });
  strictEqual(read?.piece.block.bytes.length, 3e6);
});

Deno.test("sources follow one another, each with its own places, the last line of each ending with it", async () => {
  const reader = readerOf([memorySource("1\n2", "a"), memorySource("", "b"), memorySource("\uFEFF3\n", "c")]);
  const seen = [];
  for (let read; (read = await reader.next(BATCH)) !== undefined;) {
    const { piece, source } = read;
    seen.push([text(read), source.name, source.index, piece.offset, piece.end]);
  }
  deepStrictEqual(seen, [["1\n2", "a", 0, 0, 3], ["3\n", "c", 2, 3, 5]]);
});

Deno.test("it goes on from a start: sources before are not opened, records before are left out", async () => {
  const input = memorySource("[1,22,3]", "b");
  const reader = new BlockReader([() => Promise.reject(new Error("not opened")), () => input], {
    inputFormat: undefined,
    batchSize: 3,
    maxWaitMs: 0,
    maxEventBytes: 1000,
    clock: new FakeClock(),
    signal: undefined,
    start: { source: 1, offset: 2 },
  });
  deepStrictEqual(await allOf(reader), ["22,3"]);
  const lines = readerOf({ ...memorySource("33\n4\n"), offset: 6 }, { start: { source: 0, offset: 9 } });
  const read = await lines.next(BATCH);
  deepStrictEqual([text(read), read?.piece.offset], ["4\n", 9]);
});
