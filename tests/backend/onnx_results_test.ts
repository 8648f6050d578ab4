import assert from "node:assert/strict";
import { onnxResults } from "../../lib/backend/onnx_results.ts";
import type { Tensor } from "../../lib/onnx/session.ts";
import { rejects } from "../helpers/rejects.ts";

const floats = (dims: number[], ...values: number[]): Tensor => ({
  type: "float32",
  data: Float32Array.from(values),
  dims,
});
const two = { events: 2, single: false };

Deno.test("onnxResults gives each event a scalar for rank 1 and nested arrays for more", () => {
  const results = onnxResults(["label", "scores", "grid"], {
    label: { type: "string", data: ["a", "b"], dims: [2] },
    scores: floats([2, 3], 1, 2, 3, 4, 5, 6),
    grid: floats([2, 2, 1], 1, 2, 3, 4),
  }, two);
  assert.deepEqual(results, [
    { label: "a", scores: [1, 2, 3], grid: [[1], [2]] },
    { label: "b", scores: [4, 5, 6], grid: [[3], [4]] },
  ]);
});

Deno.test("onnxResults keeps the order of the names and leaves other outputs out", () => {
  const results = onnxResults(["b", "a"], {
    a: floats([2], 1, 2),
    b: floats([2], 3, 4),
    c: floats([2], 5, 6),
  }, two);
  assert.equal(JSON.stringify(results), '[{"b":3,"a":1},{"b":4,"a":2}]');
});

Deno.test("onnxResults reads integers exactly, booleans as such, NaN and infinity as they are", () => {
  const tensors: Record<string, Tensor> = {
    int: { type: "int64", data: BigInt64Array.of(7n, 2n ** 53n), dims: [2] },
    bool: { type: "bool", data: Uint8Array.of(1, 0), dims: [2] },
    half: { type: "float16", data: Uint16Array.of(0x3c00, 0x7c00), dims: [2] },
    float: floats([2], NaN, -Infinity),
  };
  assert.deepEqual(onnxResults(Object.keys(tensors), tensors, two), [
    { int: 7, bool: true, half: 1, float: NaN },
    { int: "9007199254740992", bool: false, half: Infinity, float: -Infinity },
  ]);
});

Deno.test("onnxResults gives empty arrays for dimensions of size 0", () => {
  assert.deepEqual(onnxResults(["y"], { y: floats([2, 0]) }, two), [{ y: [] }, { y: [] }]);
  assert.deepEqual(onnxResults(["y"], { y: floats([2, 2, 0]) }, two), [{ y: [[], []] }, { y: [[], []] }]);
});

Deno.test("onnxResults takes an output without dimensions only where runs hold one event", async () => {
  const scalar = { y: floats([], 5) };
  assert.deepEqual(onnxResults(["y"], scalar, { events: 1, single: true }), [{ y: 5 }]);
  await rejects(
    () => onnxResults(["y"], scalar, { events: 1, single: false }),
    "model.wrong_shape",
    /shape is \[\]$/,
  );
  await rejects(() => onnxResults(["y"], scalar, two), "model.wrong_shape", /number of events, 2/);
});

Deno.test("onnxResults refuses an output whose first dimension is not the number of events", async () => {
  await rejects(
    () => onnxResults(["y"], { y: floats([3, 2], 1, 2, 3, 4, 5, 6) }, two),
    "model.wrong_shape",
    /^Cannot match output "y" to events as .* the number of events, 2: its shape is \[3, 2\]$/,
  );
  await rejects(() => onnxResults(["z"], {}, two), "model.run_failed", /"z"/);
});
