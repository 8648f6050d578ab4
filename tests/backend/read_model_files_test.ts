import assert from "node:assert/strict";
import { openModelFile } from "../../lib/backend/open_model_file.ts";
import { readModelFiles } from "../../lib/backend/read_model_files.ts";
import { writeLargeModel } from "../helpers/large_model.ts";
import { onnxModel } from "../helpers/onnx_model.ts";
import { writeProject } from "../helpers/project_fixture.ts";
import { rejects } from "../helpers/rejects.ts";

/** A model that adds two weights, each in a file of its own, to its input. */
function addModel(first: string, second: string): Uint8Array {
  return onnxModel({
    inputs: [{ name: "x", type: "float32", shape: ["N"] }],
    outputs: [{ name: "y", type: "float32", shape: ["N"] }],
    nodes: [
      { op: "Add", inputs: ["x", "v"], outputs: ["z"] },
      { op: "Add", inputs: ["z", "w"], outputs: ["y"] },
    ],
    initializers: [
      { name: "v", type: "float32", shape: [1], external: first },
      { name: "w", type: "float32", shape: [1], external: second, range: { offset: 4, length: 4 } },
    ],
  });
}

const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

Deno.test("reads a model's weights from files beside it, and the model computes with them", async () => {
  await using project = await writeProject({
    "models/m.onnx": addModel("./v.bin", "data/w.bin"),
    "models/v.bin": floats(100),
    "models/data/w.bin": floats(7, 20),
  });
  for (const folder of [project.folder, undefined]) {
    const path = folder === undefined ? `${project.folder}/models/m.onnx` : "models/m.onnx";
    const options = folder === undefined ? {} : { folder };
    const { externalData } = await readModelFiles(path, options);
    assert.deepEqual(externalData.map(({ path, data }) => [path, data.length]), [["v.bin", 4], [
      "data/w.bin",
      8,
    ]]);
    const session = await openModelFile(path, options);
    const { y } = await session.run({ x: { type: "float32", data: Float32Array.of(1, 2), dims: [2] } });
    assert.deepEqual(y?.data, Float32Array.of(121, 122));
    await session.dispose();
  }
});

Deno.test("refuses weights that are outside of the project, and says which", async () => {
  await using project = await writeProject({
    "p/sub/v.bin": floats(1),
    "w.bin": floats(1, 2),
    "p/ok.bin": floats(1, 2),
  });
  await Deno.symlink("../w.bin", `${project.folder}/p/link.bin`);
  const folder = `${project.folder}/p`;
  const cases = ["../w.bin", `${project.folder}/w.bin`, "sub/../../w.bin", "link.bin"];
  for (const path of cases) {
    await Deno.writeFile(`${folder}/m.onnx`, addModel("sub/v.bin", path));
    const error = await rejects(
      () => readModelFiles("m.onnx", { folder }),
      "model.outside_project",
      /^Cannot open weights ".+" of model "m.onnx" as it must be in the project's folder/,
    );
    assert.ok(error.message.includes(`"${path}"`));
  }
  await Deno.symlink("ok.bin", `${folder}/inside.bin`);
  await Deno.writeFile(`${folder}/m.onnx`, addModel("sub/v.bin", "inside.bin"));
  assert.equal((await readModelFiles("m.onnx", { folder })).externalData.length, 2);
});

Deno.test("without a project, weights must be below the model's own folder", async () => {
  await using project = await writeProject({ "p/v.bin": floats(1), "w.bin": floats(1, 2) });
  await Deno.symlink("../w.bin", `${project.folder}/p/link.bin`);
  await Deno.writeFile(`${project.folder}/p/m.onnx`, addModel("v.bin", "link.bin"));
  await rejects(
    () => readModelFiles(`${project.folder}/p/m.onnx`),
    "model.outside_project",
    /it is a link that leads outside$/,
  );
});

Deno.test("names weights that are not there, no file, or too short", async () => {
  await using project = await writeProject({ "m.onnx": addModel("v.bin", "w.bin"), "v.bin": floats(1) });
  const { folder } = project;
  const missing = /^Cannot open weights "w.bin" of model "m.onnx" as it must be a readable file$/;
  await rejects(() => readModelFiles("m.onnx", { folder }), "model.not_found", missing);
  await Deno.mkdir(`${folder}/w.bin`);
  await rejects(() => readModelFiles("m.onnx", { folder }), "model.not_found", missing);
  await Deno.remove(`${folder}/w.bin`);
  await Deno.writeFile(`${folder}/w.bin`, floats(1));
  await rejects(
    () => openModelFile("m.onnx", { folder, device: "wasm" }),
    "model.invalid",
    /its weights must be whole: "w.bin" is shorter than the model says$/,
  );
});

Deno.test("refuses what is too large before it is read", async () => {
  await using project = await writeProject({ "m.onnx": addModel("v.bin", "w.bin"), "v.bin": floats(1) });
  const { folder } = project;
  await writeLargeModel(`${folder}/large.onnx`, 2 ** 31);
  const error = await rejects(
    () => readModelFiles("large.onnx", { folder }),
    "model.too_large",
    /^Cannot open model "large.onnx" as an ONNX file must be smaller than 2 GiB: it has 2 GiB$/,
  );
  assert.match(error.remedy ?? "", /save_as_external_data/);
  await Deno.writeFile(`${folder}/w.bin`, new Uint8Array());
  await Deno.truncate(`${folder}/w.bin`, 3.6 * 2 ** 30);
  await rejects(
    () => readModelFiles("m.onnx", { folder }),
    "model.too_large",
    /must have at most 3.5 GiB to run in WebAssembly: it has 3.6 GiB, weights included$/,
  );
});
