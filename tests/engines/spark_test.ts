/** PySpark drives Packflow with `rdd.pipe`: https://pypi.org/project/pyspark/ (Apache-2.0), and needs Java. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { figure } from "../helpers/echo_run.ts";
import { EngineFolder, engineTest, recipes } from "../helpers/engines.ts";

const ROWS = 200_000;

await engineTest(
  "the recipe's answers are those of a run, and failures fail the job",
  { engine: "spark", needs: ["java"] },
  async (python, program) => {
    await using folder = await EngineFolder.make(program, ROWS);
    const [recipe = ""] = await recipes("Spark", "py");
    const check = await Deno.readTextFile(join(import.meta.dirname ?? "", "spark_check.py"));
    await folder.write("spark.py", `${recipe}\n${check}`);
    const start = performance.now();
    const said = JSON.parse((await folder.run(python, ["spark.py"])).trim().split("\n").at(-1) ?? "");
    const seconds = (performance.now() - start) / 1000;
    figure(
      `Spark (${program.name}): ${ROWS} rows in ${said.partitions} partitions took ${
        said.seconds.toFixed(1)
      } s, ` +
        `with Spark's start and 12 other jobs ${seconds.toFixed(0)} s`,
    );
    assert.ok(
      await folder.read("answers.ndjson") === await folder.answers(),
      "answers must be equal, and in order",
    );
    assert.deepEqual([said.rows, said.bad], [ROWS, 0]);
    assert.deepEqual(said.columns, [
      ["id", "double"],
      ["label", "bigint"],
      ["probabilities", "array<float>"],
      ["error", "struct<code:string,message:string>"],
    ]);

    assert.match(said.fail_checked, /error code 3/);
    // The trap: the job succeeds, and hundreds of rows are gone.
    assert.equal(said.fail_unchecked, 300 + 400);
    assert.match(said.emit_checked, /error code 3/);
    assert.equal(said.passed, 1000);
    assert.deepEqual(said.errors, ["event.invalid_json", "event.invalid_json", "event.invalid_json"]);
    assert.match(said.unloadable, /error code 4/);
    assert.match(said.unloadable_passing, /error code 1/);
    assert.match(said.without_path, /FileNotFoundError/);
    assert.equal(said.empty, 0);
  },
);
