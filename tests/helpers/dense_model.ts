import type { Tensor } from "../../lib/onnx/session.ts";
import { onnxModel } from "./onnx_model.ts";

const ROWS = 96;
const WIDTH = 128;

/** A layer of a neural network, wide enough that ONNX Runtime shares it among threads, with inputs and answers. */
export function denseModel(): {
  readonly model: Uint8Array<ArrayBuffer>;
  readonly inputs: Tensor;
  readonly expected: readonly number[];
} {
  const weights = Float32Array.from({ length: WIDTH * WIDTH }, (_, at) => Math.sin(at) / WIDTH);
  const data = Float32Array.from({ length: ROWS * WIDTH }, (_, at) => (at * 7 % 13) / 13 - 0.3);
  const model = onnxModel({
    inputs: [{ name: "x", type: "float32", shape: ["N", WIDTH] }],
    outputs: [{ name: "y", type: "float32", shape: ["N", WIDTH] }],
    nodes: [
      { op: "MatMul", inputs: ["x", "w"], outputs: ["z"] },
      { op: "Relu", inputs: ["z"], outputs: ["y"] },
    ],
    initializers: [{
      name: "w",
      type: "float32",
      shape: [WIDTH, WIDTH],
      data: new Uint8Array(weights.buffer),
    }],
  });
  const expected = Array.from({ length: ROWS * WIDTH }, (_, at) => {
    const [row, column] = [Math.floor(at / WIDTH), at % WIDTH];
    let sum = 0;
    for (let k = 0; k < WIDTH; k++) {
      sum += Number(data[row * WIDTH + k]) * Number(weights[k * WIDTH + column]);
    }
    return Math.max(0, sum);
  });
  return { model, inputs: { type: "float32", data, dims: [ROWS, WIDTH] }, expected };
}
