import assert from "node:assert/strict";
import { type NativeRuntime, nativeRuntime } from "../../lib/onnx/native_runtime.ts";
import { openNativeSession } from "../../lib/onnx/native_session.ts";
import { openSession } from "../../lib/onnx/open_session.ts";
import type { Tensor } from "../../lib/onnx/session.ts";
import { sessionContract } from "../contract/session.ts";
import { addModel } from "../helpers/add_model.ts";
import { denseModel } from "../helpers/dense_model.ts";
import { installNative } from "../helpers/native_project.ts";
import { writeProject } from "../helpers/project_fixture.ts";
import { rejects } from "../helpers/rejects.ts";

const runtime = await loadNative();

async function loadNative(): Promise<NativeRuntime> {
  await using project = await writeProject({});
  await installNative(project.folder);
  const runtime = await nativeRuntime(project.folder);
  if (typeof runtime === "string") throw new Error(runtime);
  return runtime;
}

// deno-lint-ignore require-await
sessionContract("native", async (model) => openNativeSession(model, runtime, { name: "model.onnx" }));

Deno.test("native answers as the processor does, within 1e-3, on one thread and on two", async () => {
  const { model, inputs, expected } = denseModel();
  for (const threads of [1, 2]) {
    const session = openNativeSession(model, runtime, { name: "m.onnx", threads });
    assert.equal(session.device, "native");
    const { y } = await session.run({ x: inputs });
    assert.ok(y?.data instanceof Float32Array);
    for (const [at, value] of expected.entries()) {
      assert.ok(Math.abs(value - Number(y.data[at])) < 1e-3, `${at}`);
    }
    await session.dispose();
  }
});

Deno.test("native takes weights from the files that it is given", async () => {
  const session = openNativeSession(addModel({ external: "weights.bin" }), runtime, {
    name: "m.onnx",
    externalData: [{ path: "weights.bin", data: new Uint8Array(Float32Array.of(5).buffer) }],
  });
  const { y } = await session.run({ x: { type: "float32", data: Float32Array.of(1, 2), dims: [2] } });
  assert.deepEqual(y?.data, Float32Array.of(6, 7));
  await session.dispose();
});

Deno.test("native never hands the library a tensor whose elements are fewer than its shape says", async () => {
  const session = openNativeSession(addModel(), runtime, { name: "m.onnx" });
  for (const dims of [[3], [2, 2], [-2], [NaN], [1e9]]) {
    const x: Tensor = { type: "float32", data: Float32Array.of(1, 2), dims };
    await rejects(() => session.run({ x }), "model.run_failed", /cannot have 2 elements$/);
  }
  await session.dispose();
});

Deno.test("native explains bytes that are no model as wasm does", async () => {
  await using project = await writeProject({});
  await installNative(project.folder);
  const bytes = new TextEncoder().encode("hello, I am no model\n");
  const options = { name: "m.onnx", folder: project.folder } as const;
  const [native, wasm] = await Promise.all(
    (["native", "wasm"] as const).map((device) =>
      rejects(() => openSession(bytes, { ...options, device }), "model.invalid", /not an ONNX model/)
    ),
  );
  assert.equal(native?.message, wasm?.message);
});
