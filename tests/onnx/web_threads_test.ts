/** A file of its own: the first model of a process decides on the number of its threads. */
import assert from "node:assert/strict";
import { webRuntime } from "../../lib/onnx/web_runtime.ts";
import { openWebSession } from "../../lib/onnx/web_session.ts";
import { sessionContract } from "../contract/session.ts";
import { denseModel } from "../helpers/dense_model.ts";

const open = (model: Uint8Array) => openWebSession(model, { name: "model.onnx", threads: 2 });

sessionContract("wasm threads", open);

Deno.test("wasm on two threads answers as on one", async () => {
  const { ort } = await webRuntime(2);
  assert.equal(ort.env.wasm.numThreads, 2);
  const { model, inputs, expected } = denseModel();
  const session = await open(model);
  const { y } = await session.run({ x: inputs });
  assert.ok(y?.data instanceof Float32Array);
  for (const [at, value] of expected.entries()) {
    assert.ok(Math.abs(value - Number(y.data[at])) < 1e-3, `${at}`);
  }
  await session.dispose();
});
