import { cpus, loadavg, totalmem } from "node:os";
import { availableCores, operatingSystem } from "./runtime.ts";

/** What speed depends on beside the program. */
export interface Machine {
  /** The processor's name; empty where the system does not say. */
  readonly processor: string;
  readonly cores: number;
  /** Bytes of main memory. */
  readonly memory: number;
  readonly system: string;
  /** Processes that wanted to run in the last minute, on average; 0 where the system does not say. */
  readonly load: number;
}

/** Describes this machine. */
export function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? "",
    cores: availableCores(),
    memory: totalmem(),
    system: `${operatingSystem()} ${Deno.build.arch}`,
    load: loadavg()[0] ?? 0,
  };
}
