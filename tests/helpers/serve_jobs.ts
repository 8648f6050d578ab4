/** Jobs of the server, and workers in this very process that answer them. */
import { Job, type Outcome } from "../../lib/serve/job.ts";
import type { JobWorker } from "../../lib/serve/job_worker.ts";
import { joinRecords, shareResult } from "../../lib/serve/run_records.ts";
import { LocalWorker } from "./local_worker.ts";

/** A job and what came of it. */
export interface MadeJob {
  readonly job: Job;
  readonly outcomes: Outcome[];
}

/** A job of events `{"n":0}`, `{"n":1}`, and so on. */
export function jobOf(
  rows: number,
  options: { since?: number; deadline?: number; first?: number } = {},
): MadeJob {
  const { since = 0, deadline = 30_000, first = 0 } = options;
  const outcomes: Outcome[] = [];
  const texts = Array.from({ length: rows }, (_, index) => `{"n":${first + index}}`);
  const ranges = new Uint32Array(2 * rows);
  let at = 1;
  for (const [index, text] of texts.entries()) {
    ranges[2 * index] = at;
    ranges[2 * index + 1] = at + text.length;
    at += text.length + 1;
  }
  const bytes = new TextEncoder().encode(`[${texts.join(",")}]`);
  const done = (outcome: Outcome) => void outcomes.push(outcome);
  return { job: new Job({ kind: "records", bytes, ranges }, { rows, since, deadline, done }), outcomes };
}

/** A job of tensors that nobody can read. */
export function tensorJob(rows: number): MadeJob {
  const outcomes: Outcome[] = [];
  const done = (outcome: Outcome) => void outcomes.push(outcome);
  const payload = {
    kind: "tensors",
    bytes: new TextEncoder().encode("{}"),
    headerLength: undefined,
  } as const;
  return { job: new Job(payload, { rows, since: 0, deadline: 30_000, done }), outcomes };
}

/** Answers a job of events with the events themselves. */
export function answerLines(job: Job): void {
  const { payload } = job;
  if (payload.kind !== "records") throw new Error("it must be of records");
  const parts = [{ job, payload }];
  const { bytes, ranges = new Uint32Array(0) } = joinRecords(parts);
  const texts = Array.from(
    { length: job.rows },
    (_, index) => new TextDecoder().decode(bytes.subarray(ranges[2 * index], ranges[2 * index + 1])),
  );
  const output = new TextEncoder().encode(texts.map((text) => `${text}\n`).join(""));
  shareResult(parts, { output, written: job.rows, records: job.rows, batches: 1, lines: 0, failures: [] });
}

/** A worker that answers events, and no tensors. */
export class LocalJobWorker extends LocalWorker implements JobWorker {
  infer(): Promise<never> {
    return Promise.reject(new Error("it takes no tensors"));
  }
}

/** What a job was answered with, in short: its lines, or the code of its error. */
export function answerOf({ outcomes }: MadeJob): string | undefined {
  const [outcome] = outcomes;
  if (outcome === undefined) return undefined;
  if (outcome.kind === "error") return outcome.error.code;
  return outcome.kind === "records" ? new TextDecoder().decode(outcome.lines) : "tensors";
}
