/** What the program writes for shells and for man, from source and compiled. */
import assert from "node:assert/strict";
import { commandTable } from "../../lib/cli/command_table.ts";
import { manPage } from "../../lib/cli/man_page.ts";
import { packflowTests } from "../helpers/packflow.ts";
import { completionScript } from "../helpers/shell_completion.ts";

const test = await packflowTests();

test("completion and man print what the table of commands says", async (packflow, cwd) => {
  for (const shell of ["bash", "zsh", "fish"] as const) {
    const { stdout, stderr } = await packflow.run(["completion", shell], { cwd });
    assert.deepEqual([stdout, stderr], [await completionScript(shell), ""]);
  }
  const { stdout } = await packflow.run(["man"], { cwd });
  assert.equal(stdout, manPage(await commandTable()));
});

test("completion of another shell, or of none, is wrong usage", async (packflow, cwd) => {
  for (const args of [["completion", "tcsh"], ["completion"]]) {
    const { stdout, stderr } = await packflow.run(args, { cwd, code: 2 });
    assert.equal(stdout, "");
    assert.match(stderr, /\[usage\.invalid\]\n {2}help: See packflow completion --help/);
  }
});
