import assert from "node:assert/strict";
import { readDescription } from "../../lib/isolate/read_description.ts";

Deno.test("a description is taken as far as it is one", () => {
  const good = { name: "x", datatype: "FP32", shape: [-1, 2], fields: ["a", "b"] };
  assert.deepEqual(readDescription({ inputs: [good], outputs: [], device: "wasm" }), {
    inputs: [good],
    outputs: [],
    device: "wasm",
  });
});

Deno.test("what project code could have made up is left out", () => {
  const bad = [
    1,
    null,
    { name: 1, datatype: "FP32", shape: [] },
    { name: "x", datatype: "FP99", shape: [] },
    { name: "x", datatype: "FP32", shape: ["1"] },
  ];
  const none = { inputs: [], outputs: [] };
  assert.deepEqual(readDescription({ inputs: bad, outputs: "all", device: 7 }), none);
  assert.deepEqual(readDescription(null), none);
  assert.deepEqual(readDescription([]), none);
  const odd = { name: "x", datatype: "FP32", shape: [1], fields: [1] };
  assert.deepEqual(readDescription({ inputs: [odd] }).inputs, [{ name: "x", datatype: "FP32", shape: [1] }]);
});
