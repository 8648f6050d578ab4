import { join } from "node:path";
import type { Sides } from "./measure.ts";
import { median } from "./statistics.ts";
import { type Workload, writeRepeated } from "./workloads.ts";

const TIMES = 10;

/** Rows/s on many events against rows/s on few. */
export interface LinearityFigures {
  readonly rows: number;
  readonly manyRows: number;
  readonly rowsPerSecond: number;
  readonly manyRowsPerSecond: number;
}

/** Runs a workload's events and ten times as many, in turn. */
export async function measureLinearity(
  { ours, folder }: Sides,
  workload: Workload,
  { batchSize, repetitions }: { batchSize: number; repetitions: number },
): Promise<LinearityFigures> {
  const { rows, project, events } = workload;
  const many = join(folder, "many.ndjson");
  const manyRows = rows * TIMES;
  await writeRepeated(many, await Deno.readTextFile(events), manyRows);
  const job = { batchSize, output: join(folder, "answers-many.ndjson") };
  const seconds: number[] = [];
  const manySeconds: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    seconds.push((await ours.run(project, { ...job, input: events, rows })).seconds);
    manySeconds.push((await ours.run(project, { ...job, input: many, rows: manyRows })).seconds);
  }
  await Deno.remove(many);
  await Deno.remove(job.output);
  return {
    rows,
    manyRows,
    rowsPerSecond: rows / median(seconds),
    manyRowsPerSecond: manyRows / median(manySeconds),
  };
}
