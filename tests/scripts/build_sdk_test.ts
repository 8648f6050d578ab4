import assert from "node:assert/strict";
import { join } from "node:path";
import { ROOT } from "../../scripts/run_deno.ts";
import { type ProjectFixture, writeProject } from "../helpers/project_fixture.ts";

const INFERENCE = `import { BackendConfig, InferenceBackend, type Records, z } from "packflow";

const Config = BackendConfig.extend({ limit: z.number().default(10) });

export class Backend extends InferenceBackend<z.infer<typeof Config>> {
  static override config = Config;

  override execute(inputs: Records) {
    return inputs.map((event) => ({ large: Number(event.bytes) > this.config.limit }));
  }
}
`;

const INFERENCE_TEST = `import { equal } from "node:assert/strict";
import { Backend } from "./inference.ts";

Deno.test("a backend infers", async () => {
  await using backend = await Backend.create({ config: { limit: 20 } });
  equal((await backend.infer({ bytes: 21 })).large, true);
});
`;

async function writeSdkProject(files: Record<string, string>): Promise<ProjectFixture> {
  const sdk = (name: string) => Deno.readTextFile(join(ROOT, "templates", "sdk", name));
  return await writeProject({
    "deno.json": JSON.stringify({ imports: { packflow: "./.packflow/packflow.js" } }),
    ".packflow/packflow.js": await sdk("packflow.js"),
    ".packflow/packflow.d.ts": await sdk("packflow.d.ts"),
    ...files,
  });
}

/** Runs deno in a project as on a new machine without a network: nothing cached, every registry out of reach. */
async function runDenoOffline(project: ProjectFixture, ...args: string[]) {
  await using cache = await writeProject({});
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: project.folder,
    env: {
      DENO_DIR: cache.folder,
      NO_COLOR: "1",
      NPM_CONFIG_REGISTRY: "http://127.0.0.1:9/",
      HTTPS_PROXY: "http://127.0.0.1:9/",
    },
  }).output();
  return { code, output: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

Deno.test("a project with the SDK's copy passes check, lint and test with an empty cache and no network", async () => {
  await using project = await writeSdkProject({
    "inference.ts": INFERENCE,
    "inference_test.ts": INFERENCE_TEST,
  });
  for (const command of ["check", "lint", "test"]) {
    const { code, output } = await runDenoOffline(project, command);
    assert.equal(code, 0, `deno ${command}: ${output}`);
  }
});

Deno.test("the SDK's copy has types: a wrong use does not pass check", async () => {
  await using project = await writeSdkProject({
    "inference.ts": `${INFERENCE}export const wrong: string = Backend.config.parse({}).limit;\n`,
  });
  const { code, output } = await runDenoOffline(project, "check");
  assert.equal(code, 1, output);
  assert.match(output, /Type 'number' is not assignable to type 'string'/);
});

Deno.test("the SDK's copy exports what mod.ts exports", async () => {
  const copy = await import(new URL("../../templates/sdk/packflow.js", import.meta.url).href);
  assert.deepEqual(Object.keys(copy), Object.keys(await import("packflow")));
});
