import assert from "node:assert/strict";
import { readModelGraph } from "../../lib/onnx/model_graph.ts";
import { inputWidth } from "../../lib/project/input_width.ts";
import { type Initializer, type NodeDescription, onnxModel } from "../helpers/onnx_model.ts";

function width(nodes: readonly NodeDescription[], ...weights: (readonly number[])[]): number | undefined {
  const initializers = weights.map((shape, index): Initializer => ({
    name: `w${index}`,
    type: "float32",
    shape,
    data: new Uint8Array(4 * shape.reduce((product, size) => product * size, 1)),
  }));
  const graph = readModelGraph(onnxModel({
    inputs: [{ name: "x", type: "float32", shape: ["N", null] }],
    outputs: [{ name: "y", type: "float32", shape: ["N", null] }],
    nodes,
    initializers,
  }));
  const [input] = graph.inputs;
  return input && inputWidth(graph, input);
}

const takes = (op: string, attributes: NodeDescription["attributes"] = {}) => {
  return [{ op, inputs: ["x", "w0"], outputs: ["y"], attributes }];
};

Deno.test("the weights that rows meet tell their width", () => {
  assert.equal(width(takes("MatMul"), [7, 3]), 7);
  assert.equal(width(takes("Gemm"), [7, 3]), 7);
  assert.equal(width(takes("Gemm", { transB: 1 }), [7, 3]), 3);
  assert.equal(width(takes("Sub"), [1, 5]), 5);
  assert.equal(width(takes("Div"), [5]), 5);
  assert.equal(
    width([{ op: "Cast", inputs: ["x"], outputs: ["z"] }, {
      op: "MatMul",
      inputs: ["z", "w0"],
      outputs: ["y"],
    }], [4, 1]),
    4,
  );
});

Deno.test("so do the operators that keep numbers for each feature", () => {
  assert.equal(width(takes("Scaler", { offset: { floats: [1, 2, 3] }, scale: { floats: [1] } })), 3);
  assert.equal(width(takes("Imputer", { imputed_value_floats: { floats: [0, 0] } })), 2);
  const linear = { coefficients: { floats: [1, 2, 3, 4, 5, 6] }, intercepts: { floats: [0, 0] } };
  assert.equal(width(takes("LinearClassifier", linear)), 3);
  assert.equal(width(takes("LinearRegressor", { coefficients: { floats: [1, 2, 3] } })), 3);
});

Deno.test("nothing is told where nothing is known", () => {
  assert.equal(width(takes("Relu")), undefined);
  assert.equal(width(takes("Sub"), [1]), undefined);
  assert.equal(width(takes("Scaler", { scale: { floats: [1] } })), undefined);
  assert.equal(width([{ op: "MatMul", inputs: ["other", "w0"], outputs: ["y"] }], [4, 1]), undefined);
});
