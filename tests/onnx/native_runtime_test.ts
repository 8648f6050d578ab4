import assert from "node:assert/strict";
import { findNative, nativePlace, nativeRuntime, NativeTensor } from "../../lib/onnx/native_runtime.ts";
import { addonPlatform } from "../../lib/host/native_addon.ts";
import { writeProject } from "../helpers/project_fixture.ts";

const PACKAGE = "node_modules/onnxruntime-node";

Deno.test("onnxruntime-node counts in the project's own folder only, not in one above", async () => {
  await using project = await writeProject({
    [`${PACKAGE}/package.json`]: '{"version": "1.2.3"}',
    "inner/file": "",
  });
  assert.equal(await findNative(project.folder), `${project.folder}/${PACKAGE}`);
  assert.equal(await findNative(`${project.folder}/inner`), undefined);
  assert.equal(await findNative(undefined), undefined);
  assert.match(String(await nativePlace(`${project.folder}/inner`)), /must have onnxruntime-node/);
});

Deno.test("a library that cannot be loaded is told with the package's version", async () => {
  const library = `${PACKAGE}/bin/napi-v6/${addonPlatform()}/onnxruntime_binding.node`;
  for (const version of ['{"version": "1.2.3"}', "no json"]) {
    await using project = await writeProject({
      [`${PACKAGE}/package.json`]: version,
      [library]: "no library",
    });
    const known = version === "no json" ? "of no version" : "1.2.3";
    assert.deepEqual(await nativePlace(project.folder), {
      version: known,
      file: `${project.folder}/${library}`,
    });
    const told = String(await nativeRuntime(project.folder));
    assert.ok(told.startsWith(`the project's onnxruntime-node ${known} cannot be loaded: `), told);
    assert.doesNotMatch(told, /\n/);
  }
});

Deno.test("a tensor has as many elements as its shape says, or is none", () => {
  assert.equal(new NativeTensor("float32", Float32Array.of(1, 2), [2, 1]).size, 2);
  assert.equal(new NativeTensor("string", ["a"], []).size, 1);
  for (const data of [Float32Array.of(1), [], undefined, null, 5, "ab"]) {
    assert.throws(() => new NativeTensor("float32", data, [2]), RangeError);
  }
});
