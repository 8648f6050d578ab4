/** The workflows of .github, which run where this test does not. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { TARGETS } from "../../scripts/release/targets.ts";
import { ROOT } from "../../scripts/run_deno.ts";
import { isInstalled } from "../helpers/is_installed.ts";
import { runProgram } from "../helpers/run_program.ts";
import { parseYaml } from "../helpers/yaml.ts";

/** What of a workflow this test looks at. */
interface Workflow {
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly "timeout-minutes"?: number;
  readonly strategy?: { readonly matrix: { readonly include?: readonly { readonly target: string }[] } };
  readonly steps: readonly {
    readonly uses?: string;
    readonly run?: string;
    readonly with?: Readonly<Record<string, unknown>>;
  }[];
}

const FOLDER = join(ROOT, ".github", "workflows");

async function read(name: string): Promise<Workflow> {
  return parseYaml(await Deno.readTextFile(join(FOLDER, name)));
}

for (const name of ["ci.yml", "release.yml"]) {
  Deno.test(`${name} gives no rights unasked, no job more than an hour and a half, and pins what it uses`, async () => {
    const { permissions, jobs } = await read(name);
    assert.deepEqual(permissions, { contents: "read" });
    for (const [id, job] of Object.entries(jobs)) {
      const minutes = job["timeout-minutes"] ?? Infinity;
      assert.ok(minutes <= 90, `${id}: ${minutes}`);
      for (const step of job.steps) {
        if (step.uses === undefined) continue;
        assert.match(step.uses, /^[\w-]+\/[\w-]+@(v\d+|[0-9a-f]{40})$/);
        if (step.uses.startsWith("actions/checkout@")) {
          assert.equal(step.with?.["persist-credentials"], false);
        }
        if (step.uses.startsWith("denoland/setup-deno@")) {
          assert.ok(
            (await Deno.readTextFile(join(ROOT, ".ci", "run"))).includes(
              `deno@${String(step.with?.["deno-version"]).slice(1)} `,
            ),
          );
        }
      }
    }
  });
}

Deno.test("release.yml tries every target that a release has", async () => {
  const { jobs } = await read("release.yml");
  assert.deepEqual(jobs.try?.strategy?.matrix.include?.map(({ target }) => target), [...TARGETS]);
});

Deno.test("the tasks that workflows run are there", async () => {
  const { tasks }: { tasks: Record<string, unknown> } = JSON.parse(
    await Deno.readTextFile(join(ROOT, "deno.json")),
  );
  for (const name of ["ci.yml", "release.yml"]) {
    for (
      const [, task = ""] of (await Deno.readTextFile(join(FOLDER, name))).matchAll(/deno task ([\w:-]+)/g)
    ) {
      assert.ok(task in tasks, task);
    }
  }
});

Deno.test({
  name: "actionlint finds nothing in the workflows",
  ignore: !isInstalled("actionlint"),
  async fn() {
    const files = ["ci.yml", "release.yml"].map((name) => join(FOLDER, name));
    const { code, stdout, stderr } = await runProgram(["actionlint", ...files]);
    assert.deepEqual([code, stdout, stderr], [0, "", ""]);
  },
});
