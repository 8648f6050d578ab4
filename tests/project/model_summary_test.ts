import assert from "node:assert/strict";
import {
  featuresText,
  missingWeights,
  modelAsJson,
  summarizeModel,
  summarizeModelFile,
  valueText,
} from "../../lib/project/model_summary.ts";
import { onnxModel, zipMapModel } from "../helpers/onnx_model.ts";
import { modelFixture } from "../helpers/model_fixture.ts";
import { treeModel } from "../helpers/tree_model.ts";
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
    device: "wasm",
    inputs: [{ name: "x", type: "float32", shape: ["N", 2, null] }, { name: "any", type: "string" }],
    outputs: [{ name: "y", type: "int64", shape: [] }],
    irVersion: 8,
    opsets: [{ domain: "ai.onnx", version: 17 }, { domain: "ai.onnx.ml", version: 3 }],
    producer: "tests",
    operators: { Add: 2, "ai.onnx.ml.Scaler": 1 },
    nodes: 3,
    parameters: 10,
    featureNames: [],
    metadata: { author: "ada" },
    externalData: ["far.bin"],
  });
  assert.deepEqual(summary.graph.inputs.map(valueText), ["x  float32 [N, 2, ?]", "any  string"]);
  const chunks = async function* () {
    yield MODEL.subarray(0, 9);
    yield MODEL.subarray(9);
  };
  assert.deepEqual(await summarizeModel({ size: MODEL.length, chunks }, { name: "m.onnx" }), summary);
});

Deno.test("names outputs that are no tensors", async () => {
  const bytes = zipMapModel();
  const chunks = async function* () {
    yield bytes;
  };
  const { graph } = await summarizeModel({ size: bytes.length, chunks }, { name: "m.onnx" });
  assert.deepEqual(graph.outputs.map(valueText), ["maps  a sequence", "scores  float32 [N, 2]"]);
});

Deno.test("refuses what is no model, with the file's name", async () => {
  await using project = await writeProject({
    "text.onnx": "no model",
    "empty.onnx": "",
    "version.onnx": "\x08\x07",
    "zip.onnx": "PK\x03\x04 and more",
    "folder.onnx/x": "",
  });
  const summarize = (name: string) => () => summarizeModelFile(`${project.folder}/${name}`);
  const error = await rejects(
    summarize("text.onnx"),
    "model.invalid",
    /^Cannot read model ".*text\.onnx" as /,
  );
  assert.equal(error.place.file, `${project.folder}/text.onnx`);
  await rejects(summarize("version.onnx"), "model.invalid", /"[^"]*" as it must have a version and outputs/);
  await rejects(summarize("empty.onnx"), "model.invalid", /it is an empty file$/);
  await rejects(summarize("zip.onnx"), "model.invalid", /it is a ZIP archive, as PyTorch saves/);
  await rejects(summarize("gone.onnx"), "model.not_found", /there is no such file$/);
  await rejects(summarize("folder.onnx"), "model.not_found", /^Cannot read model /);
});

Deno.test("tells whether the kernel for trees runs a model, also where its lists are long", async () => {
  const isTrees = async (bytes: Uint8Array) => {
    await using project = await writeProject({ "m.onnx": bytes });
    return (await summarizeModelFile(`${project.folder}/m.onnx`)).isTrees;
  };
  for (const [name, expected] of [["shuttle", true], ["digits", false]] as const) {
    const { folder } = await modelFixture(name);
    assert.equal((await summarizeModelFile(`${folder}/model.onnx`)).isTrees, expected, name);
  }
  const leaf = (weight: number) => ({ scores: [[0, weight]] as const });
  const question = (value: number) => {
    return { mode: "BRANCH_LEQ", column: 0, value, isNaNTrue: false, yes: leaf(1), no: leaf(2) };
  };
  const forest = (operator: string) =>
    treeModel({
      operator: "TreeEnsembleRegressor",
      columns: 1,
      trees: Array.from({ length: 10_000 }, (_, index) => question(index)),
      attributes: { n_targets: 1, aggregate_function: operator },
      width: 1,
    });
  assert.equal(await isTrees(forest("SUM")), true);
  assert.equal(await isTrees(forest("MAX")), false);
});

Deno.test("tells the names of features and the weights that are not there", async () => {
  const far = (name: string, external: string) => ({ name, type: "uint8", shape: [1], external } as const);
  const model = onnxModel({
    inputs: [{ name: "x", type: "float32", shape: ["N", 2] }],
    outputs: [{ name: "y", type: "float32", shape: ["N", 2] }],
    nodes: [{ op: "Identity", inputs: ["x"], outputs: ["y"] }],
    initializers: [far("a", "here.bin"), far("b", "gone.bin"), far("c", "../up.bin")],
    metadata: { feature_names: "a, b" },
  });
  await using project = await writeProject({ "m.onnx": model, "here.bin": "" });
  const path = `${project.folder}/m.onnx`;
  const summary = await summarizeModelFile(path);
  assert.equal(featuresText(summary.graph), "a, b");
  assert.deepEqual(modelAsJson(summary).featureNames, ["a", "b"]);
  const found = await missingWeights(path, summary);
  assert.deepEqual(found.map(({ severity, code }) => `${severity} ${code}`), [
    "warning model.outside_project",
    "warning model.not_found",
  ]);
  assert.match(
    found[1]?.message ?? "",
    /weights "gone\.bin" of model ".*m\.onnx" .*: there is no such file$/,
  );
});
