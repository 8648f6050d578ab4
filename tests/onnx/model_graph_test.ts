import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { readModelGraph } from "../../lib/onnx/model_graph.ts";
import { openWebSession } from "../../lib/onnx/web_session.ts";
import { MODEL_NAMES, modelFixture } from "../helpers/model_fixture.ts";
import { elementType, onnxModel, zipMapModel } from "../helpers/onnx_model.ts";
import { rejects } from "../helpers/rejects.ts";

Deno.test("readModelGraph tells everything that a model says of itself", () => {
  const graph = readModelGraph(onnxModel({
    inputs: [{ name: "x", type: "float16", shape: ["N", 3, null] }, { name: "w", type: "string" }],
    outputs: [{ name: "y", type: "int64", shape: [] }],
    nodes: [{
      op: "Cast",
      domain: "a.b",
      inputs: ["x"],
      outputs: ["y"],
      attributes: {
        to: elementType("int64"),
        f: { float: 0.5 },
        fs: { floats: [1, -2] },
        t: "é",
        ts: ["a", "b"],
      },
    }],
    initializers: [
      { name: "w", type: "string", shape: [1], data: ["v"] },
      { name: "far", type: "uint8", shape: [2, 3], external: "weights.bin" },
    ],
    producer: "maker",
    metadata: { author: "me", __proto__x: "1" },
  }));
  assert.deepEqual([graph.producerName, graph.irVersion], ["maker", 8]);
  assert.deepEqual(graph.opsets, [{ domain: "", version: 17 }, { domain: "ai.onnx.ml", version: 3 }]);
  assert.deepEqual({ ...graph.metadata }, { author: "me", __proto__x: "1" });
  // What has a value in the file need not be given.
  assert.deepEqual(graph.inputs, [{ name: "x", type: "float16", dims: ["N", 3, null] }]);
  assert.deepEqual(graph.outputs, [{ name: "y", type: "int64", dims: [] }]);
  assert.deepEqual(graph.initializers, [
    { name: "w", type: "string", dims: [1], external: undefined },
    { name: "far", type: "uint8", dims: [2, 3], external: { location: "weights.bin" } },
  ]);
  const [node] = graph.nodes;
  assert.deepEqual([node?.opType, node?.domain, node?.inputs, node?.outputs], ["Cast", "a.b", ["x"], ["y"]]);
  const empty = { floats: [], ints: [], texts: [], other: false };
  assert.deepEqual(Object.fromEntries(node?.attributes ?? []), {
    to: { ...empty, int: 7 },
    f: { ...empty, float: 0.5 },
    fs: { ...empty, floats: [1, -2] },
    t: { ...empty, text: "é" },
    ts: { ...empty, texts: ["a", "b"] },
  });
});

Deno.test("readModelGraph agrees with ONNX Runtime on inputs and outputs", async () => {
  for (const name of MODEL_NAMES) {
    const { folder } = await modelFixture(name);
    const model = await Deno.readFile(`${folder}/model.onnx`);
    const graph = readModelGraph(model);
    const session = await openWebSession(model, { name });
    const declared = [...graph.inputs, ...graph.outputs].map(({ name, type, dims }) => ({
      name,
      type,
      shape: dims?.map((size) => typeof size === "number" ? size : null),
    }));
    assert.deepEqual(declared, [...session.inputs, ...session.outputs]);
    await session.dispose();
  }
  assert.equal(readModelGraph(zipMapModel()).outputs[0]?.type, undefined);
});

Deno.test("readModelGraph reads or cleanly refuses any bytes", async () => {
  const { folder } = await modelFixture("solar_flare");
  const model = await Deno.readFile(`${folder}/model.onnx`);
  let refused = 0;
  for (let at = 0; at < model.length; at++) {
    const flipped = model.slice();
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
    for (const bytes of [flipped, model.subarray(0, at)]) {
      try {
        readModelGraph(bytes);
      } catch (error) {
        assert.ok(error instanceof PackflowError && error.code === "model.invalid", String(error));
        refused++;
      }
    }
  }
  assert.ok(refused > model.length, String(refused));
});

Deno.test("readModelGraph refuses a graph of more parts than anybody makes", async () => {
  const parts = 1_000_001;
  const graph = new Uint8Array(2 * parts);
  for (let at = 0; at < graph.length; at += 2) graph[at] = 0x0a;
  const length = [0x82, 0x89, 0x7a];
  assert.equal(2 * parts, 0x02 + (0x09 << 7) + (0x7a << 14));
  const model = new Uint8Array([0x3a, ...length, ...graph]);
  await rejects(() => readModelGraph(model), "model.invalid", /at most 1000000 parts: it has more$/);
});
