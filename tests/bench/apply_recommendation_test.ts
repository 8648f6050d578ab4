import assert from "node:assert/strict";
import { applyRecommendation } from "../../lib/bench/apply_recommendation.ts";
import { packflowError } from "../helpers/packflow_error.ts";
import { writeProject } from "../helpers/project_fixture.ts";

const MANIFEST = `{
  // what it is
  "name": "demo",
  "backend": "packflow:OnnxBackend",
  "config": {
    "model": "model.onnx" // trained in May
  },
  /* the end */
}
`;
const SETTING = { device: "trees", workers: 1, batchSize: 256 };

Deno.test("settings are written to the manifest, whose comments stay", async () => {
  await using project = await writeProject({ "packflow.jsonc": MANIFEST });
  const applied = await applyRecommendation(project.folder, {
    setting: SETTING,
    hasDevice: true,
    mostWorkers: 2,
  });
  assert.deepEqual(applied, [
    { path: "config.device", value: "trees" },
    { path: "run.batchSize", value: 256 },
    { path: "run.workers", value: 1 },
  ]);
  assert.equal(
    await Deno.readTextFile(`${project.folder}/packflow.jsonc`),
    `{
  // what it is
  "name": "demo",
  "backend": "packflow:OnnxBackend",
  "config": {
    "model": "model.onnx", // trained in May
    "device": "trees"
  },
  "run": {
    "batchSize": 256,
    "workers": 1
  },
  /* the end */
}
`,
  );
});

Deno.test("all workers are no setting, nor is a device that the backend has no option for", async () => {
  await using project = await writeProject({ "packflow.jsonc": '{"name": "demo"}' });
  const apply = () =>
    applyRecommendation(project.folder, { setting: SETTING, hasDevice: false, mostWorkers: 1 });
  assert.deepEqual(await apply(), [{ path: "run.batchSize", value: 256 }]);
  const text = await Deno.readTextFile(`${project.folder}/packflow.jsonc`);
  assert.deepEqual(JSON.parse(text), { name: "demo", run: { batchSize: 256 } });
  await apply();
  assert.equal(await Deno.readTextFile(`${project.folder}/packflow.jsonc`), text);
});

Deno.test("a manifest that would not be valid is left as it is", async () => {
  const text = '{"name": "demo", "run": 1}';
  await using project = await writeProject({ "packflow.jsonc": text });
  const options = { setting: SETTING, hasDevice: true, mostWorkers: 2 };
  await packflowError(applyRecommendation(project.folder, options), "manifest.invalid");
  assert.equal(await Deno.readTextFile(`${project.folder}/packflow.jsonc`), text);
});
