import assert from "node:assert/strict";
import { openModelFile } from "../../lib/backend/open_model_file.ts";
import { askedOfModels, askOfModels, DEVICES } from "../../lib/onnx/devices.ts";
import { identityModel } from "../helpers/onnx_model.ts";
import { writeProject } from "../helpers/project_fixture.ts";
import { rejects } from "../helpers/rejects.ts";

Deno.test("what is asked of all models wins over what is asked of one", async () => {
  await using project = await writeProject({ "m.onnx": identityModel("float32", ["N"]) });
  const open = () => openModelFile("m.onnx", { folder: project.folder, device: "wasm" });
  assert.deepEqual(askedOfModels(), {});
  askOfModels({ device: "trees" });
  try {
    await rejects(open, "model.no_device", /device "trees"/);
  } finally {
    askOfModels({});
  }
  const session = await open();
  assert.equal(session.device, "wasm");
  await session.dispose();
  assert.equal(new Set(DEVICES).size, 5);
});
