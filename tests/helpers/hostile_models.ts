/** ONNX models that mean harm, or are broken in ways that a file on a disk does not get by itself. */
import type { TensorType } from "../../lib/onnx/session.ts";
import { type GraphDescription, type Initializer, type NodeDescription, onnxModel } from "./onnx_model.ts";
import { treeModel } from "./tree_model.ts";

const X = { name: "x", type: "float32", shape: ["N"] } as const;
const Y = { name: "y", type: "float32", shape: ["N"] } as const;

/** A model from x to y, one 32-bit float per event. */
function model(nodes: readonly NodeDescription[], more: Partial<Parameters<typeof onnxModel>[0]> = {}) {
  return onnxModel({ inputs: [X], outputs: [Y], nodes, ...more });
}

function node(op: string, inputs: readonly string[], more: Partial<NodeDescription> = {}): NodeDescription {
  return { op, inputs, outputs: ["y"], ...more };
}

function weight(
  shape: readonly number[],
  more: Partial<Initializer> & { readonly type?: TensorType } = {},
): Initializer {
  return { name: "w", type: "float32", shape, data: new Uint8Array(4), ...more };
}

const ADD = [node("Add", ["x", "w"])];

const PLAIN: GraphDescription = { inputs: [], outputs: [Y], nodes: [node("Identity", ["x"])] };

/** A branch within a branch, and so on. */
function nested(depth: number): GraphDescription {
  return depth === 0 ? PLAIN : { ...PLAIN, nodes: [branch(nested(depth - 1))] };
}

function branch(graph: GraphDescription): NodeDescription {
  return node("If", ["c"], { attributes: { then_branch: { graph }, else_branch: { graph: PLAIN } } });
}

const YES: Initializer = { name: "c", type: "bool", shape: [], data: Uint8Array.of(1) };

/** What happens to a constant of 64-bit integers on its way through an operator. */
function withIntegers(op: string, values: readonly bigint[], more: Partial<NodeDescription> = {}) {
  const data = new Uint8Array(BigInt64Array.from(values).buffer);
  const list: Initializer = { name: "w", type: "int64", shape: [values.length], data };
  return model([node(op, ["x", "w"], more)], { initializers: [list] });
}

function trees(yes: number, column: number, ids: readonly number[] = [0, 1, 2]) {
  return treeModel({
    operator: "TreeEnsembleRegressor",
    columns: 1,
    width: 1,
    trees: [],
    attributes: {
      n_targets: 1,
      nodes_treeids: [0, 0, 0],
      nodes_nodeids: ids,
      nodes_featureids: [column, 0, 0],
      nodes_modes: ["BRANCH_LEQ", "LEAF", "LEAF"],
      nodes_values: { floats: [0.5, 0, 0] },
      nodes_truenodeids: [yes, 0, 0],
      nodes_falsenodeids: [2, 0, 0],
      target_treeids: [0, 0],
      target_nodeids: [1, 2],
      target_ids: [0, 0],
      target_weights: { floats: [1, 2] },
    },
  });
}

const DEEP = 2000;

/** A message that holds itself so many times: operator, attribute, graph, operator... */
function tower(levels: number): Uint8Array {
  let inside: Uint8Array = new Uint8Array();
  for (let level = 0; level < levels; level++) for (const field of [6, 5, 1]) inside = wrapped(field, inside);
  return wrapped(7, inside);
}

function wrapped(field: number, inside: Uint8Array): Uint8Array {
  const head = [field * 8 + 2];
  for (let rest = inside.length;; rest = Math.floor(rest / 128)) {
    if (rest < 128) {
      head.push(rest);
      break;
    }
    head.push(128 + rest % 128);
  }
  const bytes = new Uint8Array(head.length + inside.length);
  bytes.set(head);
  bytes.set(inside, head.length);
  return bytes;
}

const MOST = 2n ** 63n - 1n;

/** The models by what is wrong with them. */
export const HOSTILE_MODELS: Readonly<Record<string, () => Uint8Array>> = {
  "empty file": () => new Uint8Array(),
  "zeros": () => new Uint8Array(4096),
  "all bits": () => new Uint8Array(4096).fill(0xff),
  "a number that never ends": () => Uint8Array.of(0x38, ...new Array<number>(64).fill(0x80)),
  "a part longer than the whole": () => Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f, 1),
  "a part longer than any file": () => Uint8Array.of(0x3a, ...new Array<number>(9).fill(0xff), 1, 1),
  "graphs in graphs, thousands deep, by name only": () => tower(DEEP),
  "branches in branches, forty deep": () => model([branch(nested(40))], { initializers: [YES] }),
  "no outputs": () => model(ADD, { outputs: [], initializers: [weight([1])] }),
  "an operator that nobody has": () => model([node("Frobnicate", ["x"])]),
  "an operator of an unknown set": () => model([node("Run", ["x"], { domain: "com.evil" })]),
  "an operator set of the future": () => model([node("Identity", ["x"])], { opset: 9_999 }),
  "a format of the future": () => model([node("Identity", ["x"])], { irVersion: 9_999 }),
  "a circle": () =>
    model([node("Add", ["x", "a"], { outputs: ["b"] }), node("Add", ["x", "b"], { outputs: ["a"] })]),
  "a value that is made twice": () => model([node("Neg", ["x"]), node("Abs", ["x"])]),
  "a value that nobody makes": () => model([node("Add", ["x", "gone"])]),
  "adding a text to a number": () =>
    model(ADD, { initializers: [weight([1], { type: "string", data: ["a"] })] }),
  "shapes that do not fit": () =>
    model(ADD, {
      inputs: [{ ...X, shape: ["N", 3] }],
      initializers: [weight([5], { data: new Uint8Array(20) })],
    }),
  "a weight of negative size": () => model(ADD, { initializers: [weight([-1])] }),
  "a weight with fewer bytes than it says": () => model(ADD, { initializers: [weight([1000])] }),
  "a weight with more bytes than it says": () =>
    model(ADD, { initializers: [weight([1], { data: new Uint8Array(4000) })] }),
  "a weight whose size overflows": () => model(ADD, { initializers: [weight([2 ** 32, 2 ** 32, 4])] }),
  "a weight of four exabytes": () => model(ADD, { initializers: [weight([2 ** 60])] }),
  "weights above the project": () =>
    model(ADD, { initializers: [weight([1], { external: "../outside.bin" })] }),
  "weights at an absolute path": () =>
    model(ADD, { initializers: [weight([1], { external: "/etc/passwd" })] }),
  "weights down and up again": () =>
    model(ADD, { initializers: [weight([1], { external: "a/../../outside.bin" })] }),
  "weights at a path with a NUL": () =>
    model(ADD, { initializers: [weight([1], { external: "w.bin\0.txt" })] }),
  "weights behind a link that leads out": () =>
    model(ADD, { initializers: [weight([1], { external: "link.bin" })] }),
  "weights in a folder": () => model(ADD, { initializers: [weight([1], { external: "folder" })] }),
  "weights beyond the end of their file": () =>
    model(ADD, {
      initializers: [weight([1], { external: "w.bin", range: { offset: 10 ** 12, length: 4 } })],
    }),
  "weights before the beginning of their file": () =>
    model(ADD, { initializers: [weight([1], { external: "w.bin", range: { offset: -8, length: 4 } })] }),
  "weights of negative length": () =>
    model(ADD, { initializers: [weight([1], { external: "w.bin", range: { offset: 0, length: -4 } })] }),
  "reading outside of a list": () => withIntegers("Gather", [MOST]),
  "a shape that overflows": () => withIntegers("Reshape", [MOST, MOST, 4n]),
  "a shape below nothing": () => withIntegers("Reshape", [-5n]),
  "spreading to exabytes": () => withIntegers("Expand", [2n ** 60n]),
  "repeating without end": () => withIntegers("Tile", [MOST]),
  "padding below nothing": () => withIntegers("Pad", [-5n, -5n]),
  "dividing by zero": () =>
    onnxModel({
      inputs: [{ ...X, type: "int64" }],
      outputs: [{ ...Y, type: "int64" }],
      nodes: [node("Div", ["x", "w"])],
      initializers: [weight([1], { type: "int64", data: new Uint8Array(8) })],
    }),
  "a loop that takes a name it has not": () =>
    model([node("Loop", ["", "c", "x"], {
      attributes: { body: { graph: { inputs: [X], outputs: [Y], nodes: [node("Identity", ["x"])] } } },
    })], { initializers: [YES] }),
  "a tree that is its own child": () => trees(0, 0),
  "a tree whose child is not there": () => trees(99, 0),
  "a tree that asks for a column beyond the row": () => trees(1, 10 ** 6),
  "a tree that asks for a column before the row": () => trees(1, -1),
  "a tree with a node twice": () => trees(1, 0, [0, 0, 2]),
  "a name of a million letters": () => model([node("Identity", ["x".repeat(10 ** 6)])]),
  "names that are not UTF-8": () => {
    const bytes = model([node("Identity", ["x"], { outputs: ["zzzz"] }), node("Identity", ["zzzz"])]);
    return bytes.map((byte) => byte === 0x7a ? 0xff : byte);
  },
  "an output named __proto__": () =>
    model([node("Identity", ["x"], { outputs: ["__proto__"] })], { outputs: [{ ...Y, name: "__proto__" }] }),
  "a hundred thousand inputs": () => model([node("Sum", new Array<string>(100_000).fill("x"))]),
};
