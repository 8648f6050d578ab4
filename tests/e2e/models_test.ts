/** `packflow create --from` and `packflow run` on real models: the answers are those of native ONNX Runtime. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { JsonObject } from "../../lib/base/json.ts";
import { compareResults } from "../../lib/project/compare_results.ts";
import { MODEL_NAMES, modelFixture } from "../helpers/model_fixture.ts";
import { packflowTests } from "../helpers/packflow.ts";

const test = await packflowTests();
const TOLERANCE = 1e-5;

/** Sizes of batches, each with the most events to try them on. */
const BATCHES = [[1, 2000], [7, 2000], [1000, Infinity]] as const;

function parse(ndjson: string): JsonObject[] {
  return ndjson.trimEnd().split("\n").map((line) => JSON.parse(line));
}

for (const name of MODEL_NAMES) {
  test(
    `${name}, made into a project, answers as expected in batches of 1, 7 and 1000`,
    async (packflow, cwd) => {
      const { folder, config, events, expected } = await modelFixture(name);
      await packflow.run(["create", name, "--from", join(folder, "model.onnx")], { cwd });
      await Deno.writeTextFile(
        join(cwd, name, "packflow.jsonc"),
        JSON.stringify({ name, backend: "packflow:OnnxBackend", config }),
      );
      for (const [size, most] of BATCHES) {
        const stdin = events.slice(0, most).map((event) => `${JSON.stringify(event)}\n`).join("");
        const { stdout, stderr } = await packflow.run(["run", name, "--batch-size", `${size}`], {
          cwd,
          stdin,
        });
        const answers = parse(stdout);
        const due = expected.slice(0, most);
        assert.equal(answers.length, due.length);
        const wrong = due.flatMap((answer, at) => compareResults(answer, answers[at] ?? {}, TOLERANCE));
        assert.deepEqual(wrong, [], `batches of ${size}`);
        const count = due.length.toLocaleString("en");
        assert.match(stderr, new RegExp(`^${count} events in, ${count} answers out in `));
      }
    },
  );
}
