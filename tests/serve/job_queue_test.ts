import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { JobQueue } from "../../lib/serve/job_queue.ts";
import { fc } from "../helpers/fast_check.ts";
import { answerLines, jobOf, tensorJob } from "../helpers/serve_jobs.ts";

function queueOf(...rows: number[]): JobQueue {
  const queue = new JobQueue();
  for (const count of rows) queue.push(jobOf(count).job);
  return queue;
}

Deno.test("rows are counted, not jobs", () => {
  const queue = queueOf(2, 3, 4);
  strictEqual(queue.rows, 9);
  deepStrictEqual(queue.take(5).map(({ rows }) => rows), [2, 3]);
  strictEqual(queue.rows, 4);
});

Deno.test("a job of more rows than a batch may hold is parted, and answered as one", () => {
  const queue = new JobQueue();
  const { job, outcomes } = jobOf(5);
  queue.push(job);
  const parts = [queue.take(2), queue.take(2), queue.take(2)].flat();
  deepStrictEqual(parts.map(({ rows }) => rows), [2, 2, 1]);
  for (const part of parts.toReversed()) answerLines(part);
  const [outcome] = outcomes;
  strictEqual(outcome?.kind, "records");
  strictEqual(
    outcome?.kind === "records" ? new TextDecoder().decode(outcome.lines) : "",
    '{"n":0}\n{"n":1}\n{"n":2}\n{"n":3}\n{"n":4}\n',
  );
});

Deno.test("failures keep their index in the whole job", () => {
  const { job, outcomes } = jobOf(4);
  const [first, second] = job.split(3) ?? [];
  if (first === undefined || second === undefined) throw new Error("it must be parted");
  answerLines(first);
  second.failEvent(new PackflowError("worker.exited", "Cannot go on"));
  const [outcome] = outcomes;
  deepStrictEqual(
    outcome?.kind === "records" ? outcome.failures.map(({ index, code }) => [index, code]) : [],
    [
      [3, "worker.exited"],
    ],
  );
});

Deno.test("a batch is of one kind, in order", () => {
  const queue = new JobQueue();
  for (const job of [jobOf(1).job, tensorJob(1).job, tensorJob(2).job, jobOf(1).job]) queue.push(job);
  const kinds = [queue.take(9), queue.take(9), queue.take(9)].map((jobs) =>
    jobs.map(({ payload }) => payload.kind)
  );
  deepStrictEqual(kinds, [["records"], ["tensors", "tensors"], ["records"]]);
});

Deno.test("tensors of many rows go whole", () => {
  const queue = new JobQueue();
  queue.push(tensorJob(50).job);
  deepStrictEqual(queue.take(8).map(({ rows }) => rows), [50]);
});

Deno.test("jobs that were answered meanwhile are left out", () => {
  const queue = new JobQueue();
  const late = jobOf(1);
  queue.push(late.job);
  queue.push(jobOf(2).job);
  late.job.fail(new PackflowError("request.deadline", "Cannot wait"));
  deepStrictEqual(queue.take(9).map(({ rows }) => rows), [2]);
  strictEqual(queue.rows, 0);
});

Deno.test("what goes in comes out, once, in order, whatever the sizes", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 50 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 9 }),
      (sizes, limits) => {
        const queue = queueOf(...sizes);
        const taken: number[] = [];
        for (let turn = 0; queue.head !== undefined; turn++) {
          const limit = limits[turn % limits.length] ?? 1;
          const rows = queue.take(limit).reduce((sum, job) => sum + job.rows, 0);
          strictEqual(rows > 0 && rows <= limit, true);
          taken.push(rows);
        }
        strictEqual(taken.reduce((a, b) => a + b, 0), sizes.reduce((a, b) => a + b, 0));
        strictEqual(queue.rows, 0);
      },
    ),
    { seed: 7, numRuns: 200 },
  );
});
