import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { isObject } from "../../lib/base/json.ts";
import { Dispatcher, type DispatcherOptions } from "../../lib/serve/dispatcher.ts";
import type { Infer } from "../../lib/records/infer_events.ts";
import { answerOf, jobOf, LocalJobWorker } from "../helpers/serve_jobs.ts";
import { FakeClock, settle } from "../helpers/streams.ts";

function dispatcherOf(infer: Infer, options: Partial<DispatcherOptions> = {}) {
  const clock = new FakeClock();
  const batches: number[] = [];
  const workers: LocalJobWorker[] = [];
  const figures = { restarts: 0 };
  const dispatcher = new Dispatcher({
    startWorker: () => {
      const worker = new LocalJobWorker(infer, { onError: "emit" });
      workers.push(worker);
      return worker;
    },
    workers: 1,
    maxBatch: 8,
    maxWaitMs: 0,
    maxQueue: 100,
    clock,
    observer: {
      batch: ({ rows }) => void batches.push(rows),
      queued: () => {},
      restarted: () => void figures.restarts++,
    },
    warn: () => {},
    ...options,
  });
  return { dispatcher, clock, batches, workers, figures };
}

const echo: Infer = (events) => Promise.resolve(events);

/** Lets one turn of the event loop pass. */
async function turn(clock: FakeClock): Promise<void> {
  clock.advance(0);
  await settle();
}

Deno.test("requests of one turn are one batch; those that come while it is done are the next", async () => {
  const { dispatcher, clock, batches } = dispatcherOf(echo);
  await dispatcher.start();
  const first = [jobOf(1), jobOf(2, { first: 1 }), jobOf(1, { first: 3 })];
  for (const { job } of first) dispatcher.add(job);
  clock.advance(0);
  const second = [jobOf(1, { first: 4 }), jobOf(1, { first: 5 })];
  for (const { job } of second) dispatcher.add(job);
  await settle();
  await turn(clock);
  deepStrictEqual(batches, [4, 2]);
  deepStrictEqual([...first, ...second].map(answerOf), [
    '{"n":0}\n',
    '{"n":1}\n{"n":2}\n',
    '{"n":3}\n',
    '{"n":4}\n',
    '{"n":5}\n',
  ]);
  strictEqual(dispatcher.pendingRows, 0);
  await dispatcher.close();
});

Deno.test("a batch that is not full waits as long as it may, counted from its first request", async () => {
  const { dispatcher, clock, batches } = dispatcherOf(echo, { maxWaitMs: 10, maxBatch: 3 });
  await dispatcher.start();
  dispatcher.add(jobOf(1).job);
  await turn(clock);
  clock.advance(9);
  dispatcher.add(jobOf(1, { since: 9 }).job);
  await turn(clock);
  deepStrictEqual(batches, []);
  clock.advance(1);
  await settle();
  deepStrictEqual(batches, [2]);
  for (let i = 0; i < 3; i++) dispatcher.add(jobOf(1, { since: 10 }).job);
  await turn(clock);
  deepStrictEqual(batches, [2, 3]);
  await dispatcher.close();
});

Deno.test("an event that fails does not fail its neighbours", async () => {
  const infer: Infer = (events) => {
    if (events.some(({ n }) => n === 1)) throw new Error("no ones");
    return Promise.resolve(events);
  };
  const { dispatcher, clock } = dispatcherOf(infer);
  await dispatcher.start();
  const jobs = [jobOf(1), jobOf(1, { first: 1 }), jobOf(1, { first: 2 })];
  for (const { job } of jobs) dispatcher.add(job);
  await turn(clock);
  const [first, second, third] = jobs.map(answerOf);
  deepStrictEqual([first, third], ['{"n":0}\n', '{"n":2}\n']);
  match(second ?? "", /"error":\{"code":"backend.hook_failed"/);
  await dispatcher.close();
});

Deno.test("of a batch that a worker ends over, only the event that does it is lost", async () => {
  const made = dispatcherOf((events) => {
    if (events.some(({ n }) => n === 5)) {
      made.workers.at(-1)?.die(new PackflowError("worker.exited", "Cannot go on"));
      return new Promise(() => {});
    }
    return Promise.resolve(events);
  });
  const { dispatcher, clock, figures } = made;
  await dispatcher.start();
  const jobs = [jobOf(3), jobOf(4, { first: 3 }), jobOf(1, { first: 7 })];
  for (const { job } of jobs) dispatcher.add(job);
  for (let i = 0; i < 9; i++) await turn(clock);
  const [first, second, third] = jobs.map(answerOf);
  deepStrictEqual([first, third], ['{"n":0}\n{"n":1}\n{"n":2}\n', '{"n":7}\n']);
  const lines = (second ?? "").trimEnd().split("\n").map((line): unknown => JSON.parse(line));
  deepStrictEqual(lines.map((line) => isObject(line) && "error" in line), [false, false, true, false]);
  strictEqual(figures.restarts, 5);
  await dispatcher.close();
});

Deno.test("more events than may wait are refused, and room is made as they are answered", async () => {
  const { dispatcher, clock } = dispatcherOf(echo, { maxQueue: 3 });
  await dispatcher.start();
  const [first, second, third] = [jobOf(2), jobOf(2), jobOf(1)];
  for (const { job } of [first, second, third]) dispatcher.add(job);
  strictEqual(answerOf(second), "request.queue_full");
  strictEqual(dispatcher.pendingRows, 3);
  await turn(clock);
  strictEqual(dispatcher.pendingRows, 0);
  const large = jobOf(9);
  dispatcher.add(large.job);
  for (let i = 0; i < 3; i++) await turn(clock);
  strictEqual(large.outcomes[0]?.kind, "records", "an empty queue takes a request of any size");
  await dispatcher.close();
});

Deno.test("at its deadline a request is answered, and its work dropped with the worker that hangs", async () => {
  const made = dispatcherOf((events) =>
    events.some(({ n }) => n === 1) ? new Promise(() => {}) : Promise.resolve(events)
  );
  const { dispatcher, clock, workers, figures } = made;
  await dispatcher.start();
  const hanging = jobOf(1, { first: 1, deadline: 1000 });
  dispatcher.add(hanging.job);
  clock.advance(0);
  const waiting = jobOf(1, { first: 2, deadline: 200 });
  dispatcher.add(waiting.job);
  for (let ms = 0; ms < 250; ms += 50) clock.advance(50);
  strictEqual(answerOf(waiting), "request.deadline");
  strictEqual(answerOf(hanging), undefined);
  for (let ms = 0; ms < 800; ms += 50) clock.advance(50);
  await settle();
  strictEqual(answerOf(hanging), "request.deadline");
  deepStrictEqual([workers.length, workers[0]?.killed, figures.restarts], [2, true, 1]);
  const next = jobOf(1, { first: 3, since: 1100, deadline: 2000 });
  dispatcher.add(next.job);
  await turn(clock);
  strictEqual(answerOf(next), '{"n":3}\n');
  await dispatcher.close();
});

Deno.test("an event that hangs costs its neighbours time, and not their answer", async () => {
  const made = dispatcherOf((events) =>
    events.some(({ n }) => n === 1) ? new Promise(() => {}) : Promise.resolve(events)
  );
  const { dispatcher, clock } = made;
  await dispatcher.start();
  const jobs = [0, 1, 2].map((first) => jobOf(1, { first, deadline: 1000 }));
  for (const { job } of jobs) dispatcher.add(job);
  clock.advance(0);
  for (let ms = 0; ms < 1100; ms += 50) {
    clock.advance(50);
    await settle();
  }
  const [first, second, third] = jobs.map(answerOf);
  match(second ?? "", /"code":"worker.timeout"/);
  deepStrictEqual([first, third], ['{"n":0}\n', '{"n":2}\n']);
  await dispatcher.close();
});

Deno.test("closed, it fails what waits", async () => {
  const { dispatcher } = dispatcherOf(() => new Promise(() => {}));
  await dispatcher.start();
  const job = jobOf(1);
  dispatcher.add(job.job);
  await dispatcher.close();
  strictEqual(answerOf(job), "request.draining");
  const late = jobOf(1);
  dispatcher.add(late.job);
  strictEqual(answerOf(late), "request.draining");
  strictEqual(dispatcher.isReady, false);
});

Deno.test("a backend that cannot be loaded fails the start", async () => {
  const clock = new FakeClock();
  const { dispatcher } = dispatcherOf(echo, {
    clock,
    startWorker: () =>
      new LocalJobWorker(echo, {}, Promise.reject(new PackflowError("model.invalid", "Cannot read"))),
  });
  await rejects(dispatcher.start(), { code: "model.invalid" });
  strictEqual(dispatcher.isReady, false);
  await dispatcher.close();
  deepStrictEqual(clock.timers, []);
});
