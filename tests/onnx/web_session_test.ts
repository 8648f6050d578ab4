import assert from "node:assert/strict";
import { openWebSession } from "../../lib/onnx/web_session.ts";
import { sessionContract } from "../contract/session.ts";
import { addModel } from "../helpers/add_model.ts";

sessionContract("wasm", (model) => openWebSession(model, { name: "model.onnx" }));

Deno.test("openWebSession takes weights from the files that it is given", async () => {
  const session = await openWebSession(addModel({ external: "weights.bin" }), {
    name: "model.onnx",
    externalData: [{ path: "weights.bin", data: new Uint8Array(Float32Array.of(5).buffer) }],
  });
  const { y } = await session.run({ x: { type: "float32", data: Float32Array.of(1, 2), dims: [2] } });
  assert.deepEqual(y?.data, Float32Array.of(6, 7));
  await session.dispose();
});
