import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import type { Infer } from "../../lib/records/infer_events.ts";
import { type PoolOptions, WorkerPool } from "../../lib/stream/worker_pool.ts";
import { LocalWorker } from "../helpers/local_worker.ts";
import { bytesOf, FakeClock, settle } from "../helpers/streams.ts";

const echo: Infer = (events) => Promise.resolve(events);
const never: Infer = () => new Promise(() => {});
const block = (text = '{"a":1}\n') => ({ bytes: bytesOf(text) });
const exited = () => new PackflowError("worker.exited", "Cannot go on");

function poolOf(options: Partial<PoolOptions> & { infer?: Infer; ready?: Promise<void> } = {}) {
  const started: LocalWorker[] = [];
  const clock = new FakeClock();
  const { infer = echo, ready, ...rest } = options;
  const startWorker = () => {
    const worker = new LocalWorker(infer, {}, ready);
    started.push(worker);
    return worker;
  };
  return { pool: new WorkerPool({ startWorker, workers: 2, timeoutMs: 0, clock, ...rest }), started, clock };
}

Deno.test("one worker is started at once, others when there is work for all", async () => {
  const { pool, started } = poolOf({ workers: 3 });
  strictEqual(started.length, 1);
  pool.startAll();
  pool.startAll();
  strictEqual(started.length, 3);
  await pool.close();
});

Deno.test("a second worker starts when the first has been busy for a while, and not before", async () => {
  const { pool, started, clock } = poolOf({ infer: never });
  await pool.room();
  pool.process(block(), 0);
  pool.process(block(), 1);
  const room = pool.room();
  await settle();
  clock.advance(99);
  await settle();
  strictEqual(started.length, 1);
  clock.advance(1);
  await room;
  strictEqual(started.length, 2);
  await pool.close();
});

Deno.test("a worker has two blocks at most, and blocks of lower rank go first", async () => {
  const waiting: (() => void)[] = [];
  const seen: number[] = [];
  const infer: Infer = async (events) => {
    seen.push(Number(events[0]?.a));
    await new Promise<void>((resolve) => waiting.push(resolve));
    return events;
  };
  const { pool } = poolOf({ infer, workers: 1 });
  for (const rank of [0, 1, 3, 2.5]) pool.process(block(`{"a":${rank}}`), rank);
  for (let i = 0; i < 4; i++) {
    await settle();
    strictEqual(waiting.length, 1);
    waiting.pop()?.();
  }
  deepStrictEqual(seen, [0, 1, 2.5, 3]);
  await pool.close();
});

Deno.test("a worker that ends over a block loses that one; the next goes to a new worker", async () => {
  const { pool, started } = poolOf({ infer: never, workers: 1 });
  await pool.room();
  const first = pool.process(block(), 0);
  const second = pool.process(block(), 1);
  const error = exited();
  started[0]?.die(error);
  deepStrictEqual(await first, { lost: error });
  await settle();
  strictEqual(started.length, 2);
  const other = exited();
  started[1]?.die(other);
  deepStrictEqual(await second, { lost: other });
  await pool.close();
});

Deno.test("a block that takes too long is lost, counted from when the worker turned to it", async () => {
  let answer = () => {};
  let calls = 0;
  const infer: Infer = (events) =>
    ++calls === 1 ? new Promise((resolve) => answer = () => resolve(events)) : never(events);
  const { pool, started, clock } = poolOf({ infer, workers: 1, timeoutMs: 100 });
  await pool.room();
  const first = pool.process(block(), 0);
  const second = pool.process(block(), 1);
  await settle();
  clock.advance(99);
  answer();
  strictEqual("result" in await first, true);
  await settle();
  clock.advance(99);
  await settle();
  strictEqual(started[0]?.killed, false);
  clock.advance(1);
  const lost = await second;
  strictEqual("lost" in lost && lost.lost.code, "worker.timeout");
  strictEqual(started[0]?.killed, true);
  await pool.close();
});

Deno.test("a worker that cannot be started ends everything with the reason", async () => {
  const reason = new PackflowError("model.not_found", "Cannot open");
  const { pool } = poolOf({ ready: Promise.reject(reason) });
  const processed = rejects(pool.process(block(), 0), reason);
  await rejects(pool.room(), reason);
  await processed;
  await rejects(pool.process(block(), 1), reason);
  await pool.close();
});

Deno.test("a worker that does not get ready is given up in the end", async () => {
  const { pool, started, clock } = poolOf({ ready: new Promise(() => {}), workers: 1 });
  const room = rejects(pool.room(), { code: "worker.timeout" });
  await settle();
  clock.advance(120_000);
  await room;
  strictEqual(started[0]?.killed, true);
  await pool.close();
});

Deno.test("workers that end again and again with nothing to do end everything", async () => {
  const { pool, started } = poolOf({ workers: 1 });
  for (let i = 0; i < 3; i++) {
    await settle();
    started[i]?.die(exited());
  }
  await settle();
  await rejects(pool.room(), { code: "worker.exited" });
  strictEqual(started.length, 3);
  await pool.close();
});

Deno.test("a worker that ends with nothing to do now and then is replaced", async () => {
  const { pool, started } = poolOf({ workers: 1 });
  for (let i = 0; i < 6; i++) {
    await settle();
    strictEqual("result" in await pool.process(block(), i), true);
    started[i]?.die(exited());
  }
  await settle();
  strictEqual(started.length, 7);
  await pool.close();
});

Deno.test("an error that is no worker's end is nobody's loss but ends everything", async () => {
  const { pool, started } = poolOf({ infer: never, workers: 1 });
  await pool.room();
  const defect = new Error("defect");
  const processed = rejects(pool.process(block(), 0), defect);
  started[0]?.die(defect);
  await processed;
  await rejects(pool.room(), defect);
  await pool.close();
});

Deno.test("a block for one worker waits for that one", async () => {
  const { pool, started } = poolOf();
  pool.startAll();
  await settle();
  const [one, two] = started;
  const seen: number[] = [];
  for (const [index, worker] of [one, two].entries()) {
    if (worker === undefined) continue;
    const { process } = worker;
    worker.process = (given) => {
      seen.push(index);
      return process.call(worker, given);
    };
  }
  await Promise.all([1, 1, 1, 0].map((worker, rank) => pool.process(block(), rank, worker)));
  deepStrictEqual(seen.toSorted(), [0, 1, 1, 1]);
  await pool.close();
});

Deno.test("closing lets idle workers end, and ends busy ones and those that start", async () => {
  const busy = poolOf({ infer: never, workers: 1 });
  await busy.pool.room();
  busy.pool.process(block(), 0).catch(() => {});
  await busy.pool.close();
  strictEqual(busy.started[0]?.killed, true);
  const idle = poolOf({ workers: 1 });
  await idle.pool.room();
  await idle.pool.close();
  deepStrictEqual([idle.started[0]?.closed, idle.started[0]?.killed], [true, false]);
  const starting = poolOf({ ready: new Promise(() => {}), workers: 1 });
  await starting.pool.close();
  strictEqual(starting.started[0]?.killed, true);
});

Deno.test("a held pool has one worker until it is released", async () => {
  const { pool, started } = poolOf({ isHeld: true });
  pool.startAll();
  strictEqual(started.length, 1);
  pool.release();
  strictEqual(started.length, 2);
  await pool.close();
});
