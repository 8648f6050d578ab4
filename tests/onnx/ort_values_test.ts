import assert from "node:assert/strict";
import { allOutputs, closedError, fromOrt, requireTensors, valueInfo } from "../../lib/onnx/ort_values.ts";
import { rejects } from "../helpers/rejects.ts";

Deno.test("sizes that are no number, negative or the sign of an open one are open", () => {
  assert.deepEqual(valueInfo("x", "float32", [2, "N", -1, "", 4_294_967_295, 0]), {
    name: "x",
    type: "float32",
    shape: [2, null, null, null, null, 0],
  });
  assert.deepEqual(valueInfo("m", undefined, []), { name: "m", type: null });
  assert.deepEqual(valueInfo("q", "uint4", [2]), { name: "q", type: null });
});

Deno.test("float16 comes as bits, whatever array it came in; dims are a copy", () => {
  const dims = [2];
  const data = Uint16Array.of(0x3c00, 0x7bff);
  const tensor = fromOrt({ type: "float16", data, dims });
  assert.deepEqual(tensor, { type: "float16", data, dims: [2] });
  assert.notEqual(tensor.dims, dims);
  assert.throws(() => fromOrt({ type: "uint4", data, dims }), /type "uint4"/);
  assert.throws(() => fromOrt({ type: "float32", data: "x", dims }), /type "float32"/);
});

Deno.test("outputs asked for must be tensors, and there", async () => {
  const outputs = [{ name: "maps", type: null }, { name: "y", type: "float32", shape: [] }] as const;
  requireTensors(outputs, ["y"], "m.onnx");
  await rejects(() => requireTensors(outputs, ["y", "maps"], "m.onnx"), "model.non_tensor_output", /"maps"/);
  assert.deepEqual(allOutputs({ outputs }), ["maps", "y"]);
  assert.match(closedError("m.onnx").message, /disposed/);
});
