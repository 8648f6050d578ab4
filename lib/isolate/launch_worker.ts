import { messageOf } from "../base/errors.ts";
import { becomeConfined } from "../host/linux_process.ts";
import { exit, readInputSync } from "../host/process.ts";
import { executablePath } from "../host/runtime.ts";
import { writeStderr } from "../host/terminal.ts";
import { readOrder } from "./launch_order.ts";
import { UNSAFE_EXIT } from "./worker_exit.ts";

/**
 * The compiled program's first stage of a worker: a compiled program does not check what `import` reads, so the
 * system must. Waits for an order on standard input, goes under Landlock and becomes the worker itself, in the same
 * process.
 */
export function launchWorker(): never {
  try {
    const order = readOrder(readInputSync);
    if (order === undefined) exit(0);
    return becomeConfined(executablePath(), order);
  } catch (error) {
    writeStderr(messageOf(error));
    exit(UNSAFE_EXIT);
  }
}
