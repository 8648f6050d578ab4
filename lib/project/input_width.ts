import type { GraphNode, GraphValue, ModelGraph } from "../onnx/model_graph.ts";

/** The part of a model that tells how many features its rows have. */
export type WidthGraph = Pick<ModelGraph, "nodes" | "initializers">;

/**
 * How many features a row of an input has, by the operators that take it, where the input leaves it open; undefined
 * where they do not tell.
 */
export function inputWidth({ nodes, initializers }: WidthGraph, input: GraphValue): number | undefined {
  const dimsOf = new Map(initializers.map(({ name, dims }) => [name, dims]));
  let values = new Set([input.name]);
  for (const node of nodes) {
    const [first = "", second = ""] = node.inputs;
    if (!values.has(first)) continue;
    const width = weightWidth(node, dimsOf.get(second)) ?? attributeWidth(node);
    if (width !== undefined && width > 0) return width;
    // A row of other numbers, or of other type, is as wide.
    if (node.opType === "Identity" || node.opType === "Cast") values = values.union(new Set(node.outputs));
  }
  return undefined;
}

/** By the weights that a row is multiplied with or moved by. */
function weightWidth({ opType, attributes }: GraphNode, dims: readonly number[] | undefined) {
  if (dims === undefined) return undefined;
  if (opType === "MatMul" || opType === "Gemm") {
    const isTurned = opType === "Gemm" && attributes.get("transB")?.int === 1;
    return dims.length === 2 ? dims[isTurned ? 1 : 0] : undefined;
  }
  const isEach = ["Add", "Sub", "Mul", "Div"].includes(opType);
  const width = dims.at(-1) ?? 1;
  // One number goes with rows of any width.
  return isEach && dims.length <= 2 && width > 1 ? width : undefined;
}

/** By what the operators of `ai.onnx.ml` keep for each feature. */
function attributeWidth({ opType, attributes }: GraphNode): number | undefined {
  const count = (name: string) => attributes.get(name)?.floats.length ?? 0;
  const several = (width: number) => width > 1 ? width : undefined;
  if (opType === "Scaler") return several(Math.max(count("offset"), count("scale")));
  if (opType === "Imputer") return several(count("imputed_value_floats"));
  if (opType === "LinearClassifier" || opType === "LinearRegressor") {
    const rows = Math.max(count("intercepts"), attributes.get("targets")?.int ?? 1);
    return Number.isInteger(count("coefficients") / rows) ? count("coefficients") / rows : undefined;
  }
  return undefined;
}
