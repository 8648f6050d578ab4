import assert from "node:assert/strict";
import { openModelFile } from "../../lib/backend/open_model_file.ts";
import { identityModel } from "../helpers/onnx_model.ts";
import { writeProject } from "../helpers/project_fixture.ts";
import { rejects } from "../helpers/rejects.ts";

const MODEL = identityModel("float32", ["N"]);
const OUTSIDE = /^Cannot open model ".+" as it must be in the project's folder/;

Deno.test("openModelFile opens a model by its path in the project", async () => {
  await using project = await writeProject({ "models/m è.onnx": MODEL });
  for (
    const path of ["models/m è.onnx", "./models/../models/m è.onnx", `${project.folder}/models/m è.onnx`]
  ) {
    const session = await openModelFile(path, { folder: project.folder });
    assert.deepEqual(session.inputs.map(({ name }) => name), ["x"]);
    await session.dispose();
  }
});

Deno.test("openModelFile without a folder opens any path", async () => {
  await using project = await writeProject({ "m.onnx": MODEL });
  const session = await openModelFile(`${project.folder}/m.onnx`);
  assert.deepEqual(session.outputs.map(({ name }) => name), ["y"]);
  await session.dispose();
});

Deno.test("openModelFile refuses a path that leaves the project, be there a file or not", async () => {
  await using project = await writeProject({ "p/a": "", "m.onnx": MODEL, "p2/m.onnx": MODEL });
  const folder = `${project.folder}/p`;
  for (const path of ["../m.onnx", "..", "../p2/m.onnx", "x/../../m.onnx", "/missing", `${folder}2/m.onnx`]) {
    await rejects(() => openModelFile(path, { folder }), "model.outside_project", OUTSIDE);
  }
});

Deno.test("openModelFile follows links inside the project and refuses those that lead out", async () => {
  await using project = await writeProject({ "p/m.onnx": MODEL, "m.onnx": MODEL });
  const folder = `${project.folder}/p`;
  await Deno.symlink("m.onnx", `${folder}/inside.onnx`);
  await Deno.symlink("../m.onnx", `${folder}/outside.onnx`);
  await Deno.symlink("..", `${folder}/up`);
  await Deno.symlink("p", `${project.folder}/linked`);
  for (const [path, root] of [["inside.onnx", folder], ["m.onnx", `${project.folder}/linked`]] as const) {
    await (await openModelFile(path, { folder: root })).dispose();
  }
  for (const path of ["outside.onnx", "up/m.onnx"]) {
    await rejects(() => openModelFile(path, { folder }), "model.outside_project", /leads outside$/);
  }
});

Deno.test("openModelFile says of a file that cannot be read where it looked, the cause kept", async () => {
  await using project = await writeProject({ "models/m.onnx": MODEL });
  await Deno.symlink("nowhere", `${project.folder}/dangling.onnx`);
  await Deno.symlink("ring.onnx", `${project.folder}/ring.onnx`);
  const paths = [
    "m.onnx",
    "models",
    "models/m.onnx/x",
    "..onnx",
    "dangling.onnx",
    "ring.onnx",
    "a\0b",
    "",
    ".",
  ];
  for (const path of paths) {
    const error = await rejects(
      () => openModelFile(path, { folder: project.folder }),
      "model.not_found",
      /^Cannot open model "[^]*" as it must be a readable file$/,
    );
    assert.ok(error.cause instanceof Error);
    assert.ok(error.place.file?.startsWith(project.folder), error.place.file);
  }
});

Deno.test("openModelFile names a file that is no model by its path in the project", async () => {
  await using project = await writeProject({ "models/m.onnx": "no model" });
  await rejects(
    () => openModelFile("models/m.onnx", { folder: project.folder }),
    "model.invalid",
    /^Cannot open model "models\/m.onnx" as it must be an ONNX model/,
  );
});
