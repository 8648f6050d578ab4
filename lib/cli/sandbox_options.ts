import { type Command, Option } from "../deps/commander.ts";
import { SANDBOX_MODES } from "../isolate/sandbox.ts";
import { names } from "./run_options.ts";

/** Adds the options that say how a project's code is kept in. */
export function withSandboxOptions<Args extends unknown[], Opts extends Record<never, unknown>>(
  command: Command<Args, Opts>,
) {
  return command
    .optionsGroup("Isolation:")
    .addOption(
      new Option(
        "--sandbox <MODE>",
        "isolate the project's code as well as can be, fully or not at all, or not",
      )
        .choices(SANDBOX_MODES).default("auto" as const),
    )
    .option("--allow-net [HOSTS]", "let the project's code connect to these hosts, or all", names)
    .option("--allow-env [NAMES]", "let it read these environment variables, or all", names)
    .option("--allow-read <PATHS>", "let it read these files and folders beside its own", names);
}
