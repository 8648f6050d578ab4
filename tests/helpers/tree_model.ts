/** Writes ONNX models of decision trees, for tests. */
import { type Arbitrary, fc } from "./fast_check.ts";
import { type NodeDescription, onnxModel } from "./onnx_model.ts";

/** A node of a tree: a leaf with its scores, or a question with what follows. */
export type Tree =
  | { readonly scores: readonly (readonly [id: number, weight: number])[] }
  | {
    readonly mode: string;
    readonly column: number;
    readonly value: number;
    readonly isNaNTrue: boolean;
    readonly yes: Tree;
    readonly no: Tree;
  };

export interface TreeModel {
  readonly operator: "TreeEnsembleClassifier" | "TreeEnsembleRegressor";
  readonly columns: number;
  readonly trees: readonly Tree[];
  /** Further attributes, such as labels and the transformation of scores. */
  readonly attributes: NonNullable<NodeDescription["attributes"]>;
  /** Width of the row of scores. */
  readonly width: number;
  readonly labelType?: "int64" | "string";
}

/** The bytes of an ONNX model of trees. */
export function treeModel(model: TreeModel): Uint8Array<ArrayBuffer> {
  const isClassifier = model.operator === "TreeEnsembleClassifier";
  const scores = { name: "scores", type: "float32", shape: ["N", model.width] } as const;
  const label = { name: "label", type: model.labelType ?? "int64", shape: ["N"] } as const;
  const outputs = isClassifier ? [label, scores] : [scores];
  return onnxModel({
    inputs: [{ name: "x", type: "float32", shape: ["N", model.columns] }],
    outputs,
    nodes: [{
      op: model.operator,
      domain: "ai.onnx.ml",
      inputs: ["x"],
      outputs: outputs.map(({ name }) => name),
      attributes: { ...treeAttributes(model.trees, isClassifier ? "class" : "target"), ...model.attributes },
    }],
  });
}

/** The attributes that describe trees. */
export function treeAttributes(
  trees: readonly Tree[],
  prefix: "class" | "target",
): Record<string, readonly number[] | readonly string[] | { floats: readonly number[] }> {
  const nodes = { trees: [], ids: [], columns: [], yes: [], no: [], tracks: [] } as Record<string, number[]>;
  const modes: string[] = [];
  const values: number[] = [];
  const scores = { trees: [], nodes: [], ids: [] } as Record<string, number[]>;
  const weights: number[] = [];
  trees.forEach((root, tree) => {
    let next = 0;
    const visit = (node: Tree): number => {
      const id = next++;
      const at = modes.length;
      const isLeaf = "scores" in node;
      nodes.trees?.push(tree);
      nodes.ids?.push(id);
      nodes.columns?.push(isLeaf ? 0 : node.column);
      nodes.tracks?.push(!isLeaf && node.isNaNTrue ? 1 : 0);
      nodes.yes?.push(0);
      nodes.no?.push(0);
      modes.push(isLeaf ? "LEAF" : node.mode);
      values.push(isLeaf ? 0 : node.value);
      if (isLeaf) {
        for (const [score, weight] of node.scores) {
          scores.trees?.push(tree);
          scores.nodes?.push(id);
          scores.ids?.push(score);
          weights.push(weight);
        }
      } else {
        const [yes, no] = [visit(node.yes), visit(node.no)];
        nodes.yes?.splice(at, 1, yes);
        nodes.no?.splice(at, 1, no);
      }
      return id;
    };
    visit(root);
  });
  return {
    nodes_treeids: nodes.trees ?? [],
    nodes_nodeids: nodes.ids ?? [],
    nodes_featureids: nodes.columns ?? [],
    nodes_truenodeids: nodes.yes ?? [],
    nodes_falsenodeids: nodes.no ?? [],
    nodes_missing_value_tracks_true: nodes.tracks ?? [],
    nodes_modes: modes,
    nodes_values: { floats: values },
    [`${prefix}_treeids`]: scores.trees ?? [],
    [`${prefix}_nodeids`]: scores.nodes ?? [],
    [`${prefix}_ids`]: scores.ids ?? [],
    [`${prefix}_weights`]: { floats: weights },
  };
}

/** Thresholds and values that meet: whole numbers, halves, both zeros, the ends of the range. */
export const treeValue = fc.oneof(
  fc.integer({ min: -4, max: 4 }).map((value) => value / 2),
  fc.constantFrom(-0, 0, 1e-45, -1e-45, 3.4028234663852886e38, -3.4028234663852886e38),
  fc.float({ noNaN: true, noDefaultInfinity: true }),
);

/** Trees whose leaves have scores as `leaf` makes them. */
export function treeArbitrary(
  columns: number,
  leaf: Arbitrary<Tree>,
  modes: readonly string[] = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT"],
): Arbitrary<Tree> {
  let tree = leaf;
  for (let depth = 0; depth < 5; depth++) {
    const question = fc.record({
      mode: fc.constantFrom(...modes),
      column: fc.nat(columns - 1),
      value: treeValue,
      isNaNTrue: fc.boolean(),
      yes: tree,
      no: tree,
    });
    tree = fc.oneof({ weight: 1, arbitrary: leaf }, { weight: 3, arbitrary: question });
  }
  return tree;
}
