import type { PackflowError } from "../base/errors.ts";
import type { JsonValue } from "../base/json.ts";
import type { BlockWorker } from "../stream/block_worker.ts";

/** A worker to measure, which is asked more than blocks: a process of its own, but in tests. */
export interface BenchWorker extends BlockWorker {
  call(op: "infer", events: JsonValue): Promise<JsonValue>;
  kill(error?: PackflowError): void;
  readonly pid: number | undefined;
}

/** How a project is to run. */
export interface Setting {
  /** What runs its model; undefined leaves that to the project. */
  readonly device: string | undefined;
  readonly workers: number;
  /** Most events inferred at once. */
  readonly batchSize: number;
}

/** Starts workers for a setting, all of them at once. */
export type StartWorkers = (setting: Setting) => Promise<BenchWorker[]>;

/** Ends workers, whatever they are doing. */
export async function endWorkers(workers: readonly BenchWorker[]): Promise<void> {
  for (const worker of workers) worker.kill();
  await Promise.all(workers.map((worker) => worker.exited));
}
