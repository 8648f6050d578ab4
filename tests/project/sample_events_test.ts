import assert from "node:assert/strict";
import { readModelGraph } from "../../lib/onnx/model_graph.ts";
import { type ModelSample, sampleEvents } from "../../lib/project/sample_events.ts";
import {
  type ModelDescription,
  onnxModel,
  type SequenceValue,
  type TensorValue,
  zipMapModel,
} from "../helpers/onnx_model.ts";

const NODES = [{ op: "Identity", inputs: ["x"], outputs: ["y"] }];

function sampleOf(
  inputs: readonly (TensorValue | SequenceValue)[],
  more: Partial<ModelDescription> = {},
): ModelSample {
  const outputs = [{ name: "y", type: "float32", shape: [null] } as const];
  return sampleEvents(readModelGraph(onnxModel({ inputs, outputs, nodes: NODES, ...more })), "m.onnx");
}

const sample = (...inputs: TensorValue[]) => sampleOf(inputs);
const table = (width: number | null): TensorValue => ({ name: "X", type: "float32", shape: ["N", width] });

Deno.test("numbers the features of a table's only input", () => {
  const { config, events, notes } = sample(table(3));
  assert.deepEqual(config, { featureNames: ["feature_0", "feature_1", "feature_2"] });
  assert.equal(events.length, 4);
  for (const event of events) {
    assert.deepEqual(Object.keys(event), ["feature_0", "feature_1", "feature_2"]);
    assert.ok(Object.values(event).every((value) => typeof value === "number"));
  }
  assert.notDeepEqual(events[0], events[1]);
  assert.match(notes.join(), /^The model does not name its 3 features: give them your events' names/);
});

Deno.test("takes the names that the model's metadata gives its features", () => {
  const named = (names: string, width: number | null) =>
    sampleOf([table(width)], { metadata: { feature_names: names } });
  const { config, events, notes } = named('["sepal.length", "width"]', 2);
  assert.deepEqual(config, { featureNames: ["sepal.length", "width"], nestedFieldDelimiter: "/" });
  assert.deepEqual(Object.keys(events[0] ?? {}), ["sepal.length", "width"]);
  assert.deepEqual(notes, [`The fields have the names in the model's "feature_names"`]);
  assert.deepEqual(named("a,b,c", null).config, { featureNames: ["a", "b", "c"] });
  assert.deepEqual(named("a", 1).config, { featureNames: ["a"] });
  const wrong = named("a,b,c", 2);
  assert.deepEqual(wrong.config, { featureNames: ["feature_0", "feature_1"] });
  assert.match(
    wrong.notes[0] ?? "",
    /"feature_names" names 3 features, and "X" takes 2: the names are not used$/,
  );
});

Deno.test("finds out how wide a table is, or feeds it by an array", () => {
  const weights = { name: "w", type: "float32", shape: [2, 1], data: new Uint8Array(8) } as const;
  const nodes = [{ op: "MatMul", inputs: ["X", "w"], outputs: ["y"] }];
  const known = sampleOf([table(null)], { nodes, initializers: [weights] });
  assert.deepEqual(known.config, { featureNames: ["feature_0", "feature_1"] });
  const open = sample(table(null));
  assert.deepEqual([open.config, open.events[0]], [{}, { X: [0] }]);
  assert.match(
    open.notes.join(),
    /does not say how many values "X" takes: each event holds them as an array$/,
  );
  const wide = sample(table(2000));
  assert.deepEqual([wide.config, wide.events.length, wide.notes], [{}, 2, []]);
  assert.ok(Array.isArray(wide.events[0]?.X) && wide.events[0].X.length === 2000);
  const unranked = { name: "X", type: "float32" } as const;
  assert.deepEqual(sample(unranked).events[0], { X: 0 });
  const named = sampleOf([unranked], { metadata: { feature_names: "a,b" } });
  assert.deepEqual(named.config, { featureNames: ["a", "b"] });
});

Deno.test("feeds other inputs by the field of their name, in their shape and type", () => {
  const { config, events, notes } = sample(
    { name: "age", type: "int64", shape: ["N", 1] },
    { name: "sex", type: "string", shape: ["N"] },
    { name: "ok", type: "bool", shape: ["N", 1] },
    { name: "image", type: "uint8", shape: ["N", 2, 2] },
    { name: "tokens", type: "int64", shape: ["N", "length"] },
  );
  assert.deepEqual([config, notes], [{}, []]);
  assert.deepEqual(events[0], { age: 0, sex: "b", ok: false, image: [[0, 1], [1, 2]], tokens: [1] });
});

Deno.test("takes the input's own name where there is one value, or more than a row", () => {
  const fields = (shape: (number | null)[]) =>
    Object.keys(sample({ name: "x", type: "float32", shape }).events[0] ?? {});
  for (const shape of [[null], [null, 1], [null, 2, 3], []]) assert.deepEqual(fields(shape), ["x"]);
});

Deno.test("chooses a separator that no input has in its name", () => {
  const value = (name: string): TensorValue => ({ name, type: "float32", shape: ["N", 1] });
  assert.deepEqual(sample(value("input.1"), value("a/b")).config, { nestedFieldDelimiter: "::" });
  const all = ["./", "::", "|", "#", "->", "~~", "\u241f", "..."];
  assert.deepEqual(sample(...all.map(value)).config, { nestedFieldDelimiter: "...." });
});

Deno.test("makes fewer events where one is large, and none without end", () => {
  const image = (side: number) => sample({ name: "x", type: "float32", shape: ["N", 3, side, side] });
  assert.equal(image(224).events.length, 2);
  assert.throws(() => image(2 ** 31), {
    code: "create.unsupported_model",
    message: /at most 10000000 elements/,
  });
});

Deno.test("says what cannot be served", () => {
  const sequence = { name: "X", sequenceOf: "float32" } as const;
  assert.throws(() => sampleOf([sequence]), {
    code: "model.non_tensor_input",
    message: /^Cannot make a project from "m\.onnx" as its input "X" must be a tensor .*: it is a sequence$/,
  });
  assert.throws(() => sampleOf([]), { code: "create.unsupported_model", message: /it has none$/ });
  assert.throws(() => sampleEvents(readModelGraph(zipMapModel()), "m.onnx"), {
    code: "model.non_tensor_output",
    remedy: /zipmap=False/,
  });
  const half = { name: "X", type: undefined, other: "a tensor of bfloat16", dims: ["N", 2] } as const;
  const graph = { inputs: [half], outputs: [], nodes: [], initializers: [], metadata: {} };
  assert.throws(() => sampleEvents(graph, "m.onnx"), { message: /it is a tensor of bfloat16$/ });
});
