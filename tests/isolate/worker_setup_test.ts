import assert from "node:assert/strict";
import { prepareWorkers } from "../../lib/isolate/worker_setup.ts";
import type { ModelOptions } from "../../lib/onnx/devices.ts";
import { writeBackendProject } from "../helpers/backend_project.ts";
import { refusal } from "../helpers/isolation.ts";

Deno.test("only a backend of Packflow's own warms the runtime; a project's code is bundled", async () => {
  await using code = await writeBackendProject();
  const setup = await prepareWorkers(code.folder, { sandbox: { mode: "auto" } });
  assert.equal(setup.place.isWarm, false);
  assert.deepEqual((await setup.bundle)?.modules, ["inference.ts"]);
  await using model = await writeBackendProject({
    "packflow.jsonc": '{"name": "a", "backend": "packflow:OnnxBackend", "env": {"A": "1"}}',
  });
  const { place, bundle } = await prepareWorkers(model.folder, { sandbox: { mode: "auto" } });
  assert.deepEqual([place.isWarm, place.env, await bundle], [true, { A: "1" }, undefined]);
});

Deno.test("a project that is none is refused before anything starts", async () => {
  assert.match(
    await refusal(prepareWorkers("/no/such", { sandbox: { mode: "auto" } })),
    /^project.not_found: /,
  );
});

Deno.test("links that lead outside are found, with those through which they could be reached", async () => {
  await using project = await writeBackendProject({ "sub/file.txt": "" });
  const { folder } = project;
  await Deno.symlink(`${folder}/sub`, `${folder}/inner`);
  await Deno.symlink(`${folder}/sub/file.txt`, `${folder}/file`);
  const closed = async (allowRead: string[] = []) =>
    (await prepareWorkers(folder, { sandbox: { mode: "auto", allowRead } })).place.closedLinks;
  assert.deepEqual(await closed(), []);
  await Deno.symlink("/etc", `${folder}/sub/outside`);
  assert.deepEqual((await closed()).toSorted(), [`${folder}/inner`, `${folder}/sub/outside`]);
  assert.deepEqual(await closed(["/etc"]), []);
});

Deno.test("the runtime is warmed only where the first model will use it as it is warmed", async () => {
  await using model = await writeBackendProject({
    "packflow.jsonc": '{"name": "a", "backend": "packflow:OnnxBackend"}',
    "node_modules/onnxruntime-node/package.json": "{}",
  });
  const isWarm = async (models: ModelOptions, mode: "auto" | "off" = "auto") =>
    (await prepareWorkers(model.folder, { sandbox: { mode }, models })).place.isWarm;
  assert.equal(await isWarm({}), true);
  assert.equal(await isWarm({ device: "wasm" }), true);
  for (
    const models of [{ device: "native" }, { device: "webgpu" }, { device: "trees" }, { threads: 2 }] as const
  ) {
    assert.equal(await isWarm(models), false, JSON.stringify(models));
  }
  assert.equal(await isWarm({}, "off"), false);
});
