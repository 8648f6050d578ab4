import { firstError, PackflowError } from "../base/errors.ts";
import { VERSION } from "../base/version.ts";
import { writeStderr } from "../host/terminal.ts";
import { COMMANDS } from "./commands.ts";
import { EXIT } from "./exit_code.ts";
import { isUnread, print } from "./print.ts";
import { type Outcome, Report } from "./report.ts";
import { filled, firstClause } from "./text.ts";

const HELP = ["--help", "-h"];

/**
 * Runs the command line: parses, runs one command, reports, and gives the exit code. Never throws, never exits.
 *
 * @param args The arguments after the program's name.
 */
export async function main(args: readonly string[]): Promise<number> {
  if (args[0] === "__launch" || args[0] === "__worker") return await runHidden(args[0]);
  const name = commandName(args[0]);
  const report = new Report(name ?? "packflow", args.includes("--json"));
  try {
    if (args[0] === "--version" || args[0] === "-V") {
      print(`packflow ${VERSION}\n`);
      return EXIT.ok;
    }
    if (COMMANDS[name ?? ""]?.startsWorkers === true && !HELP.some((flag) => args.includes(flag))) {
      const { launchEarly } = await import("../isolate/launcher.ts");
      launchEarly();
    }
    const outcome = await parse(args, name);
    return typeof outcome === "number" ? outcome : report.outcome(outcome);
  } catch (error) {
    // Whoever read standard output has seen enough: `packflow inspect x | head` is no failure.
    return isUnread(error) ? EXIT.ok : report.error(firstError(error));
  }
}

/** What the compiled program starts itself for: the stages of a worker process. Ends the process. */
async function runHidden(stage: string): Promise<number> {
  if (stage === "__launch") {
    const { launchWorker } = await import("../isolate/launch_worker.ts");
    launchWorker();
  }
  const { runWorker } = await import("../isolate/worker_main.ts");
  await runWorker();
  return EXIT.ok;
}

/** The command's own name for what was typed, which may be an alias. */
function commandName(typed: string | undefined): string | undefined {
  if (typed === undefined) return undefined;
  return Object.keys(COMMANDS).find((name) => name === typed || COMMANDS[name]?.aliases?.includes(typed));
}

async function parse(args: readonly string[], name: string | undefined): Promise<Outcome | number> {
  const { Command, CommanderError } = await import("../deps/commander.ts");
  let outcome: Outcome | undefined;
  const program = new Command("packflow")
    .description("Take machine-learning models into production on streams of events.")
    .version(`packflow ${VERSION}`, "-V, --version", "print the version")
    .helpCommand(false)
    .configureHelp({ subcommandTerm })
    .addHelpText("after", "\npackflow COMMAND --help says more of a command, with examples.")
    .showHelpAfterError(false);
  const loaded = name === undefined ? Object.keys(COMMANDS) : [name];
  for (const each of loaded) {
    const entry = COMMANDS[each];
    const command = (await entry?.load())?.((done) => outcome = done);
    if (entry === undefined || command === undefined) continue;
    program.addCommand(
      command.aliases(entry.aliases ?? []).helpGroup(entry.group).summary(firstClause(command.description())),
    );
  }
  for (const command of [program, ...program.commands]) {
    command.optionsGroup("Options:").helpOption("-h, --help", "print this help").exitOverride()
      .configureOutput({
        writeOut: (text) => print(readable(text)),
        writeErr: (text) => writeStderr(readable(text)),
        outputError: () => {},
      });
  }
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.helpDisplayed" || error.code === "commander.version") return EXIT.ok;
    if (error.code === "commander.help") return EXIT.usage;
    throw new PackflowError("usage.invalid", usageMessage(error.message), {
      remedy: `See packflow ${name === undefined ? "" : `${name} `}--help`,
    });
  }
  return outcome ?? EXIT.ok;
}

/** Help as people read it: what stands behind the options is filled here, the rest by commander. */
function readable(text: string): string {
  return text.startsWith("Usage:") ? text : filled(text);
}

/** A command as the list of commands shows it: its name and arguments. */
function subcommandTerm(command: { name(): string; usage(): string }): string {
  return `${command.name()} ${command.usage().replace(/^\[options\] ?/, "")}`.trimEnd();
}

function usageMessage(message: string): string {
  const text = message.replace(/^error: /, "").replace(/\n/g, " ").trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
