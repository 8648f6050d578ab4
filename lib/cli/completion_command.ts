import { Argument, Command } from "../deps/commander.ts";
import type { CommandFacts } from "./command_table.ts";
import type { Finish } from "./commands.ts";
import { examples } from "./options.ts";

/** The shells that packflow writes a completion for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** `packflow completion`: what makes a shell complete commands, options and their values. */
export function completionCommand(finish: Finish) {
  return new Command("completion")
    .description(
      "Print what makes a shell complete commands: their options, what options may be, projects, packages.",
    )
    .addArgument(new Argument("<SHELL>", "bash, zsh or fish").choices(SHELLS))
    .addHelpText("after", HELP)
    .action(async (shell) => {
      const { commandTable } = await import("./command_table.ts");
      const script = await scriptOf(shell, await commandTable());
      finish({ ok: true, output: [script.trimEnd()] });
    });
}

async function scriptOf(shell: typeof SHELLS[number], commands: readonly CommandFacts[]): Promise<string> {
  switch (shell) {
    case "bash":
      return (await import("./completion_bash.ts")).bashCompletion(commands);
    case "zsh":
      return (await import("./completion_zsh.ts")).zshCompletion(commands);
    case "fish":
      return (await import("./completion_fish.ts")).fishCompletion(commands);
  }
}

const HELP = examples(
  "packflow completion bash > ~/.local/share/bash-completion/completions/packflow",
  "packflow completion zsh > ~/.zfunc/_packflow",
  "packflow completion fish > ~/.config/fish/completions/packflow.fish",
) + `

A new shell has it. bash needs the package bash-completion for that; without it,
let ~/.bashrc say
  source <(packflow completion bash)
zsh looks where $fpath says; let ~/.zshrc say, before compinit,
  fpath=(~/.zfunc $fpath)
Write the file again after an update of packflow.`;
