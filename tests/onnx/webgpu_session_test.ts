/** Needs a driver; `.ci/run` installs one that is a program on the processor where it can. */
import assert from "node:assert/strict";
import { findGpu } from "../../lib/host/gpu.ts";
import { openSession } from "../../lib/onnx/open_session.ts";
import { openWebSession } from "../../lib/onnx/web_session.ts";
import { sessionContract } from "../contract/session.ts";
import { denseModel } from "../helpers/dense_model.ts";
import { modelFixture } from "../helpers/model_fixture.ts";
import { rejects } from "../helpers/rejects.ts";

const gpu = await findGpu();

if (typeof gpu === "string" && Deno.env.get("CI") !== "true") {
  Deno.test.ignore(`webgpu: SKIPPED as ${gpu}`, () => {});
} else {
  sessionContract("webgpu", (model) => openWebSession(model, { name: "model.onnx", device: "webgpu" }), {
    hasMl: false,
  });

  Deno.test("webgpu answers as the processor does, within 1e-3", async () => {
    assert.ok(typeof gpu !== "string" && gpu.name !== "", String(gpu));
    const { model, inputs, expected } = denseModel();
    const session = await openSession(model, { name: "m.onnx", device: "webgpu" });
    assert.equal(session.device, "webgpu");
    const { y } = await session.run({ x: inputs });
    assert.ok(y?.data instanceof Float32Array);
    for (const [at, value] of expected.entries()) {
      assert.ok(Math.abs(value - Number(y.data[at])) < 1e-3, `${at}`);
    }
    await session.dispose();
  });

  Deno.test("webgpu refuses a model of classic machine learning by the name of its operator", async () => {
    const { folder } = await modelFixture("digits");
    const model = await Deno.readFile(`${folder}/model.onnx`);
    await rejects(
      () => openSession(model, { name: "m.onnx", device: "webgpu" }),
      "model.no_device",
      /^Cannot open model "m.onnx" as a model for the device "webgpu" must have operators .*: "Scaler" is none$/,
    );
  });
}
