import { Command } from "../deps/commander.ts";
import type { Finish } from "./commands.ts";
import { examples } from "./options.ts";

/** `packflow man`: the manual page, which says of every command what its help says. */
export function manCommand(finish: Finish) {
  return new Command("man")
    .description("Print the manual page, which says of every command what its --help says.")
    .addHelpText(
      "after",
      examples(
        "packflow man | man -l -",
        "packflow man > ~/.local/share/man/man1/packflow.1",
      ),
    )
    .action(async () => {
      const { commandTable } = await import("./command_table.ts");
      const { manPage } = await import("./man_page.ts");
      finish({ ok: true, output: [manPage(await commandTable()).trimEnd()] });
    });
}
