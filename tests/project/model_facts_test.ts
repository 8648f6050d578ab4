import assert from "node:assert/strict";
import { bytesContent, type Entry } from "../../lib/archive/entry.ts";
import { modelFacts } from "../../lib/project/model_facts.ts";
import { onnxModel } from "../helpers/onnx_model.ts";

function entry(path: string, bytes: Uint8Array): Entry {
  return { path, mode: 0o644, content: bytesContent(bytes) };
}

Deno.test("a model's inputs, outputs and what made it are told, other files passed by", async () => {
  const bytes = onnxModel({
    inputs: [{ name: "x", type: "float32", shape: ["N", 30, null] }, { name: "s", type: "string" }],
    outputs: [{ name: "y", type: "int64", shape: [] }, { name: "maps", sequenceOf: { mapFrom: "int64" } }],
    nodes: [{ op: "Identity", inputs: ["x"], outputs: ["y"] }],
    initializers: [{ name: "far", type: "float32", shape: [4], external: "weights.bin" }],
    producer: "maker",
  });
  const [facts, ...others] = await modelFacts([entry("a.txt", bytes), entry("models/A.ONNX", bytes)]);
  assert.equal(others.length, 0);
  assert.equal(facts?.path, "models/A.ONNX");
  assert.equal(facts.sha256, new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex());
  assert.deepEqual(facts.graph, {
    inputs: ["x: float32[N, 30, ?]", "s: string"],
    outputs: ["y: int64[]", "maps: no tensor"],
  });
  assert.deepEqual(facts.properties, [
    { name: "packflow:onnx:ir-version", value: "8" },
    { name: "packflow:onnx:opset", value: "ai.onnx 17" },
    { name: "packflow:onnx:opset", value: "ai.onnx.ml 3" },
    { name: "packflow:onnx:producer", value: "maker" },
    { name: "packflow:onnx:external-data", value: "weights.bin" },
  ]);
});

Deno.test("a file that is no model has its hash alone", async () => {
  const [facts] = await modelFacts([entry("a.onnx", new TextEncoder().encode("not a model"))]);
  assert.deepEqual([facts?.graph, facts?.properties], [undefined, []]);
  assert.equal(facts?.sha256.length, 64);
});
