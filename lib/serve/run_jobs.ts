import type { Job } from "./job.ts";
import type { JobWorker } from "./job_worker.ts";
import { joinRecords, type RecordsPart, shareResult } from "./run_records.ts";
import { joinRequests, shareAnswers, type TensorsPart } from "./run_tensors.ts";

/**
 * Has a worker work on jobs of one kind as one batch, and answers them.
 *
 * @returns Number of events that failed.
 * @throws {PackflowError} `worker.*`, with no job answered.
 */
export async function runJobs(worker: JobWorker, jobs: readonly Job[]): Promise<number> {
  const records: RecordsPart[] = [];
  const tensors: TensorsPart[] = [];
  for (const job of jobs) {
    const { payload } = job;
    if (payload.kind === "records") records.push({ job, payload });
    else tensors.push({ job, payload });
  }
  let failed = 0;
  if (records.length > 0) {
    const result = await worker.process(joinRecords(records));
    shareResult(records, result);
    failed += result.failures.length;
  }
  if (tensors.length > 0) failed += shareAnswers(tensors, await worker.infer(joinRequests(tensors)));
  return failed;
}
