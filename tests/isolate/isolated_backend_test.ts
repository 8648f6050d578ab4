import assert from "node:assert/strict";
import { openIsolatedBackend } from "../../lib/isolate/isolated_backend.ts";
import { backendWith, writeBackendProject } from "../helpers/backend_project.ts";
import { refusal } from "../helpers/isolation.ts";
import { runModule } from "../helpers/run_module.ts";

Deno.test("answers events alone and in batches, and keeps its state", async () => {
  await using project = await writeBackendProject({
    "inference.ts": backendWith("return events.map(() => ({ count: ++this.count, when: undefined }));"),
  });
  await using backend = await openIsolatedBackend(project.folder);
  assert.deepEqual(await backend.inferSingle({}), { count: 1 });
  assert.deepEqual(await backend.infer([{}, {}]), [{ count: 2 }, { count: 3 }]);
  assert.match(await refusal(backend.checkIo([{}])), /^check.io: /);
});

Deno.test("numbers that JSON does not have are refused", async () => {
  await using project = await writeBackendProject({
    "inference.ts": backendWith("return events.map(() => ({ a: [0, NaN] }));"),
  });
  await using backend = await openIsolatedBackend(project.folder);
  assert.match(await refusal(backend.inferSingle({})), /^check.io: Cannot write the result as JSON: .*NaN/);
});

Deno.test("what takes too long is stopped", async () => {
  await using project = await writeBackendProject();
  const clock = {
    now: () => 0,
    after(ms: number, callback: () => void) {
      if (ms === 7) queueMicrotask(callback);
      return () => {};
    },
  };
  assert.match(
    await refusal(openIsolatedBackend(project.folder, { timeout: 7, clock })),
    /^worker.timeout: Cannot wait longer than 7 ms/,
  );
});

Deno.test("the caller's options and the override file reach the backend, whose environment has neither", async () => {
  await using project = await writeBackendProject({
    "packflow.jsonc": '{"name": "a", "config": {"factor": 2, "limits": {"low": 1}}}',
    "inference.ts": `import { BackendConfig, InferenceBackend, type Records, z } from "packflow";
const Config = BackendConfig.extend({ factor: z.number(), limits: z.record(z.string(), z.number()) });
export class Backend extends InferenceBackend<z.infer<typeof Config>> {
  static override config = Config;
  override execute(events: Records) {
    const { factor, limits } = this.config;
    return events.map(() => ({ factor, limits }));
  }
}`,
    "override.json": '{"configs": {"limits": {"high": 9}}}',
  });
  const open = (options: string) =>
    runModule(
      `import { openIsolatedBackend } from "lib/isolate/isolated_backend.ts";
await using backend = await openIsolatedBackend(${JSON.stringify(project.folder)}, ${options});
console.log(JSON.stringify(await backend.inferSingle({})));`,
      { env: { BACKEND_CONFIG_FILE_PATH: `${project.folder}/override.json` } },
    );
  assert.equal(await open("{ config: { factor: 3 } }"), '{"factor":3,"limits":{"low":1,"high":9}}\n');
});
