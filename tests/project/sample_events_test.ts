import assert from "node:assert/strict";
import type { TensorInfo } from "../../lib/onnx/session.ts";
import { sampleEvents } from "../../lib/project/sample_events.ts";

const OUTPUTS = [{ name: "y", type: "float32", shape: [null] }] as const;

function sample(...inputs: TensorInfo[]) {
  return sampleEvents({ inputs, outputs: OUTPUTS }, "m.onnx");
}

Deno.test("numbers the features of a table's only input", () => {
  const { config, events } = sample({ name: "X", type: "float32", shape: [null, 3] });
  assert.deepEqual(config, { featureNames: ["feature_0", "feature_1", "feature_2"] });
  assert.equal(events.length, 4);
  for (const event of events) {
    assert.deepEqual(Object.keys(event), ["feature_0", "feature_1", "feature_2"]);
    assert.ok(Object.values(event).every((value) => typeof value === "number"));
  }
  assert.notDeepEqual(events[0], events[1]);
});

Deno.test("feeds other inputs by the field of their name, in their shape and type", () => {
  const { config, events } = sample(
    { name: "age", type: "int64", shape: [null, 1] },
    { name: "sex", type: "string", shape: [null] },
    { name: "ok", type: "bool", shape: [null, 1] },
    { name: "image", type: "uint8", shape: [null, 2, 2] },
    { name: "tokens", type: "int64", shape: [null, null] },
  );
  assert.deepEqual(config, {});
  assert.deepEqual(events[0], { age: 0, sex: "b", ok: false, image: [[0, 1], [1, 2]], tokens: [1] });
});

Deno.test("takes the input's own name where there is one value, or more than a row", () => {
  const fields = (shape: (number | null)[]) =>
    Object.keys(sample({ name: "x", type: "float32", shape }).events[0] ?? {});
  for (const shape of [[null], [null, 1], [null, 2, 3], []]) assert.deepEqual(fields(shape), ["x"]);
});

Deno.test("chooses a separator that no input has in its name", () => {
  const inputs = ["input.1", "a/b"].map((name): TensorInfo => ({ name, type: "float32", shape: [null, 1] }));
  assert.deepEqual(sample(...inputs).config, { nestedFieldDelimiter: "::" });
});

Deno.test("makes fewer events where one is large", () => {
  assert.equal(sample({ name: "x", type: "float32", shape: [null, 3, 224, 224] }).events.length, 2);
});

Deno.test("says what a model must declare", () => {
  const open = () => sample({ name: "X", type: "float32", shape: [null, null] });
  assert.throws(open, { code: "create.unsupported_model", message: /its second dimension is open$/ });
  const map = { inputs: [{ name: "X", type: null }], outputs: OUTPUTS } as const;
  assert.throws(() => sampleEvents(map, "m.onnx"), { code: "create.unsupported_model" });
  const zip = { inputs: [], outputs: [{ name: "probabilities", type: null }] } as const;
  assert.throws(() => sampleEvents(zip, "m.onnx"), {
    code: "model.non_tensor_output",
    remedy: /zipmap=False/,
  });
});
