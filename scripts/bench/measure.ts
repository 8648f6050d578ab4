import { availableParallelism } from "node:os";
import { join } from "node:path";
import { compareAnswers } from "./compare_answers.ts";
import type { MeasuredRun } from "./measured_run.ts";
import type { PackflowProgram } from "./packflow_program.ts";
import type { PythonPeer } from "./python_peer.ts";
import { type Spread, spreadOf } from "./statistics.ts";
import type { Workload } from "./workloads.ts";

/** Both sides, and where they leave their answers. */
export interface Sides {
  readonly ours: PackflowProgram;
  /** Absent where there is no Python. */
  readonly theirs: PythonPeer | undefined;
  readonly folder: string;
}

/** Repeated runs of one side. */
export interface Timing {
  /** From when the model is loaded to the last write. */
  readonly seconds: Spread;
  /** Of the whole process. */
  readonly wallSeconds: Spread;
}

/** Both sides on one workload with one batch size. */
export interface Comparison {
  readonly workload: string;
  readonly rows: number;
  readonly batchSize: number;
  readonly ours: Timing;
  /** Milliseconds by stage in the last run, where the program says so. */
  readonly stages: Readonly<Record<string, number>>;
  readonly theirs?: Timing;
  /** ONNX Runtime's in the peer: the number that was faster in the run before the timed ones. */
  readonly threads?: number;
}

/** A workload with a batch size, ready to run again and again. */
class Case {
  readonly ours: MeasuredRun[] = [];
  readonly theirs: MeasuredRun[] = [];
  readonly batchSize: number;
  readonly #workload: Workload;
  readonly #sides: Sides;
  #threads: number | undefined;
  #bytes = -1;

  constructor(sides: Sides, workload: Workload, batchSize: number) {
    this.#sides = sides;
    this.#workload = workload;
    this.batchSize = batchSize;
  }

  /** Compares all answers, and finds out with how many threads the peer is faster. */
  async warmUp(): Promise<void> {
    await this.#runOurs();
    this.#bytes = (await Deno.stat(this.#output("ours"))).size;
    if (this.#sides.theirs === undefined) return;
    const cores = availableParallelism();
    let best = Infinity;
    for (const threads of new Set(this.#workload.peer.script === "onnx_peer.py" ? [1, cores] : [1])) {
      const { seconds } = await this.#runTheirs(threads);
      if (seconds < best) this.#threads = threads;
      best = Math.min(best, seconds);
    }
    await compareAnswers(this.#output("ours"), this.#output("theirs"));
  }

  async repeat(): Promise<void> {
    this.ours.push(await this.#runOurs());
    const { size } = await Deno.stat(this.#output("ours"));
    if (size !== this.#bytes) {
      throw new Error("Cannot measure runs whose answers must be the same but are not");
    }
    if (this.#sides.theirs !== undefined) this.theirs.push(await this.#runTheirs(this.#threads));
  }

  get comparison(): Comparison {
    return {
      workload: this.#workload.title,
      rows: this.#workload.rows,
      batchSize: this.batchSize,
      ours: timingOf(this.ours),
      stages: this.ours.at(-1)?.stages ?? {},
      ...(this.theirs.length === 0 ? {} : { theirs: timingOf(this.theirs) }),
      ...(this.#threads === undefined ? {} : { threads: this.#threads }),
    };
  }

  #runOurs(): Promise<MeasuredRun> {
    return this.#sides.ours.run(this.#workload.project, this.#job("ours"));
  }

  #runTheirs(threads: number | undefined): Promise<MeasuredRun> {
    const { theirs } = this.#sides;
    if (theirs === undefined) throw new Error("Cannot run the peer as there is no Python");
    return theirs.run(this.#workload.peer, this.#job("theirs"), threads);
  }

  #job(side: string) {
    const { events: input, rows } = this.#workload;
    return { input, rows, batchSize: this.batchSize, output: this.#output(side) };
  }

  #output(side: string): string {
    return join(this.#sides.folder, `answers-${side}.ndjson`);
  }
}

function timingOf(runs: readonly MeasuredRun[]): Timing {
  return {
    seconds: spreadOf(runs.map(({ seconds }) => seconds)),
    wallSeconds: spreadOf(runs.map(({ wallSeconds }) => wallSeconds)),
  };
}

/**
 * Runs a workload with every batch size on both sides: answers compared first, then timed, one side after the
 * other, so that a machine that gets slower does so for both.
 */
export async function measure(
  sides: Sides,
  workload: Workload,
  { batchSizes, repetitions }: { batchSizes: readonly number[]; repetitions: number },
): Promise<Comparison[]> {
  const cases = batchSizes.map((batchSize) => new Case(sides, workload, batchSize));
  for (const each of cases) await each.warmUp();
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const each of cases) await each.repeat();
  }
  return cases.map(({ comparison }) => comparison);
}

/** Of several batch sizes, the comparison in which a side is fastest; rows/s decide. */
export function fastest(
  comparisons: readonly Comparison[],
  side: "ours" | "theirs",
): Comparison | undefined {
  const measured = comparisons.filter((each) => each[side] !== undefined);
  return measured.toSorted((a, b) => rateOf(b, side) - rateOf(a, side))[0];
}

/** Median rows/s of a side, 0 where it was not measured. */
export function rateOf(comparison: Comparison, side: "ours" | "theirs"): number {
  const timing = comparison[side];
  return timing === undefined ? 0 : comparison.rows / timing.seconds.median;
}
