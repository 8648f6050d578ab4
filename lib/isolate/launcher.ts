import { type ChildProcess, startProcess } from "../host/child_process.ts";
import { allEnv } from "../host/env.ts";
import { executablePath, isCompiled, operatingSystem } from "../host/runtime.ts";
import { encodeOrder } from "./launch_order.ts";
import type { WorkerCommand } from "./worker_command.ts";

/** The argument with which the compiled program becomes a launcher: see `launchWorker`. */
export const LAUNCH_ARGUMENT = "__launch";

/** A launcher that waits for its order. */
let waiting: ChildProcess | undefined;

/** Starts a launcher ahead of the first worker, so that it gets ready while this process reads the project. */
export function launchEarly(): void {
  if (isCompiled() && operatingSystem() === "linux") waiting = startLauncher(executablePath());
}

/** Starts the process of a worker: through the launcher that waits or a new one, where one must confine it. */
export function startWorker({ confinement, ...command }: WorkerCommand): ChildProcess {
  const launcher = waiting;
  waiting = undefined;
  if (confinement === undefined) {
    launcher?.kill();
    return startProcess(command);
  }
  const worker = launcher ?? startLauncher(command.program);
  // Rejects when the process ends, which its status tells.
  worker.write(encodeOrder({ ...command, ...confinement })).catch(() => {});
  return worker;
}

function startLauncher(program: string): ChildProcess {
  return startProcess({
    program,
    args: [LAUNCH_ARGUMENT],
    env: allEnv(),
    cwd: "/",
  });
}
