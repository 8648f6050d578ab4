import { PackflowError } from "../base/errors.ts";
import type { Clock } from "../host/clock.ts";
import type { BlockWorker } from "./block_worker.ts";

/** A backend that takes longer to load hangs. */
const START_TIMEOUT_MS = 120_000;

/** Waits until a worker can work; kills one that takes too long. @throws why it cannot. */
export async function readyInTime(worker: BlockWorker, clock: Clock): Promise<void> {
  let late: PackflowError | undefined;
  const cancel = clock.after(START_TIMEOUT_MS, () => {
    late = timedOut(START_TIMEOUT_MS, "load the backend");
    worker.kill();
  });
  try {
    await worker.ready;
  } catch (error) {
    throw late ?? error;
  } finally {
    cancel();
  }
}

/** The error of a worker that was waited for in vain. */
export function timedOut(ms: number, what: string): PackflowError {
  return new PackflowError("worker.timeout", `Cannot wait for the worker as it must ${what} within ${ms} ms`);
}
