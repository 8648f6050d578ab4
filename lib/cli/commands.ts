import type { CommandUnknownOpts } from "../deps/commander.ts";
import type { Outcome } from "./report.ts";

/** Carries an action's outcome from a command to `main`, which reports it. */
export type Finish = (outcome: Outcome) => void;

/** A command as the tree lists it; its file is loaded only when it is asked for. */
export interface CommandEntry {
  /** Under which heading help lists it. */
  readonly group: typeof GROUPS[keyof typeof GROUPS];
  readonly aliases?: readonly string[];
  /** Whether it runs a project's code, in workers. */
  readonly startsWorkers?: boolean;
  load(): Promise<(finish: Finish) => CommandUnknownOpts>;
}

/** The headings of help, in their order. */
const GROUPS = {
  write: "Write a project:",
  run: "Run it:",
  ship: "Hand it on:",
  receive: "Receive it:",
  about: "About Packflow and this machine:",
} as const;

/** Every command, in the order help lists them. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  create: { group: GROUPS.write, load: async () => (await import("./create_command.ts")).createCommand },
  validate: {
    group: GROUPS.write,
    startsWorkers: true,
    load: async () => (await import("./validate_command.ts")).validateCommand,
  },
  test: {
    group: GROUPS.write,
    startsWorkers: true,
    load: async () => (await import("./test_command.ts")).testCommand,
  },
  run: {
    group: GROUPS.run,
    startsWorkers: true,
    load: async () => (await import("./run_command.ts")).runCommand,
  },
  bench: {
    group: GROUPS.run,
    startsWorkers: true,
    load: async () => (await import("./bench_command.ts")).benchCommand,
  },
  serve: {
    group: GROUPS.run,
    startsWorkers: true,
    load: async () => (await import("./serve_command.ts")).serveCommand,
  },
  package: {
    group: GROUPS.ship,
    aliases: ["export"],
    load: async () => (await import("./package_command.ts")).packageCommand,
  },
  inspect: { group: GROUPS.receive, load: async () => (await import("./inspect_command.ts")).inspectCommand },
  keygen: { group: GROUPS.ship, load: async () => (await import("./keygen_command.ts")).keygenCommand },
  sign: { group: GROUPS.ship, load: async () => (await import("./sign_command.ts")).signCommand },
  diff: { group: GROUPS.receive, load: async () => (await import("./diff_command.ts")).diffCommand },
  verify: { group: GROUPS.receive, load: async () => (await import("./verify_command.ts")).verifyCommand },
  unpack: { group: GROUPS.receive, load: async () => (await import("./unpack_command.ts")).unpackCommand },
  doctor: { group: GROUPS.about, load: async () => (await import("./doctor_command.ts")).doctorCommand },
  explain: { group: GROUPS.about, load: async () => (await import("./explain_command.ts")).explainCommand },
  schema: { group: GROUPS.about, load: async () => (await import("./schema_command.ts")).schemaCommand },
  completion: {
    group: GROUPS.about,
    load: async () => (await import("./completion_command.ts")).completionCommand,
  },
  man: { group: GROUPS.about, load: async () => (await import("./man_command.ts")).manCommand },
};
