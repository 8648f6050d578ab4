/** Ray Data drives Packflow with actors that hold a process each: https://pypi.org/project/ray/ (Apache-2.0). */
import assert from "node:assert/strict";
import { join } from "node:path";
import { figure } from "../helpers/echo_run.ts";
import { EngineFolder, engineTest, recipes } from "../helpers/engines.ts";

const ROWS = 100_000;

await engineTest(
  "the recipe's answers are those of a run, and no process is left",
  { engine: "ray" },
  async (python, program) => {
    await using folder = await EngineFolder.make(program, ROWS);
    const [module = "", recipe = ""] = await recipes("Ray Data", "py");
    const check = await Deno.readTextFile(join(import.meta.dirname ?? "", "ray_check.py"));
    await folder.write("packflow_process.py", module);
    // a machine with processors to spare for the reading
    const cluster = "import ray\n\nray.init(num_cpus=4, include_dashboard=False)";
    await folder.write("score.py", `${cluster}\n${recipe}\n${check}`);
    const start = performance.now();
    const said = JSON.parse((await folder.run(python, ["score.py"])).trim().split("\n").at(-1) ?? "");
    figure(
      `Ray (${program.name}): ${ROWS} rows through 2 actors took ${
        ((performance.now() - start) / 1000).toFixed(0)
      } s`,
    );
    assert.deepEqual(parsed(await folder.read("answers.ndjson")), parsed(await folder.answers()));
    assert.equal(said.failing.length, 1);
    assert.equal(said.failing[0].error.code, "event.missing_field");
    assert.equal(said.unloadable, "packflow ended with exit code 4");
    if (Deno.build.os === "linux") await folder.untilQuiet();
  },
);

/** Python writes numbers in another notation. */
function parsed(lines: string): unknown[] {
  return lines.trimEnd().split("\n").map((line) => JSON.parse(line));
}
