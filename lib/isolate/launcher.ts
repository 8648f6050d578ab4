import { type ChildProcess, startProcess } from "../host/child_process.ts";
import { allEnv } from "../host/env.ts";
import { executablePath, isCompiled, operatingSystem } from "../host/runtime.ts";
import { encodeOrder, type LaunchOrder } from "./launch_order.ts";

/** The argument with which the compiled program becomes a launcher: see `launchWorker`. */
export const LAUNCH_ARGUMENT = "__launch";

/** A launcher that waits for its order. */
let waiting: ChildProcess | undefined;

/** Starts a launcher ahead of the first worker, so that it gets ready while this process reads the project. */
export function launchEarly(): void {
  if (isCompiled() && operatingSystem() === "linux") waiting = startLauncher(executablePath());
}

/** A process of the compiled program that becomes what the order says: the launcher that waits, or a new one. */
export function launch(program: string, order: LaunchOrder): ChildProcess {
  const launcher = waiting ?? startLauncher(program);
  waiting = undefined;
  // Rejects when the process ends, which its status tells.
  launcher.write(encodeOrder(order)).catch(() => {});
  return launcher;
}

/** Ends the launcher that waits, where none is needed. */
export function dropLauncher(): void {
  waiting?.kill();
  waiting = undefined;
}

function startLauncher(program: string): ChildProcess {
  return startProcess({
    program,
    args: [LAUNCH_ARGUMENT],
    env: allEnv(),
    cwd: "/",
  });
}
