import assert from "node:assert/strict";
import { DEVICES, OnnxConfig } from "../../lib/config/onnx_config.ts";
import { z } from "../../lib/deps/zod.ts";

Deno.test("only the model must be given, and a model decides how events are read", () => {
  const { model, device, threads, inputFormat, onMissing } = OnnxConfig.parse({ model: "m.onnx" });
  assert.deepEqual([model, device, threads], ["m.onnx", "auto", 1]);
  assert.deepEqual([inputFormat, onMissing], ["passthrough", "error"]);
  for (
    const wrong of [{}, { model: "" }, { model: "m", threads: 0 }, { model: "m", inputFormat: "tensor" }]
  ) {
    assert.equal(OnnxConfig.safeParse(wrong).success, false, JSON.stringify(wrong));
  }
});

Deno.test("takes every device, and no other", () => {
  for (const device of DEVICES) assert.equal(OnnxConfig.parse({ model: "m", device }).device, device);
  assert.equal(OnnxConfig.safeParse({ model: "m", device: "cpu" }).success, false);
});

Deno.test("an extended schema has options of its own, and refuses unknown names as the base does", () => {
  const extended = OnnxConfig.extend({ threshold: z.number().default(0.5) });
  assert.equal(extended.parse({ model: "m" }).threshold, 0.5);
  assert.equal(extended.safeParse({ model: "m", treshold: 1 }).success, false);
});

Deno.test("the schema can be written as JSON Schema, and describes every option", () => {
  const { properties = {} } = z.toJSONSchema(OnnxConfig, { io: "input" });
  for (const [name, option] of Object.entries(properties)) {
    assert.ok(typeof option === "object" && option.description, name);
  }
});
