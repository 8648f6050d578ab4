import { PackflowError } from "../base/errors.ts";
import type { ChildStatus } from "../host/child_process.ts";

/** How a worker process ended. */
export interface WorkerExit extends ChildStatus {
  /** In words, to follow "as": "it ran out of memory". */
  readonly reason: string;
}

/** With this exit status a launcher says that it could not isolate the worker. */
export const UNSAFE_EXIT = 97;

const OUT_OF_MEMORY = /out of memory|heap limit|allocation failed|memory allocation of \d+ bytes failed/i;
const NEVER_RESOLVED = /promise never resolved|promise resolution is still pending/i;

/**
 * Says why a process ended.
 *
 * @param status How it ended.
 * @param tail The end of what it printed to standard error.
 */
export function describeExit(status: ChildStatus, tail: string): WorkerExit {
  return { ...status, reason: reasonOf(status, tail) };
}

/**
 * The error of whoever waits for a worker that has ended.
 *
 * @param tail The end of what it printed to standard error.
 */
export function exitError({ code, reason }: WorkerExit, tail: string): PackflowError {
  if (code !== UNSAFE_EXIT) {
    return new PackflowError("worker.exited", `Cannot go on with a worker as ${reason}`);
  }
  const why = tail.trim() || "the launcher failed";
  return new PackflowError("worker.sandbox_unavailable", `Cannot isolate the project: ${why}`);
}

function reasonOf({ code, signal }: ChildStatus, tail: string): string {
  if (OUT_OF_MEMORY.test(tail)) return "it ran out of memory";
  if (signal === "SIGKILL") return "it was killed from outside, most often as the system had no memory left";
  if (signal !== null) return `it crashed with ${signal}`;
  if (NEVER_RESOLVED.test(tail)) return "it waits for a promise that nothing can resolve any more";
  const [, thrown] = /^error: (.+)/m.exec(tail) ?? [];
  if (thrown !== undefined && code === 1) return `it failed: ${thrown.slice(0, 500)}`;
  return `the project's code ended it with exit(${code})`;
}
