import type { GraphAttribute, GraphNode, GraphValue, ModelGraph } from "./model_graph.ts";
import { readTreeNodes, type TreeNodes } from "./tree_nodes.ts";

/** A model that is an ensemble of trees and nothing else. */
export interface TreeEnsemble extends TreeNodes {
  readonly input: { readonly name: string; readonly columns: number };
  readonly outputs: readonly EnsembleOutput[];
  /** Scores of a row: one for each class or target; 1 where a second class is what the first is not. */
  readonly scores: number;
  /** Added to the sums: nothing, or one number for each score. */
  readonly base: readonly number[];
  readonly answer: ClassAnswer | TargetAnswer;
}

/** An output of the model. */
export interface EnsembleOutput {
  readonly name: string;
  readonly kind: "label" | "scores";
  readonly shape: readonly (number | null)[];
}

/** What a classifier makes of the sums. */
export interface ClassAnswer {
  readonly kind: "class";
  readonly labels: readonly bigint[] | readonly string[];
  readonly transform: "NONE" | "LOGISTIC" | "SOFTMAX";
  /** Whether no weight is negative: then the sum of one class is a probability. */
  readonly isPositive: boolean;
}

/** What a regressor makes of the sums: divided by `divisor`. */
export interface TargetAnswer {
  readonly kind: "target";
  readonly divisor: number;
}

const NODE_ATTRIBUTES = [
  "nodes_falsenodeids",
  "nodes_featureids",
  "nodes_hitrates",
  "nodes_missing_value_tracks_true",
  "nodes_modes",
  "nodes_nodeids",
  "nodes_treeids",
  "nodes_truenodeids",
  "nodes_values",
  "base_values",
  "post_transform",
];
const CLASS_ATTRIBUTES = new Set([
  ...NODE_ATTRIBUTES,
  "class_ids",
  "class_nodeids",
  "class_treeids",
  "class_weights",
  "classlabels_int64s",
  "classlabels_strings",
]);
const TARGET_ATTRIBUTES = new Set([
  ...NODE_ATTRIBUTES,
  "aggregate_function",
  "n_targets",
  "target_ids",
  "target_nodeids",
  "target_treeids",
  "target_weights",
]);

/**
 * The trees of a model that is one TreeEnsembleClassifier or TreeEnsembleRegressor over rows of 32-bit floats, as
 * converters write for random forests and boosted trees.
 *
 * @see https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsembleClassifier.html
 * @returns undefined for any other model, and wherever the answer is not plainly that of ONNX Runtime.
 */
export function readTreeEnsemble(graph: ModelGraph): TreeEnsemble | undefined {
  const trees = graph.nodes.filter(({ opType }) => opType !== "Identity");
  const [node] = trees;
  const [input] = graph.inputs;
  if (trees.length !== 1 || node === undefined || graph.inputs.length !== 1 || input === undefined) {
    return undefined;
  }
  const version = graph.opsets.find(({ domain }) => domain === "ai.onnx.ml")?.version ?? 0;
  if (node.domain !== "ai.onnx.ml" || version < 1 || version > 4) return undefined;
  if (node.inputs.length !== 1 || node.inputs[0] !== input.name) return undefined;
  const columns = columnsOf(input);
  const read = node.opType === "TreeEnsembleClassifier"
    ? readClassifier(node.attributes)
    : node.opType === "TreeEnsembleRegressor"
    ? readRegressor(node.attributes)
    : undefined;
  const outputs = read === undefined ? undefined : outputsOf(graph, node, read.answer);
  if (columns === undefined || read === undefined || outputs === undefined) return undefined;
  if (read.columns.some((column) => column >= columns)) return undefined;
  return { ...read, input: { name: input.name, columns }, outputs };
}

type Attributes = ReadonlyMap<string, GraphAttribute>;
type Read = Omit<TreeEnsemble, "input" | "outputs">;

function readClassifier(attributes: Attributes): Read | undefined {
  const isKnown = [...attributes].every(([name, { other }]) => CLASS_ATTRIBUTES.has(name) && !other);
  const transform = attributes.get("post_transform")?.text ?? "NONE";
  if (!isKnown || transform !== "NONE" && transform !== "LOGISTIC" && transform !== "SOFTMAX") {
    return undefined;
  }
  const trees = readTreeNodes(attributes, "class");
  if (trees === undefined) return undefined;
  const texts = attributes.get("classlabels_strings")?.texts ?? [];
  const numbers = attributes.get("classlabels_int64s")?.ints ?? [];
  if (texts.length > 0 && numbers.length > 0 || !numbers.every(Number.isSafeInteger)) return undefined;
  const labels = texts.length > 0 ? texts : numbers.map(BigInt);
  const base = attributes.get("base_values")?.floats ?? [];
  const answer: ClassAnswer = {
    kind: "class",
    labels,
    transform,
    isPositive: trees.weights.every((weight) => weight >= 0),
  };
  if (labels.length === 2) {
    // Both classes at once, or only the second, have rules of their own.
    const scores = isEachLeafScoredOnce(trees) && base.length <= 1 ? 1 : undefined;
    return scores === undefined ? undefined : { ...trees, scores, base, answer };
  }
  const scores = labels.length;
  if (scores < 3 || !idsAreBelow(trees, scores) || !isEveryIdScored(trees, scores)) return undefined;
  return base.length === 0 || base.length === scores ? { ...trees, scores, base, answer } : undefined;
}

function readRegressor(attributes: Attributes): Read | undefined {
  const isKnown = [...attributes].every(([name, { other }]) => TARGET_ATTRIBUTES.has(name) && !other);
  const aggregate = attributes.get("aggregate_function")?.text ?? "SUM";
  if (!isKnown || (attributes.get("post_transform")?.text ?? "NONE") !== "NONE") return undefined;
  if (aggregate !== "SUM" && aggregate !== "AVERAGE") return undefined;
  const trees = readTreeNodes(attributes, "target");
  const scores = attributes.get("n_targets")?.int ?? 0;
  const base = attributes.get("base_values")?.floats ?? [];
  if (trees === undefined || scores < 1 || !idsAreBelow(trees, scores)) return undefined;
  // The base of a target that got no score is not added.
  if (base.length !== 0 && (base.length !== scores || !isEveryIdScored(trees, scores))) return undefined;
  if (scores === 1 && !isEachLeafScoredOnce(trees)) return undefined;
  const divisor = aggregate === "AVERAGE" ? trees.roots.length : 1;
  return { ...trees, scores, base, answer: { kind: "target", divisor } };
}

/** Whether each leaf has one score, and that for the only class or target there is. */
function isEachLeafScoredOnce({ children, listStarts, listEnds, scoreIds }: TreeNodes): boolean {
  return scoreIds.every((id) => id === 0) &&
    children.every((child, node) => child !== 0 || (listEnds[node] ?? 0) - (listStarts[node] ?? 0) === 1);
}

function idsAreBelow({ scoreIds }: TreeNodes, count: number): boolean {
  return scoreIds.every((id) => id < count);
}

/** Whether each class or target gets a score in whatever row: from a tree all of whose leaves give it one. */
function isEveryIdScored(trees: TreeNodes, count: number): boolean {
  const scored = new Set<number>();
  trees.roots.forEach((root, tree) => {
    const leaves: Int32Array[] = [];
    for (let node = root; node < (trees.roots[tree + 1] ?? trees.children.length); node++) {
      const ids = trees.scoreIds.subarray(trees.listStarts[node], trees.listEnds[node]);
      if (trees.children[node] === 0) leaves.push(ids);
    }
    for (const id of leaves[0] ?? []) if (leaves.every((ids) => ids.includes(id))) scored.add(id);
  });
  return scored.size === count;
}

/** Features of a row; undefined unless the input is `[events, features]` of 32-bit floats. */
function columnsOf({ type, dims }: GraphValue): number | undefined {
  const [events, columns] = dims ?? [];
  if (type !== "float32" || dims?.length !== 2 || typeof events === "number") return undefined;
  return typeof columns === "number" && columns > 0 ? columns : undefined;
}

function outputsOf(
  graph: ModelGraph,
  node: GraphNode,
  answer: TreeEnsemble["answer"],
): EnsembleOutput[] | undefined {
  const isClass = answer.kind === "class";
  const kinds = new Map<string, EnsembleOutput["kind"]>();
  node.outputs.forEach((name, index) => kinds.set(name, isClass && index === 0 ? "label" : "scores"));
  for (const { opType, inputs, outputs } of graph.nodes) {
    const kind = kinds.get(inputs[0] ?? "");
    // Nodes stand in the order in which they run.
    if (opType === "Identity" && kind !== undefined) kinds.set(outputs[0] ?? "", kind);
  }
  const labelType = isClass && typeof answer.labels[0] === "string" ? "string" : "int64";
  const outputs: EnsembleOutput[] = [];
  for (const { name, type, dims } of graph.outputs) {
    const kind = kinds.get(name);
    if (kind === undefined || type !== (kind === "label" ? labelType : "float32")) return undefined;
    if (dims?.length !== (kind === "label" ? 1 : 2)) return undefined;
    outputs.push({ name, kind, shape: dims.map((size) => typeof size === "number" ? size : null) });
  }
  return outputs.length === 0 ? undefined : outputs;
}
