import type { CommandUnknownOpts, Option } from "../deps/commander.ts";
import { COMMANDS } from "./commands.ts";

/** An argument of a command, as its help tells it. */
export interface ArgumentFacts {
  readonly name: string;
  readonly isRequired: boolean;
  /** Whether it may come several times. */
  readonly isVariadic: boolean;
  readonly description: string;
  readonly defaultValue: unknown;
  readonly choices: readonly string[];
}

/** An option of a command, as its help tells it. */
export interface OptionFacts {
  /** All of it, such as "-i, --input <FILE>". */
  readonly flags: string;
  readonly short: string | undefined;
  readonly long: string;
  /** What it takes: nothing, perhaps a value, or always one. */
  readonly takes: "nothing" | "perhaps" | "value";
  /** The name of the value, such as "FILE"; undefined where it takes none. */
  readonly value: string | undefined;
  readonly description: string;
  readonly defaultValue: unknown;
  readonly choices: readonly string[];
}

/** A command as its help tells it, for whatever is made from the commands. */
export interface CommandFacts {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly description: string;
  /** Name, options and arguments: "run [options] [PROJECT]". */
  readonly usage: string;
  readonly arguments: readonly ArgumentFacts[];
  /** Without `--help`, which every command has. */
  readonly options: readonly OptionFacts[];
  /** What help says after the options: examples, then more. */
  readonly after: string;
}

/** Every command in the order of the help; loads them all, so only for what is about all. */
export async function commandTable(): Promise<CommandFacts[]> {
  return await Promise.all(
    Object.values(COMMANDS).map(async ({ load, aliases = [] }) => factsOf((await load())(() => {}), aliases)),
  );
}

function factsOf(command: CommandUnknownOpts, aliases: readonly string[]): CommandFacts {
  return {
    name: command.name(),
    aliases,
    description: command.description(),
    usage: `${command.name()} ${command.usage()}`.trim(),
    arguments: command.registeredArguments.map((argument) => ({
      name: argument.name(),
      isRequired: argument.required,
      isVariadic: argument.variadic,
      description: argument.description,
      defaultValue: argument.defaultValue,
      choices: argument.argChoices ?? [],
    })),
    options: command.options.filter(({ hidden }) => !hidden).map(optionFacts),
    after: afterHelp(command),
  };
}

function optionFacts(option: Option): OptionFacts {
  return {
    flags: option.flags,
    short: option.short,
    long: option.long ?? option.flags,
    takes: option.required ? "value" : option.optional ? "perhaps" : "nothing",
    value: /[<[]([^>\]]+)[>\]]/.exec(option.flags)?.[1],
    description: option.description,
    // a switch that turns something off is not on by itself
    defaultValue: option.negate ? undefined : option.defaultValue,
    choices: option.argChoices ?? [],
  };
}

/** What `addHelpText("after")` has added: commander keeps it among its listeners, and only prints it. */
function afterHelp(command: CommandUnknownOpts): string {
  let text = "";
  command.configureOutput({ writeOut: (part) => text += part, getOutHelpWidth: () => 80 });
  command.outputHelp();
  return text.slice(command.helpInformation().length).trim();
}
