import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { outcomeOf } from "../../lib/cli/run_outcome.ts";
import type { RunSummary } from "../../lib/stream/run_summary.ts";

const SUMMARY: RunSummary = {
  outcome: "completed",
  read: 1_250,
  written: 1_250,
  failed: 0,
  skipped: 0,
  dead: 0,
  unanswered: 0,
  batches: 5,
  bytesRead: 9_000,
  seconds: 0.5,
  startSeconds: 0.25,
  stages: { infer: 100, convert: 20 },
};

Deno.test("a run without failures ends with 0 and one line", () => {
  const { ok, exitCode, notes } = outcomeOf(SUMMARY, {});
  assert.deepEqual([ok, exitCode], [true, 0]);
  assert.deepEqual(notes, ["1,250 events in, 1,250 answers out in 0.50 s, 2,500 events/s"]);
});

Deno.test("events that failed give 3, wherever they went", () => {
  const { ok, exitCode, notes } = outcomeOf(
    { ...SUMMARY, written: 1_240, failed: 10, dead: 6, skipped: 4 },
    {},
  );
  assert.deepEqual([ok, exitCode], [false, 3]);
  assert.match(notes?.[0] ?? "", /10 failed, 6 in dead letters, 4 skipped/);
});

Deno.test("what stopped the run gives the exit code: an event 3, a sink 6, a project 4", () => {
  const codeOf = (code: "event.invalid_json" | "sink.write_failed" | "worker.exited", failed: number) =>
    outcomeOf({ ...SUMMARY, outcome: "failed", failure: new PackflowError(code, "x"), failed }, {}).exitCode;
  assert.equal(codeOf("event.invalid_json", 1), 3);
  assert.equal(codeOf("worker.exited", 1), 3);
  assert.equal(codeOf("worker.exited", 0), 4);
  assert.equal(codeOf("sink.write_failed", 1), 6);
});

Deno.test("a closed output ends quietly, and a signal is told", () => {
  assert.deepEqual(outcomeOf({ ...SUMMARY, outcome: "closed" }, {}), { ok: true });
  assert.match(outcomeOf({ ...SUMMARY, outcome: "drained" }, {}).notes?.[0] ?? "", /stopped by a signal$/);
});

Deno.test("for programs the last line is one JSON object", () => {
  const failure = new PackflowError("event.invalid_json", "x", { place: { file: "-", line: 3 } });
  const { notes } = outcomeOf({ ...SUMMARY, outcome: "failed", failure, failed: 1 }, { summary: "json" });
  const summary = JSON.parse(notes?.[0] ?? "");
  assert.equal(summary.schema, "packflow.run/1");
  assert.deepEqual([summary.ok, summary.exitCode, summary.read], [false, 3, 1_250]);
  assert.deepEqual(summary.failure, { code: "event.invalid_json", message: "x", file: "-", line: 3 });
});
