import assert from "node:assert/strict";
import { deviceReport } from "../../lib/onnx/device_report.ts";
import { DEVICES } from "../../lib/onnx/devices.ts";
import { installNative } from "../helpers/native_project.ts";
import { writeProject } from "../helpers/project_fixture.ts";

Deno.test("the report has every device, and says of those that are missing what is", async () => {
  await using project = await writeProject({});
  const { folder } = project;
  const before = await deviceReport({ folder, isCompiled: true });
  assert.deepEqual(before.map(({ name }) => name), DEVICES.filter((name) => name !== "auto"));
  assert.deepEqual(before.map(({ isAvailable }) => isAvailable), [true, true, false, false]);
  assert.match(before[3]?.detail ?? "", /npm install onnxruntime-node/);
  await installNative(folder);
  const [, wasm, webgpu, native] = await deviceReport({ folder, isCompiled: false });
  assert.match(wasm?.detail ?? "", /with SIMD/);
  assert.notEqual(webgpu?.detail, "");
  assert.deepEqual([native?.isAvailable, native?.detail.startsWith("onnxruntime-node 1.")], [true, true]);
});
