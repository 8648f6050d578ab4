import assert from "node:assert/strict";
import { machineReport } from "../../lib/project/machine_report.ts";

Deno.test("the report tells runtime, memory, devices, temporary files and protections", async () => {
  const report = await machineReport();
  assert.equal(report.program, "source");
  assert.match(report.runtime, /^Deno \d/);
  assert.ok(report.cores >= 1);
  assert.ok(report.memory.total >= report.memory.available && report.memory.available > 0);
  assert.equal(report.wasm.simd, true);
  assert.deepEqual(report.devices.map(({ name }) => name), ["trees", "wasm", "webgpu", "native"]);
  assert.ok(report.tempFolder.path !== null && (await Deno.stat(report.tempFolder.path)).isDirectory);
  assert.ok(report.protections.length > 5);
});
