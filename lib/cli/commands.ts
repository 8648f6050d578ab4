import type { CommandUnknownOpts } from "../deps/commander.ts";
import type { Outcome } from "./report.ts";

/** Carries an action's outcome from a command to `main`, which reports it. */
export type Finish = (outcome: Outcome) => void;

/** A command as the tree lists it; its file is loaded only when it is asked for. */
export interface CommandEntry {
  readonly aliases?: readonly string[];
  /** Whether it runs a project's code, in workers. */
  readonly startsWorkers?: boolean;
  load(): Promise<(finish: Finish) => CommandUnknownOpts>;
}

/** Every command, in the order help lists them. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  create: { load: async () => (await import("./create_command.ts")).createCommand },
  validate: {
    startsWorkers: true,
    load: async () => (await import("./validate_command.ts")).validateCommand,
  },
  test: {
    startsWorkers: true,
    load: async () => (await import("./test_command.ts")).testCommand,
  },
  run: {
    startsWorkers: true,
    load: async () => (await import("./run_command.ts")).runCommand,
  },
  bench: {
    startsWorkers: true,
    load: async () => (await import("./bench_command.ts")).benchCommand,
  },
  serve: {
    startsWorkers: true,
    load: async () => (await import("./serve_command.ts")).serveCommand,
  },
  package: { aliases: ["export"], load: async () => (await import("./package_command.ts")).packageCommand },
  inspect: { load: async () => (await import("./inspect_command.ts")).inspectCommand },
  keygen: { load: async () => (await import("./keygen_command.ts")).keygenCommand },
  sign: { load: async () => (await import("./sign_command.ts")).signCommand },
  diff: { load: async () => (await import("./diff_command.ts")).diffCommand },
  verify: { load: async () => (await import("./verify_command.ts")).verifyCommand },
  unpack: { load: async () => (await import("./unpack_command.ts")).unpackCommand },
  doctor: { load: async () => (await import("./doctor_command.ts")).doctorCommand },
  schema: { load: async () => (await import("./schema_command.ts")).schemaCommand },
};
