/** Beam drives Packflow with a ModelHandler, on one machine: https://pypi.org/project/apache-beam/ (Apache-2.0). */
import assert from "node:assert/strict";
import { figure } from "../helpers/echo_run.ts";
import { EngineFolder, engineTest, recipes } from "../helpers/engines.ts";

const ROWS = 50_000;

await engineTest(
  "the recipe's answers are those of a run, and no process is left",
  { engine: "beam" },
  async (python, program) => {
    await using folder = await EngineFolder.make(program, ROWS);
    const [module = ""] = await recipes("Ray Data", "py");
    const [handler = "", pipeline = ""] = await recipes("Beam", "py");
    await folder.write("packflow_process.py", module);
    await folder.write("score.py", `${handler}\n${pipeline}`);
    const start = performance.now();
    await folder.run(python, ["score.py"]);
    figure(`Beam (${program.name}): ${ROWS} rows took ${((performance.now() - start) / 1000).toFixed(0)} s`);
    assert.deepEqual(byId(await shards(folder)), byId(await folder.answers()));
    if (Deno.build.os === "linux") await folder.untilQuiet();
  },
);

/** The text of all files that the pipeline wrote. */
async function shards(folder: EngineFolder): Promise<string> {
  const files = (await Array.fromAsync(Deno.readDir(folder.path), ({ name }) => name))
    .filter((name) => /^answers-\d+-of-\d+\.ndjson$/.test(name));
  return (await Promise.all(files.map((name) => folder.read(name)))).join("");
}

/** A pipeline has no order. */
function byId(lines: string): unknown[] {
  const answers: { id: number }[] = lines.trimEnd().split("\n").map((line) => JSON.parse(line));
  return answers.sort((a, b) => a.id - b.id);
}
