import type { GraphAttribute } from "./model_graph.ts";

/**
 * The nodes of an ensemble of trees, tree by tree, each level by level. A node either asks whether
 * `row[column] <= threshold`, or is a leaf that adds to the sums of its row.
 */
export interface TreeNodes {
  /** Each tree's first node, in the order in which scores are added. */
  readonly roots: Int32Array;
  readonly columns: Int32Array;
  readonly thresholds: Float32Array;
  /** 1 where NaN goes the way of small values, 0 where it goes the way of large ones. */
  readonly lowNaN: Uint8Array;
  /** The child for values up to the threshold; the other child follows it. 0 for a leaf. */
  readonly children: Int32Array;
  /** Where a leaf's scores are in the two lists below: from `listStarts` to `listEnds`. */
  readonly listStarts: Int32Array;
  readonly listEnds: Int32Array;
  /** Which sum a score is added to, and what is added. */
  readonly scoreIds: Int32Array;
  readonly weights: Float32Array;
}

/** The nodes as the attributes list them, one place in each list for each of them. */
interface Listed {
  readonly trees: readonly number[];
  readonly modes: readonly string[];
  readonly columns: readonly number[];
  readonly values: readonly number[];
  /** Whether NaN goes where the question is answered with yes; empty for nowhere. */
  readonly tracks: readonly number[];
  /** Places of the nodes that follow; -1 for what is not there. */
  readonly yes: Int32Array;
  readonly no: Int32Array;
  readonly placeOf: (tree: number, id: number) => number;
}

type Scores = Pick<TreeNodes, "listStarts" | "listEnds" | "scoreIds" | "weights">;
type Attributes = ReadonlyMap<string, GraphAttribute>;

/** Numbers of trees and nodes are below this, so that two of them make one exact number. */
const MOST = 2 ** 26;

/**
 * The trees of a TreeEnsembleClassifier or TreeEnsembleRegressor, their questions put in one form: "less than" becomes
 * "up to the float below", "greater" swaps the children.
 *
 * @param prefix What the names of the attributes for scores begin with: "class" or "target".
 * @returns undefined for anything that is not plainly a set of trees, and for questions of another form.
 */
export function readTreeNodes(attributes: Attributes, prefix: "class" | "target"): TreeNodes | undefined {
  const listed = readListed(attributes);
  const scores = listed && readScores(listed, attributes, prefix);
  return scores && layOut(listed, scores);
}

function readListed(attributes: Attributes): Listed | undefined {
  const ints = (name: string) => attributes.get(`nodes_${name}`)?.ints ?? [];
  const [trees, ids, tracks] = [ints("treeids"), ints("nodeids"), ints("missing_value_tracks_true")];
  const [columns, yesIds, noIds] = [ints("featureids"), ints("truenodeids"), ints("falsenodeids")];
  const modes = attributes.get("nodes_modes")?.texts ?? [];
  const values = attributes.get("nodes_values")?.floats ?? [];
  const count = trees.length;
  const lists = [ids, columns, yesIds, noIds, modes, values, ...(tracks.length === 0 ? [] : [tracks])];
  if (count === 0 || lists.some((list) => list.length !== count)) return undefined;
  const places = new Map<number, number>();
  for (let place = 0; place < count; place++) {
    const [tree = -1, id = -1] = [trees[place], ids[place]];
    if (tree < 0 || tree >= MOST || id < 0 || id >= MOST) return undefined;
    places.set(tree * MOST + id, place);
  }
  if (places.size !== count) return undefined;
  const placeOf = (tree: number, id: number) => places.get(tree * MOST + id) ?? -1;
  const yes = new Int32Array(count);
  const no = new Int32Array(count);
  for (let place = 0; place < count; place++) {
    const tree = trees[place] ?? -1;
    yes[place] = placeOf(tree, yesIds[place] ?? -1);
    no[place] = placeOf(tree, noIds[place] ?? -1);
  }
  return { trees, modes, columns, values, tracks, yes, no, placeOf };
}

/** The scores of the leaves, which stand in any order; `listStarts` and `listEnds` are by place. */
function readScores({ modes, placeOf }: Listed, attributes: Attributes, prefix: string): Scores | undefined {
  const ints = (name: string) => attributes.get(`${prefix}_${name}`)?.ints ?? [];
  const [trees, nodeIds, ids] = [ints("treeids"), ints("nodeids"), ints("ids")];
  const given = attributes.get(`${prefix}_weights`)?.floats ?? [];
  const count = trees.length;
  if (nodeIds.length !== count || ids.length !== count || given.length !== count) return undefined;
  const places = new Int32Array(count);
  const listEnds = new Int32Array(modes.length);
  for (let score = 0; score < count; score++) {
    const place = placeOf(trees[score] ?? -1, nodeIds[score] ?? -1);
    const [id = -1, weight = NaN] = [ids[score], given[score]];
    if (modes[place] !== "LEAF" || id < 0 || id >= MOST || !Number.isFinite(weight)) return undefined;
    places[score] = place;
    listEnds[place] = (listEnds[place] ?? 0) + 1;
  }
  const listStarts = new Int32Array(modes.length);
  for (let place = 0, start = 0; place < modes.length; place++) {
    listStarts[place] = start;
    start += listEnds[place] ?? 0;
    listEnds[place] = listStarts[place] ?? 0;
  }
  const scoreIds = new Int32Array(count);
  const weights = new Float32Array(count);
  for (let score = 0; score < count; score++) {
    const place = places[score] ?? 0;
    const at = listEnds[place] ?? 0;
    // A leaf that scores one thing twice is left to ONNX Runtime.
    if (scoreIds.subarray(listStarts[place], at).includes(ids[score] ?? 0)) return undefined;
    scoreIds[at] = ids[score] ?? 0;
    weights[at] = given[score] ?? 0;
    listEnds[place] = at + 1;
  }
  return { listStarts, listEnds, scoreIds, weights };
}

/** Puts the nodes level by level, siblings side by side. */
function layOut(listed: Listed, scores: Scores): TreeNodes | undefined {
  const { trees } = listed;
  const count = trees.length;
  const nodes: TreeNodes = {
    ...scores,
    roots: Int32Array.from(treeStarts(trees)),
    columns: new Int32Array(count),
    thresholds: new Float32Array(count),
    lowNaN: new Uint8Array(count),
    children: new Int32Array(count),
    listStarts: new Int32Array(count),
    listEnds: new Int32Array(count),
  };
  // The places of the nodes, in their new order.
  const order = new Int32Array(count);
  let next = 0;
  for (const [tree, root] of nodes.roots.entries()) {
    // What was not reached, or reached twice, moves the next root.
    if (next !== root) return undefined;
    order[next] = root;
    const end = nodes.roots[tree + 1] ?? count;
    let filled = next + 1;
    for (; next < filled; next++) {
      const place = order[next] ?? 0;
      if (listed.modes[place] === "LEAF") {
        nodes.listStarts[next] = scores.listStarts[place] ?? 0;
        nodes.listEnds[next] = scores.listEnds[place] ?? 0;
        continue;
      }
      if (filled + 2 > end || !ask(nodes, listed, { node: next, place })) return undefined;
      nodes.children[next] = filled;
      const isSwapped = isGreater(listed.modes[place]);
      order[filled++] = (isSwapped ? listed.no[place] : listed.yes[place]) ?? -1;
      order[filled++] = (isSwapped ? listed.yes[place] : listed.no[place]) ?? -1;
    }
  }
  return next === count && isEachOnce(order) ? nodes : undefined;
}

/** Where the nodes of each tree begin; those of a tree stand together, its root first. */
function treeStarts(trees: readonly number[]): number[] {
  const starts: number[] = [];
  trees.forEach((tree, place) => {
    if (place === 0 || tree !== trees[place - 1]) starts.push(place);
  });
  return starts;
}

function isEachOnce(order: Int32Array): boolean {
  const seen = new Uint8Array(order.length);
  for (const place of order) {
    if (place < 0 || seen[place] === 1) return false;
    seen[place] = 1;
  }
  return true;
}

/** Writes the question of a node, as `value <= threshold`; false for one that cannot be put so. */
function ask(nodes: TreeNodes, listed: Listed, { node, place }: { node: number; place: number }): boolean {
  const mode = listed.modes[place];
  const value = listed.values[place] ?? NaN;
  const column = listed.columns[place] ?? -1;
  const isLess = mode === "BRANCH_LEQ" || mode === "BRANCH_LT";
  if (!isLess && !isGreater(mode) || !Number.isFinite(value) || column < 0 || column >= MOST) return false;
  const isNaNYes = listed.tracks[place] === 1;
  nodes.columns[node] = column;
  nodes.thresholds[node] = mode === "BRANCH_LT" || mode === "BRANCH_GTE" ? floatBelow(value) : value;
  nodes.lowNaN[node] = isNaNYes === isLess ? 1 : 0;
  return true;
}

function isGreater(mode: string | undefined): boolean {
  return mode === "BRANCH_GT" || mode === "BRANCH_GTE";
}

/** The greatest 32-bit float below one. */
function floatBelow(value: number): number {
  const float = Float32Array.of(value);
  const bits = new Int32Array(float.buffer);
  const [old = 0] = bits;
  // Floats are ordered as their bits are, away from zero; below either zero is the smallest negative one.
  bits[0] = value === 0 ? -0x7fffffff : value > 0 ? old - 1 : old + 1;
  return float[0] ?? NaN;
}
