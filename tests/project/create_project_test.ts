import assert from "node:assert/strict";
import { TEMPLATE_NAMES } from "../../lib/project/templates.ts";
import { checkProject } from "../../lib/project/check_project.ts";
import { createProject } from "../../lib/project/create_project.ts";
import { testProject } from "../../lib/project/test_project.ts";
import { MODEL_NAMES, modelFixture } from "../helpers/model_fixture.ts";
import { onnxModel } from "../helpers/onnx_model.ts";
import { writeProject } from "../helpers/project_fixture.ts";

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

for (const template of TEMPLATE_NAMES) {
  Deno.test(`makes a project from template ${template} that is valid and passes its golden events`, async () => {
    await using parent = await writeProject({});
    const { folder, files, notes } = await createProject({
      name: "my-model",
      parent: parent.folder,
      template,
    });
    assert.equal(folder, `${parent.folder}/my-model`);
    assert.deepEqual(notes, []);
    assert.deepEqual(names(parent.folder), ["my-model"]);
    for (const file of files) assert.ok((await Deno.stat(`${folder}/${file}`)).isFile, file);
    const found = await checkProject(folder);
    assert.deepEqual(found.filter(({ severity }) => severity === "error"), []);
    assert.equal(found.filter(({ code }) => code === "check.recommended_file").length, 1);
    const report = await testProject(folder);
    assert.equal(report.failed, 0, JSON.stringify(report.results));
  });
}

for (const model of MODEL_NAMES) {
  Deno.test(`makes a project from the model ${model} that is valid and passes its golden events`, async () => {
    await using parent = await writeProject({});
    const from = `${(await modelFixture(model)).folder}/model.onnx`;
    const { folder, notes } = await createProject({ name: model, parent: parent.folder, model: from });
    // Only a model of one input of many features has names to ask for.
    assert.equal(notes.length, model === "solar_flare" ? 0 : 1, notes.join());
    const codes = (await checkProject(folder)).map(({ code }) => code);
    assert.deepEqual(new Set(codes), new Set(["check.metadata_empty", "check.recommended_file"]));
    const report = await testProject(folder);
    assert.deepEqual([report.passed, report.failed], [4, 0]);
  });
}

Deno.test("refuses names before anything is touched", async () => {
  await using parent = await writeProject({});
  const bad = [
    "1abc",
    "_abc",
    "../up",
    "/abs",
    "a/b",
    "a b",
    "a.b",
    "",
    " ",
    "modèle",
    "🚀",
    "abc\n",
    "CON",
    "nul",
  ];
  for (const name of [...bad, "x".repeat(300)]) {
    const create = createProject({ name, parent: `${parent.folder}/gone` });
    await assert.rejects(create, {
      code: "usage.invalid",
      message: /^Cannot create project ".*" as its name must/,
    }, name);
  }
  await assert.rejects(createProject({ name: "a", parent: parent.folder, template: "onxx" }), {
    code: "usage.invalid",
    message: /did you mean "onnx"/,
  });
  assert.deepEqual(names(parent.folder), []);
});

Deno.test("refuses what exists, be it a folder, a file or a link to nothing", async () => {
  await using parent = await writeProject({ "file": "mine", "folder/x": "" });
  await Deno.symlink("nowhere", `${parent.folder}/dangling`);
  await Deno.symlink("folder", `${parent.folder}/link`);
  for (const name of ["file", "folder", "dangling", "link"]) {
    const create = (force: boolean) =>
      createProject({ name, parent: parent.folder, template: "onnx", force });
    await assert.rejects(create(false), { code: "create.exists" }, name);
    if (name !== "folder") await assert.rejects(create(true), { code: "create.exists" }, name);
  }
  assert.deepEqual(names(parent.folder), ["dangling", "file", "folder", "link"]);
  assert.equal(await Deno.readTextFile(`${parent.folder}/file`), "mine");
});

Deno.test("adds what is missing on force, and keeps what is the user's", async () => {
  await using parent = await writeProject({ "demo/notes.txt": "mine" });
  const options = { name: "demo", parent: parent.folder, template: "onnx", force: true };
  const { files, folder } = await createProject(options);
  assert.ok(files.includes("packflow.jsonc") && !files.includes("notes.txt"));
  assert.deepEqual((await createProject(options)).files, []);
  await Deno.remove(`${folder}/README.md`);
  await Deno.remove(`${folder}/.packflow`, { recursive: true });
  assert.deepEqual((await createProject(options)).files, [".packflow/packflow.schema.json", "README.md"]);
  assert.equal(await Deno.readTextFile(`${folder}/notes.txt`), "mine");
  assert.deepEqual(names(parent.folder), ["demo"]);
});

Deno.test("overwrites nothing on force, and names every file that differs", async () => {
  await using outside = await writeProject({});
  await using parent = await writeProject({
    "demo/packflow.jsonc": "{ /* mine */ }",
    "demo/README.md/x": "",
  });
  await Deno.symlink(outside.folder, `${parent.folder}/demo/.packflow`);
  const create = createProject({ name: "demo", parent: parent.folder, template: "onnx", force: true });
  await assert.rejects(create, {
    code: "create.files_differ",
    message: /"README.md", "packflow.jsonc", "\.packflow\/packflow\.schema\.json" differ$/,
  });
  assert.deepEqual(names(`${parent.folder}/demo`), [".packflow", "README.md", "packflow.jsonc"]);
  assert.deepEqual(names(outside.folder), []);
  assert.deepEqual(names(parent.folder), ["demo"]);
});

Deno.test("leaves nothing behind where it fails", async () => {
  await using parent = await writeProject({ "file": "", "broken.onnx": "\x08\x07 not a model" });
  const create = (options: { parent?: string; model?: string }) =>
    createProject({ name: "demo", parent: parent.folder, ...options });
  await assert.rejects(create({ parent: `${parent.folder}/gone` }), { code: "create.failed" });
  await assert.rejects(create({ parent: `${parent.folder}/file` }), { code: "create.failed" });
  await assert.rejects(create({ parent: "/proc" }), { code: "create.failed" });
  await assert.rejects(create({ model: `${parent.folder}/broken.onnx` }), { code: "model.invalid" });
  await assert.rejects(create({ model: `${parent.folder}/gone.onnx` }), { code: "model.not_found" });
  assert.deepEqual(names(parent.folder), ["broken.onnx", "file"]);
});

Deno.test("makes a project from a model that cannot answer made-up events, without golden events", async () => {
  // The made-up shape does not fit the number of elements.
  const model = onnxModel({
    inputs: [{ name: "x", type: "int64", shape: ["N", 1] }, { name: "shape", type: "int64", shape: [2] }],
    outputs: [{ name: "y", type: "int64", shape: [null, null] }],
    nodes: [{ op: "Reshape", inputs: ["x", "shape"], outputs: ["y"] }],
  });
  await using parent = await writeProject({ "odd.onnx": model });
  const { notes, files, folder } = await createProject({
    name: "demo",
    parent: parent.folder,
    model: `${parent.folder}/odd.onnx`,
  });
  assert.match(notes.join(), /^The model does not answer the made-up events \(.*model\.run_failed/);
  assert.equal(files.includes("golden.ndjson"), false);
  assert.deepEqual(names(folder), files.map((file) => file.split("/")[0]));
  const found = await checkProject(folder);
  assert.equal(found.some(({ severity }) => severity === "error"), false);
  assert.ok(found.some(({ code }) => code === "check.golden_missing"));
});

Deno.test("makes a project of named features with weights in a file, which answers its own golden events", async () => {
  const weights = new Float32Array([1, 10, 100]);
  const model = onnxModel({
    inputs: [{ name: "x", type: "float32", shape: ["N", 3] }],
    outputs: [{ name: "score", type: "float32", shape: ["N", 1] }],
    nodes: [{ op: "MatMul", inputs: ["x", "w"], outputs: ["score"] }],
    initializers: [{ name: "w", type: "float32", shape: [3, 1], external: "w.bin" }],
    metadata: { feature_names: "['net.in', 'net.out', 'age']" },
  });
  await using parent = await writeProject({
    "models/m.onnx": model,
    "models/w.bin": new Uint8Array(weights.buffer),
  });
  const { folder, files, notes } = await createProject({
    name: "demo",
    parent: parent.folder,
    model: `${parent.folder}/models/m.onnx`,
  });
  assert.deepEqual(notes, [`The fields have the names in the model's "feature_names"`]);
  assert.ok(files.includes("w.bin"));
  assert.deepEqual(await Deno.readFile(`${folder}/w.bin`), new Uint8Array(weights.buffer));
  const golden = (await Deno.readTextFile(`${folder}/golden.ndjson`)).trimEnd().split("\n").map((line) =>
    JSON.parse(line)
  );
  assert.equal(golden.length, 4);
  for (const { input, output } of golden) {
    const score = input["net.in"] + 10 * input["net.out"] + 100 * input.age;
    assert.ok(Math.abs(output.score[0] - score) < 1e-4, JSON.stringify({ input, output }));
  }
  assert.deepEqual((await testProject(folder)).failed, 0);
});

Deno.test("names the model as the user did where the runtime refuses it, and leaves nothing", async () => {
  const model = onnxModel({
    inputs: [{ name: "x", type: "float32", shape: ["N", 2] }],
    outputs: [{ name: "y", type: "float32", shape: ["N", 2] }],
    nodes: [{ op: "NoSuchOperator", inputs: ["x"], outputs: ["y"] }],
  });
  await using parent = await writeProject({ "odd.onnx": model });
  const path = `${parent.folder}/odd.onnx`;
  const create = createProject({ name: "demo", parent: parent.folder, model: path });
  await assert.rejects(create, (error: Error & { code?: string }) => {
    assert.equal(error.code, "model.invalid");
    assert.ok(error.message.startsWith(`Cannot open model "${path}" as `), error.message);
    assert.match(error.message, /NoSuchOperator/);
    assert.doesNotMatch(error.message, /onnxruntime\/|\.cc|_work/);
    return true;
  });
  assert.deepEqual(names(parent.folder), ["odd.onnx"]);
});
