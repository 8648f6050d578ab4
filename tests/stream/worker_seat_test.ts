import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import type { Infer } from "../../lib/records/infer_events.ts";
import { type Answer, type Job, WorkerSeat } from "../../lib/stream/worker_seat.ts";
import { LocalWorker } from "../helpers/local_worker.ts";
import { bytesOf, FakeClock, settle } from "../helpers/streams.ts";

function seatOf(infer: Infer, timeoutMs = 0) {
  const clock = new FakeClock();
  const ends: { left: number; error: unknown }[] = [];
  const onEnd = (_: WorkerSeat, left: readonly Job[], error: unknown) =>
    ends.push({ left: left.length, error });
  const seat = new WorkerSeat({ index: 0, timeoutMs, clock, onAnswer: () => {}, onEnd });
  return { seat, clock, ends, worker: new LocalWorker(infer) };
}

function send(seat: WorkerSeat): Promise<Answer> {
  return new Promise((resolve, reject) => {
    seat.send({ block: { bytes: bytesOf("{}") }, worker: undefined, rank: 0, resolve, reject });
  });
}

Deno.test("it goes from empty over starting to ready, and answers", async () => {
  const { seat, worker } = seatOf((events) => Promise.resolve(events));
  const started = seat.start(() => worker);
  strictEqual(seat.state, "starting");
  await started;
  strictEqual(seat.state, "ready");
  const answer = await send(seat);
  strictEqual("result" in answer && answer.result.written, 1);
  strictEqual(seat.jobs, 0);
});

Deno.test("its worker's end loses the job under way and hands back the others, once", async () => {
  const { seat, worker, ends } = seatOf(() => new Promise(() => {}));
  await seat.start(() => worker);
  const first = send(seat);
  send(seat).catch(() => {});
  const error = new PackflowError("worker.exited", "Cannot go on");
  worker.die(error);
  deepStrictEqual(await first, { lost: error });
  await settle();
  deepStrictEqual(ends, [{ left: 1, error }]);
  deepStrictEqual([seat.state, seat.jobs, seat.wasIdle], ["empty", 0, false]);
});

Deno.test("no deadline is left when there is nothing to do", async () => {
  const { seat, worker, clock } = seatOf((events) => Promise.resolve(events), 50);
  await seat.start(() => worker);
  const answer = send(seat);
  deepStrictEqual(clock.timers, [50]);
  await answer;
  deepStrictEqual(clock.timers, []);
});

Deno.test("killed, it rejects its jobs and is nobody's loss", async () => {
  const { seat, worker, ends } = seatOf(() => new Promise(() => {}));
  await seat.start(() => worker);
  const answer = send(seat);
  const error = new Error("over");
  seat.kill(error);
  await rejects(answer, error);
  await settle();
  deepStrictEqual([ends, worker.killed], [[], true]);
});
