import { joinBytes } from "../base/bytes.ts";
import { PackflowError } from "../base/errors.ts";
import type { RecordFailure } from "../records/block.ts";

/** What came of some records. */
export interface RecordsAnswer {
  readonly kind: "records";
  /** One line for each record, each with its newline; errors stand in the place of results. */
  readonly lines: Uint8Array;
  /** The records that failed, by their index among them. */
  readonly failures: readonly RecordFailure[];
}

/** What came of a request of the Open Inference Protocol: the body, and how much of it is JSON. */
export interface TensorsAnswer {
  readonly kind: "tensors";
  readonly body: Uint8Array;
  /** Length of the JSON before binary tensors; undefined where there is nothing but JSON. */
  readonly headerLength?: number;
}

/** What came of a job, or why there is nothing. */
export type Outcome = RecordsAnswer | TensorsAnswer | {
  readonly kind: "error";
  readonly error: PackflowError;
};

/** Events as JSON texts. */
export interface RecordsPayload {
  readonly kind: "records";
  readonly bytes: Uint8Array;
  /** Byte ranges of the records, as pairs. */
  readonly ranges: Uint32Array;
}

/** Events as a request of the Open Inference Protocol. */
export interface TensorsPayload {
  readonly kind: "tensors";
  readonly bytes: Uint8Array;
  /** Length of the JSON before binary tensors; undefined where there is nothing but JSON. */
  readonly headerLength: number | undefined;
}

/** The events of a job, in the form they came in. */
export type Payload = RecordsPayload | TensorsPayload;

/** What a job is made with. */
export interface JobOptions {
  /** Number of events, by which batches are filled; of tensors as they say themselves. */
  readonly rows: number;
  /** When it came, and when nobody waits for it any more, by the clock. */
  readonly since: number;
  readonly deadline: number;
  /** Called once, soon or late. */
  readonly done: (outcome: Outcome) => void;
  /** The job of which it is a part. */
  readonly whole?: Job;
}

/** A part of a request that waits for its answer. */
export class Job {
  readonly payload: Payload;
  readonly rows: number;
  readonly since: number;
  readonly deadline: number;
  readonly #whole: Job | undefined;
  #done: ((outcome: Outcome) => void) | undefined;
  /** Called before whoever waits is: for whoever counts. */
  onSettled: (() => void) | undefined;

  constructor(payload: Payload, { rows, since, deadline, done, whole }: JobOptions) {
    this.payload = payload;
    this.#whole = whole;
    this.rows = rows;
    this.since = since;
    this.deadline = deadline;
    this.#done = done;
  }

  /** Whether it has been answered, so that what else comes of it is of no use. */
  get isDone(): boolean {
    return this.#done === undefined || this.#whole?.isDone === true;
  }

  /** Answers it, unless that has been done. */
  settle(outcome: Outcome): void {
    const done = this.#done;
    if (done === undefined) return;
    this.#done = undefined;
    this.onSettled?.();
    done(outcome);
  }

  fail(error: PackflowError): void {
    this.settle({ kind: "error", error });
  }

  /** Answers a single event that its worker ended over, as other failures of events are answered. */
  failEvent({ code, message }: PackflowError): void {
    const { payload } = this;
    if (payload.kind === "tensors") return this.fail(new PackflowError(code, message));
    const [start = 0, end = 0] = payload.ranges;
    const failure: RecordFailure = { index: 0, start, end, line: 0, stage: "worker", code, message };
    this.settle({ kind: "records", lines: errorLine(failure), failures: [failure] });
  }

  /** The first so many of its records and the rest, as jobs of their own; undefined where it cannot be parted. */
  split(rows: number): readonly [Job, Job] | undefined {
    const { payload } = this;
    if (payload.kind === "tensors" || this.rows <= rows) return undefined;
    const parts: RecordsAnswer[] = [];
    const answered = (part: number) => (outcome: Outcome) => {
      if (outcome.kind !== "records") return this.settle(outcome);
      parts[part] = outcome;
      const [first, second] = parts;
      if (first !== undefined && second !== undefined) this.settle(joined(first, second, rows));
    };
    const { since, deadline } = this;
    const partOf = (from: number, to: number, part: number) =>
      new Job(recordsOf(payload, from, to), {
        rows: to - from,
        since,
        deadline,
        done: answered(part),
        whole: this,
      });
    return [partOf(0, rows, 0), partOf(rows, this.rows, 1)];
  }
}

function recordsOf({ bytes, ranges }: RecordsPayload, from: number, to: number): RecordsPayload {
  const start = ranges[2 * from] ?? 0;
  return {
    kind: "records",
    bytes: bytes.subarray(start, ranges[2 * to - 1]),
    ranges: ranges.subarray(2 * from, 2 * to).map((position) => position - start),
  };
}

/** What stands in the place of a result. */
export function errorLine({ code, message }: Pick<RecordFailure, "code" | "message">): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ error: { code, message } })}\n`);
}

function joined(first: RecordsAnswer, second: RecordsAnswer, rows: number): RecordsAnswer {
  const lines = joinBytes([first.lines, second.lines]);
  const later = second.failures.map((failure) => ({ ...failure, index: failure.index + rows }));
  return { kind: "records", lines, failures: [...first.failures, ...later] };
}
