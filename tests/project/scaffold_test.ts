import assert from "node:assert/strict";
import { manifestJsonSchema } from "../../lib/config/manifest.ts";
import { parseManifest } from "../../lib/config/parse_manifest.ts";
import { scaffoldModel, scaffoldTemplate } from "../../lib/project/scaffold.ts";
import type { FileTree } from "../../lib/project/templates.ts";
import { onnxModel, zipMapModel } from "../helpers/onnx_model.ts";
import { writeProject } from "../helpers/project_fixture.ts";

const text = (tree: FileTree, path: string) => new TextDecoder().decode(tree.get(path));

Deno.test("gives a template the schema of its manifest, and TypeScript the SDK", async () => {
  const minimal = await scaffoldTemplate("demo", "minimal");
  assert.ok(minimal.has(".packflow/packflow.js") && minimal.has(".packflow/packflow.d.ts"));
  const onnx = await scaffoldTemplate("demo", "onnx");
  assert.equal(onnx.has(".packflow/packflow.js"), false);
  const schema = JSON.parse(text(onnx, ".packflow/packflow.schema.json"));
  assert.deepEqual(schema, JSON.parse(JSON.stringify(manifestJsonSchema())));
  const { $schema } = parseManifest(text(onnx, "packflow.jsonc"), "packflow.jsonc");
  assert.equal($schema, "./.packflow/packflow.schema.json");
});

Deno.test("describes a model's inputs and outputs, whatever their names", async () => {
  const model = onnxModel({
    inputs: [{ name: "a`b.c", type: "int64", shape: ["N", 2] }, { name: "s", type: "string", shape: ["N"] }],
    outputs: [{ name: "y", type: "int64", shape: ["N", 2] }, { name: "z", type: "string", shape: ["N"] }],
    nodes: [{ op: "Identity", inputs: ["a`b.c"], outputs: ["y"] }, {
      op: "Identity",
      inputs: ["s"],
      outputs: ["z"],
    }],
  });
  await using folder = await writeProject({ "odd `$&` name.onnx": model });
  const { files: tree, copies, notes } = await scaffoldModel(
    "demo",
    `${folder.folder}/odd \`$&\` name.onnx`,
  );
  assert.deepEqual([copies.size, notes], [0, []]);
  assert.deepEqual(tree.get("model.onnx"), model);
  const readme = text(tree, "README.md");
  assert.match(readme, /a copy of `odd '\$&' name\.onnx`/);
  assert.match(
    readme,
    /- `a'b\.c`: int64, \[N, 2\]\n- `s`: string, \[N\]\n\nOutputs:\n\n- `y`: int64, \[N, 2\]/,
  );
  const { config } = parseManifest(text(tree, "packflow.jsonc"), "packflow.jsonc");
  assert.deepEqual(config, { model: "model.onnx", nestedFieldDelimiter: "/" });
  assert.deepEqual(JSON.parse(text(tree, "events.ndjson").split("\n")[1] ?? ""), { "a`b.c": [1, 2], s: "c" });
});

Deno.test("says why a file is no model to make a project from", async () => {
  await using folder = await writeProject({
    "text.onnx": "hello",
    "empty.onnx": "",
    "zip.onnx": zipMapModel(),
  });
  const from = (path: string) => scaffoldModel("demo", `${folder.folder}/${path}`);
  await assert.rejects(from("gone.onnx"), { code: "model.not_found", message: /no such file or directory$/ });
  await assert.rejects(from("."), { code: "model.not_found", message: /it is a folder$/ });
  await assert.rejects(from("text.onnx"), { code: "model.invalid" });
  await assert.rejects(from("empty.onnx"), { code: "model.invalid" });
  await assert.rejects(from("zip.onnx"), { code: "model.non_tensor_output", remedy: /zipmap=False/ });
});

Deno.test("takes along the files that hold a model's weights, and no others", async () => {
  const model = (location: string) =>
    onnxModel({
      inputs: [{ name: "x", type: "uint8", shape: ["N", 1] }],
      outputs: [{ name: "y", type: "uint8", shape: ["N", 1] }],
      nodes: [{ op: "Add", inputs: ["x", "w"], outputs: ["y"] }],
      initializers: [{ name: "w", type: "uint8", shape: [1], external: location }],
    });
  const names = ["./weights/w.bin", "gone.bin", "../up.bin", "/etc/hosts", "README.md", ".packflow/w.bin"];
  await using folder = await writeProject({
    "weights/w.bin": "\x01",
    "README.md": "",
    ".packflow/w.bin": "",
    ...Object.fromEntries(names.map((name, index) => [`${index}.onnx`, model(name)])),
  });
  const from = (index: number) => scaffoldModel("demo", `${folder.folder}/${index}.onnx`);
  const { copies } = await from(0);
  assert.deepEqual([...copies], [["weights/w.bin", `${folder.folder}/weights/w.bin`]]);
  const message = /^Cannot copy weights "gone\.bin" of model ".*1\.onnx" .*: there is no such file$/;
  await assert.rejects(from(1), { code: "model.not_found", message });
  await assert.rejects(from(2), { code: "model.outside_project" });
  await assert.rejects(from(3), { code: "model.outside_project" });
  await assert.rejects(from(4), { code: "create.unsupported_model" });
  await assert.rejects(from(5), { code: "create.unsupported_model" });
});

Deno.test("refuses a file of 2 GiB without reading it", async () => {
  await using folder = await writeProject({ "big.onnx": "" });
  await Deno.truncate(`${folder.folder}/big.onnx`, 2 ** 31);
  await assert.rejects(scaffoldModel("demo", `${folder.folder}/big.onnx`), {
    code: "model.too_large",
    message: /must be smaller than 2 GiB: it has 2\.00 GiB$/,
  });
});
