import assert from "node:assert/strict";
import { externalLocations, externalPath } from "../../lib/onnx/external_data.ts";
import { type GraphDescription, identityModel, onnxModel } from "../helpers/onnx_model.ts";
import { HOSTILE_MODELS } from "../helpers/hostile_models.ts";

const X = { name: "x", type: "float32", shape: ["N"] } as const;
const Y = { name: "y", type: "float32", shape: ["N"] } as const;

function graph(external: string, name = "w"): GraphDescription {
  return {
    inputs: [X],
    outputs: [Y],
    nodes: [{ op: "Add", inputs: ["x", name], outputs: ["y"] }],
    initializers: [{ name, type: "float32", shape: [1], external, range: { offset: 0, length: 4 } }],
  };
}

Deno.test("tells the files in which a model has its weights, each once, graphs within included", () => {
  const inner = graph("c/d.bin", "v");
  const model = onnxModel({
    ...graph("b.bin"),
    nodes: [
      {
        op: "If",
        inputs: ["x"],
        outputs: ["y"],
        attributes: { then_branch: { graph: inner }, else_branch: { graph: inner } },
      },
    ],
    initializers: ["b.bin", "./a.bin", "b.bin"].map((external, at) => ({
      name: `w${at}`,
      type: "float32" as const,
      shape: [1],
      external,
    })),
  });
  assert.deepEqual(externalLocations(model).sort(), ["./a.bin", "b.bin", "c/d.bin"]);
  assert.deepEqual(externalLocations(identityModel("float32")), []);
});

Deno.test("finds nothing in what is no model, however deep it is", () => {
  for (const [name, make] of Object.entries(HOSTILE_MODELS)) {
    const found = externalLocations(make());
    if (!name.startsWith("weights")) assert.deepEqual(found, [], name);
  }
});

Deno.test("follows only paths that stay below the model's folder", () => {
  assert.equal(externalPath("w.bin"), "w.bin");
  assert.equal(externalPath("././a/w.bin"), "a/w.bin");
  assert.equal(externalPath("a..b/..c"), "a..b/..c");
  const refused = ["", "./", "/w", "\\w", "C:\\w", "c:w", "..", "../w", "a/../w", "a\\..\\w", "a/..", "w\0"];
  for (const path of refused) assert.equal(externalPath(path), undefined, path);
});
