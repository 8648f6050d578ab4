/** Project code that takes its process down, in the real program. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { writeProject } from "../helpers/project_fixture.ts";

const CLI = new URL("../../cli.ts", import.meta.url).pathname;
const BACKEND = `import { InferenceBackend, type Records } from "packflow";
export class Backend extends InferenceBackend {
  override execute(inputs: Records) {
    for (const { does } of inputs) {
      if (does === "throw") throw new Error("boom");
      if (does === "exit") Deno.exit(3);
      if (does === "hang") for (;;);
    }
    return inputs;
  }
}
`;
const DOES: Readonly<Record<number, string>> = { 100: "exit", 500: "hang", 700: "throw", 999: "exit" };
const CODES: Readonly<Record<string, string>> = {
  exit: "worker.exited",
  hang: "worker.timeout",
  throw: "backend.hook_failed",
};

Deno.test("an event that takes a worker down fails alone, and all others are answered in order", async () => {
  const events = Array.from({ length: 1000 }, (_, id) => ({ id, does: DOES[id] ?? "answer" }));
  await using project = await writeProject({
    "echo/packflow.jsonc": JSON.stringify({
      name: "echo",
      version: "0.1.0",
      backend: "inference.ts:Backend",
    }),
    "echo/inference.ts": BACKEND,
    "in.ndjson": events.map((event) => `${JSON.stringify(event)}\n`).join(""),
  });
  const options = "--on-error emit --timeout 1000 --workers 2 --dead-letter dead.ndjson --summary json";
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", CLI, "run", "echo", "--input", "in.ndjson", ...options.split(" ")],
    cwd: project.folder,
  }).output();
  const answers = new TextDecoder().decode(stdout).trim().split("\n").map((line) => JSON.parse(line));
  deepStrictEqual(
    answers.map(({ id, error }) => error?.code ?? id),
    events.map(({ id, does }) => CODES[does] ?? id),
  );
  strictEqual(code, 3);
  const summary = JSON.parse(new TextDecoder().decode(stderr).trim().split("\n").at(-1) ?? "");
  deepStrictEqual([summary.schema, summary.read, summary.written, summary.failed], [
    "packflow.run/1",
    1000,
    1000,
    4,
  ]);
  const letters = (await Deno.readTextFile(`${project.folder}/dead.ndjson`)).trim().split("\n");
  deepStrictEqual(letters.map((letter) => JSON.parse(letter).source.line), [101, 501, 701, 1000]);
});
