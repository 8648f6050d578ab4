import { onnxModel } from "./onnx_model.ts";

/** A model that adds 5 to its input, unless its weight lies in another file. */
export function addModel({ external }: { external?: string } = {}): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(Float32Array.of(5).buffer);
  return onnxModel({
    inputs: [{ name: "x", type: "float32", shape: ["N"] }],
    outputs: [{ name: "y", type: "float32", shape: ["N"] }],
    nodes: [{ op: "Add", inputs: ["x", "w"], outputs: ["y"] }],
    initializers: [{
      name: "w",
      type: "float32",
      shape: [1],
      ...(external === undefined ? { data } : { external }),
    }],
  });
}
