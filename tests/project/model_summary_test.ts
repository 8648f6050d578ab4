import assert from "node:assert/strict";
import {
  modelAsJson,
  summarizeModel,
  summarizeModelFile,
  valueText,
} from "../../lib/project/model_summary.ts";
import { onnxModel, zipMapModel } from "../helpers/onnx_model.ts";
import { writeProject } from "../helpers/project_fixture.ts";
import { rejects } from "../helpers/rejects.ts";

const MODEL = onnxModel({
  inputs: [{ name: "x", type: "float32", shape: ["N", 2, null] }, { name: "any", type: "string" }],
  outputs: [{ name: "y", type: "int64", shape: [] }],
  nodes: [
    { op: "Add", inputs: ["x", "w"], outputs: ["a"] },
    { op: "Add", inputs: ["a", "w"], outputs: ["b"] },
    { op: "Scaler", domain: "ai.onnx.ml", inputs: ["b"], outputs: ["y"] },
  ],
  initializers: [
    { name: "w", type: "uint8", shape: [2, 3], data: new Uint8Array(6) },
    { name: "far", type: "uint8", shape: [4], external: "far.bin" },
  ],
  producer: "tests",
  metadata: { author: "ada" },
});

Deno.test("says what a model takes and gives, is made of and tells of itself", async () => {
  await using project = await writeProject({ "m.onnx": MODEL });
  const summary = await summarizeModelFile(`${project.folder}/m.onnx`);
  assert.deepEqual(modelAsJson(summary), {
    size: MODEL.length,
    inputs: [{ name: "x", type: "float32", shape: ["N", 2, null] }, { name: "any", type: "string" }],
    outputs: [{ name: "y", type: "int64", shape: [] }],
    irVersion: 8,
    opsets: [{ domain: "ai.onnx", version: 17 }, { domain: "ai.onnx.ml", version: 3 }],
    producer: "tests",
    operators: { Add: 2, "ai.onnx.ml.Scaler": 1 },
    nodes: 3,
    parameters: 10,
    metadata: { author: "ada" },
    externalData: ["far.bin"],
  });
  assert.deepEqual(summary.graph.inputs.map(valueText), ["x  float32 [N, 2, ?]", "any  string"]);
  const chunks = async function* () {
    yield MODEL.subarray(0, 9);
    yield MODEL.subarray(9);
  };
  assert.deepEqual(await summarizeModel({ size: MODEL.length, chunks: chunks() }), summary);
});

Deno.test("names outputs that are no tensors", async () => {
  const bytes = zipMapModel();
  const chunks = async function* () {
    yield bytes;
  };
  const { graph } = await summarizeModel({ size: bytes.length, chunks: chunks() });
  assert.deepEqual(graph.outputs.map(valueText), ["maps  not a tensor", "scores  float32 [N, 2]"]);
});

Deno.test("refuses what is no model, with the file's name", async () => {
  await using project = await writeProject({
    "text.onnx": "no model",
    "empty.onnx": "",
    "folder.onnx/x": "",
  });
  const summarize = (name: string) => () => summarizeModelFile(`${project.folder}/${name}`);
  const error = await rejects(summarize("text.onnx"), "model.invalid", /^Cannot read model as /);
  assert.equal(error.place.file, `${project.folder}/text.onnx`);
  await rejects(summarize("empty.onnx"), "model.invalid", /must have a version and outputs/);
  await rejects(summarize("gone.onnx"), "model.not_found", /there is no such file$/);
  await rejects(summarize("folder.onnx"), "model.not_found", /^Cannot read model /);
});
