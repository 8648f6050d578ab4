import assert from "node:assert/strict";
import { commandTable } from "../../lib/cli/command_table.ts";
import { main } from "../../lib/cli/main.ts";
import { manPage } from "../../lib/cli/man_page.ts";
import { capturedOutput } from "../helpers/captured_output.ts";
import { isInstalled } from "../helpers/is_installed.ts";
import { runProgram } from "../helpers/run_program.ts";

const commands = await commandTable();

Deno.test("packflow man prints the manual page", async () => {
  const { value, stdout, stderr } = await capturedOutput(() => main(["man"]));
  assert.deepEqual([value, stdout, stderr], [0, manPage(commands), ""]);
});

Deno.test("signs that man would act on stand for themselves", () => {
  const [command] = commands;
  assert.ok(command !== undefined);
  const page = manPage([{
    ...command,
    description: ".SH no heading",
    options: [],
    arguments: [],
    after: "Examples:\n  $ packflow x '~/a\\b'\n\n'quoted'",
  }]);
  assert.match(page, /^\\&\.SH no heading$/m);
  assert.match(page, /^\$ packflow x \\\(aq\\\(ti\/a\\eb\\\(aq$/m);
  assert.match(page, /^\\&\\\(aqquoted\\\(aq$/m);
});

const RENDERERS = { groff: ["-man", "-ww", "-z"], mandoc: ["-T", "lint", "-W", "warning"] };

for (const [program, args] of Object.entries(RENDERERS)) {
  Deno.test({
    name: `${program} renders the manual page without a warning`,
    ignore: !isInstalled(program),
    async fn() {
      const { code, stdout, stderr } = await runProgram([program, ...args], { stdin: manPage(commands) });
      // the page has no date, so that the same program always writes the same page
      const complaints = (stdout + stderr).split("\n").filter((line) => !/missing date|^$/.test(line));
      assert.deepEqual([code === 0 || program === "mandoc", complaints], [true, []]);
    },
  });
}

Deno.test({
  name: "the manual page as people read it has every command, argument and option, at most 80 columns wide",
  ignore: !isInstalled("groff"),
  async fn() {
    const { stdout } = await runProgram(["groff", "-man", "-Tascii", "-P-cbou", "-rLL=78n"], {
      stdin: manPage(commands),
    });
    const lines = stdout.split("\n");
    for (const command of commands) {
      assert.ok(lines.includes(`   packflow ${command.usage}`), command.usage);
      for (const { flags, long } of command.options) {
        assert.ok(
          lines.some((line) => line.trim().split(/[ ,]+/).includes(long)),
          `${command.name} ${flags}`,
        );
      }
    }
    // examples and tables stand as they are
    const filled = lines.filter((line) => line.length > 80 && !/^ {10}/.test(line));
    assert.deepEqual(filled, []);
  },
});
