import assert from "node:assert/strict";
import { Manifest } from "../../lib/config/manifest.ts";
import { collectFiles } from "../../lib/project/collect_files.ts";
import { modelWeights } from "../../lib/project/model_weights.ts";
import { onnxModel } from "../helpers/onnx_model.ts";
import { writeProject } from "../helpers/project_fixture.ts";
import { rejects } from "../helpers/rejects.ts";

function model(external: string): Uint8Array {
  return onnxModel({
    inputs: [{ name: "x", type: "float32", shape: ["N"] }],
    outputs: [{ name: "y", type: "float32", shape: ["N"] }],
    nodes: [{ op: "Add", inputs: ["x", "w"], outputs: ["y"] }],
    initializers: [{ name: "w", type: "float32", shape: [1], external }],
  });
}

const MANIFEST = Manifest.parse({
  name: "demo",
  backend: "packflow:OnnxBackend",
  config: { model: "models/m.onnx" },
});

Deno.test("tells the files of weights by their paths in the project, and none that lead out", async () => {
  await using project = await writeProject({
    "models/m.onnx": model("./w.bin"),
    "b.ONNX": model("data/b.bin"),
    "c.onnx": model("../c.bin"),
    "d.onnx": "no model",
    "e.txt": "",
  });
  const weights = await modelWeights(project.folder, [
    "models/m.onnx",
    "b.ONNX",
    "c.onnx",
    "d.onnx",
    "e.txt",
  ]);
  assert.deepEqual(weights, [
    { path: "models/w.bin", model: "models/m.onnx" },
    { path: "data/b.bin", model: "b.ONNX" },
  ]);
});

Deno.test("a package has the weights of its models although .gitignore names them, and says so", async () => {
  await using project = await writeProject({
    "packflow.jsonc": "{}",
    ".gitignore": "*.bin\nmodels/data/\n",
    "models/m.onnx": model("data/w.bin"),
    "models/data/w.bin": "1234",
    "other.onnx": model("v.bin"),
    "v.bin": "1234",
    "u.bin": "1234",
  });
  const { files, left } = await collectFiles(project.folder, MANIFEST);
  assert.deepEqual(files.map(({ path }) => path), [
    ".gitignore",
    "models/data/w.bin",
    "models/m.onnx",
    "other.onnx",
    "packflow.jsonc",
    "v.bin",
  ]);
  assert.match(files.find(({ path }) => path === "v.bin")?.despite ?? "", /gitignore:1 names it/);
  assert.deepEqual(left.map(({ path }) => path), ["models/data/", "u.bin"]);
});

Deno.test("a package lacks no weights of the model it serves; those of others may be elsewhere", async () => {
  await using project = await writeProject({
    "packflow.jsonc": "{}",
    "models/m.onnx": model("w.bin"),
    "other.onnx": model("v.bin"),
  });
  await rejects(
    () => collectFiles(project.folder, MANIFEST),
    "project.file_missing",
    /"models\/w.bin" must be a file, with weights of "models\/m.onnx": there is none$/,
  );
  await Deno.writeTextFile(`${project.folder}/models/w.bin`, "1234");
  const { files } = await collectFiles(project.folder, MANIFEST);
  assert.ok(files.some(({ path }) => path === "models/w.bin"));
});
