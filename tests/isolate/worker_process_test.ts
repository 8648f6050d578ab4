import assert from "node:assert/strict";
import { hostFacts } from "../../lib/isolate/sandbox.ts";
import { WorkerProcess } from "../../lib/isolate/worker_process.ts";
import { backendWith, writeBackendProject } from "../helpers/backend_project.ts";
import { refusal, setupFor, witness } from "../helpers/isolation.ts";

const host = { name: "source", facts: hostFacts() };
const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("blocks under way are answered in order, with ranges or by lines", async () => {
  await using project = await writeBackendProject();
  await using worker = await WorkerProcess.start(await setupFor(project.folder, host));
  const bytes = encode('[{"x":1},{"x":2}]');
  const results = await Promise.all([
    worker.process({ bytes: encode('{"x":5}\n{"x":\n') }),
    worker.process({ bytes, ranges: new Uint32Array([1, 8, 9, 16]) }),
    worker.process({ bytes: new Uint8Array(0) }),
  ]);
  assert.deepEqual(results.map(({ records, failures }) => [records, failures.length]), [[2, 1], [2, 0], [
    0,
    0,
  ]]);
  assert.equal(decode(results[1]?.output ?? new Uint8Array(0)), '{"y":2}\n{"y":4}\n');
});

Deno.test("blocks larger than any pipe go both ways", async () => {
  await using project = await writeBackendProject();
  await using worker = await WorkerProcess.start(await setupFor(project.folder, host));
  const { output, written } = await worker.process({ bytes: encode('{"x":1}\n'.repeat(200_000)) });
  assert.deepEqual([written, output.length], [200_000, 200_000 * '{"y":2}\n'.length]);
});

Deno.test("what loading throws ends the worker and is what every request hears", async () => {
  await using project = await writeBackendProject({ "inference.ts": "\nthrow new Error('no');" });
  await using seen = witness(await setupFor(project.folder, host));
  assert.match(await refusal(seen.worker.ready), /^backend.import_failed: .*no$/);
  assert.match(await refusal(seen.worker.call("infer", {})), /^backend.import_failed: /);
  assert.equal((await seen.worker.exited).reason, "it was stopped");
});

Deno.test("code that cannot be bundled never runs", async () => {
  await using project = await writeBackendProject({
    "inference.ts": 'console.log("ran"); import "../x.ts";',
  });
  await using seen = witness(await setupFor(project.folder, host));
  assert.match(await refusal(seen.worker.ready), /^loader.outside_project: /);
  await seen.worker.exited;
  assert.deepEqual(seen.lines, []);
});

Deno.test("a rejection that nobody caught is told, however soon the worker is closed", async () => {
  await using project = await writeBackendProject({
    "inference.ts": backendWith('Promise.reject(new Error("too late")); return events;'),
  });
  for (let time = 0; time < 5; time++) {
    const { worker, warnings } = witness(await setupFor(project.folder, host));
    await worker.ready;
    // both wait for the worker in the same pipe
    await Promise.all([worker.process({ bytes: encode('{"x":1}\n') }), worker.close()]);
    assert.match(warnings.join(), /left an error uncaught at inference\.ts.*too late/);
  }
});

Deno.test("closing disposes of the backend, once, and ends the process", async () => {
  await using project = await writeBackendProject({
    "inference.ts": `import { InferenceBackend } from "packflow";
export class Backend extends InferenceBackend {
  override execute() { return []; }
  override dispose() { console.log("disposed"); }
}`,
  });
  const { worker, lines } = witness(await setupFor(project.folder, host));
  await worker.ready;
  await worker.close();
  await worker.close();
  assert.deepEqual(lines, ["disposed"]);
  assert.match(await refusal(worker.call("infer", {})), /^worker.exited: /);
});
