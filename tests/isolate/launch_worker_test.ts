import assert from "node:assert/strict";
import { UNSAFE_EXIT } from "../../lib/isolate/worker_exit.ts";

Deno.test("a launcher that cannot do its work says so and starts nothing", async () => {
  const url = import.meta.resolve("../../lib/isolate/launch_worker.ts");
  const code = `import { launchWorker } from ${JSON.stringify(url)}; launchWorker(["{}", "--version"]);`;
  const { code: status, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: ["eval", code] })
    .output();
  assert.equal(status, UNSAFE_EXIT);
  assert.equal(stdout.length, 0);
  assert.ok(stderr.length > 0);
});
