import { messageOf } from "../base/errors.ts";
import { becomeConfined, type Confinement } from "../host/linux_process.ts";
import { exit } from "../host/process.ts";
import { executablePath } from "../host/runtime.ts";
import { writeStderr } from "../host/terminal.ts";
import { UNSAFE_EXIT } from "./worker_exit.ts";

/**
 * The compiled program's first stage of a worker: a compiled program does not check what `import` reads, so the
 * system must. Goes under Landlock and becomes the worker itself, in the same process.
 *
 * @param args The confinement as JSON, then the arguments of the worker.
 */
export function launchWorker([confinement = "", ...args]: readonly string[]): never {
  try {
    // Written by `workerCommand` of this very program.
    const { read, net }: Confinement = JSON.parse(confinement);
    return becomeConfined(executablePath(), args, { read, net });
  } catch (error) {
    writeStderr(messageOf(error));
    exit(UNSAFE_EXIT);
  }
}
