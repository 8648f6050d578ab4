/** Outputs that take nothing more: a reader that leaves, one that is never there, a device that is full. */
import { ok, strictEqual } from "node:assert/strict";
import { backendWith, writeBackendProject } from "../helpers/backend_project.ts";
import { figure } from "../helpers/echo_run.ts";
import { PackflowRun, type Program, programs } from "../helpers/packflow_run.ts";

const LINE = '{"id":1}\n';
const FAILING = "{\n";

/** Writes lines until nobody takes them; returns how long that took, in ms. */
async function writeUntilRefused(run: PackflowRun, line: string): Promise<number> {
  const start = performance.now();
  while (await run.write(line.repeat(1000)));
  return performance.now() - start;
}

/** What of a run cannot be written; `silent` if the end does not tell of it. */
type Probe = (program: Program, folder: string) => Promise<{ silent: boolean; ms: number }>;

function full(
  args: readonly string[],
  { line = LINE, shell }: { line?: string; shell?: string } = {},
): Probe {
  return async (program, folder) => {
    const run = new PackflowRun(
      program,
      [folder, ...args, "--summary", "json"],
      shell === undefined ? {} : { shell },
    );
    const [ms, { code, errors, summary }] = await Promise.all([writeUntilRefused(run, line), run.finish()]);
    ok(errors.includes("[sink.write_failed]"), errors);
    strictEqual(summary.outcome, "failed");
    ok(Number(summary.unanswered) > 0 || Number(summary.failed) > 0, errors);
    return { silent: code !== 6, ms };
  };
}

const PROBES: Record<string, Probe> = {
  async "a reader that leaves after a line"(program, folder) {
    const run = new PackflowRun(program, [folder]);
    strictEqual(await run.write(LINE.repeat(1000)), true);
    ok(await run.readLines(1) >= 1);
    await run.closeOutput();
    const [ms, { code, errors }] = await Promise.all([writeUntilRefused(run, LINE), run.ended]);
    strictEqual(errors, "", "nothing is lost that anybody wants");
    return { silent: code !== 0, ms };
  },
  async "a reader that is never there"(program, folder) {
    const run = new PackflowRun(program, [folder, "--summary", "json"]);
    await run.closeOutput();
    const [ms, { code, summary }] = await Promise.all([writeUntilRefused(run, LINE), run.ended]);
    strictEqual(summary.written, 0);
    ok(Number(summary.unanswered) > 0);
    return { silent: code !== 0 || summary.outcome !== "closed", ms };
  },
  "a full device as standard output": full([], { shell: ">/dev/full" }),
  "a full device as --output": full(["--output", "/dev/full"]),
  "a full device for dead letters": full(["--on-error", "skip", "--dead-letter", "/dev/full"], {
    line: FAILING,
  }),
};

for (const program of await programs()) {
  Deno.test({
    name: `S10: an output that takes nothing more ends the run, and that is told (${program.name})`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      await using project = await writeBackendProject({ "inference.ts": backendWith("return events;") });
      let silent = 0;
      let slowest = 0;
      for (const [name, probe] of Object.entries(PROBES)) {
        const seen = await probe(program, project.folder);
        if (seen.silent) silent++;
        strictEqual(seen.silent, false, name);
        slowest = Math.max(slowest, seen.ms);
      }
      const all = Object.keys(PROBES).length;
      figure(
        `S10 closed outputs (${program.name}): ${silent} of ${all} silent, slowest end ${
          Math.ceil(slowest)
        } ms`,
      );
    },
  });
}
