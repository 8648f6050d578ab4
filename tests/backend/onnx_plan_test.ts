import assert from "node:assert/strict";
import { planModel, type PlanOptions } from "../../lib/backend/onnx_plan.ts";
import type { NonTensorInfo, Session, TensorInfo } from "../../lib/onnx/session.ts";
import { rejects } from "../helpers/rejects.ts";

const Y: TensorInfo = { name: "y", type: "float32", shape: [null] };
const input = (name: string, ...shape: (number | null)[]): TensorInfo => ({ name, type: "float32", shape });

function plan(
  inputs: Session["inputs"],
  options: Partial<PlanOptions> = {},
  outputs: readonly (TensorInfo | NonTensorInfo)[] = [Y],
) {
  const unused = () => Promise.reject(new Error("a plan runs nothing"));
  const session: Session = { device: "none", inputs, outputs, run: unused, dispose: unused };
  return planModel(session, {
    model: "m.onnx",
    featureNames: [],
    renameFields: {},
    nestedFieldDelimiter: ".",
    ignoreDelimiterCollisions: false,
    onMissing: "error",
    outputs: [],
    ...options,
  });
}

const paths = (of: ReturnType<typeof plan>) => of.inputs.map(({ fields }) => fields.map(({ name }) => name));

Deno.test("planModel feeds the only input from featureNames, or from the field of its name", () => {
  assert.deepEqual(paths(plan([input("X", null, 2)], { featureNames: ["a", "b.c"] })), [["a", "b.c"]]);
  assert.deepEqual(paths(plan([input("X", null, 2)])), [["X"]]);
  assert.deepEqual(paths(plan([input("X", null)], { featureNames: ["a"] })), [["a"]]);
});

Deno.test("planModel feeds each of several inputs from the field of its name", () => {
  const inputs = [input("a", null, 1), input("b", null, 3)];
  assert.deepEqual(paths(plan(inputs)), [["a"], ["b"]]);
  assert.deepEqual(paths(plan(inputs, { renameFields: { "x-1": "a" } })), [["x-1"], ["b"]]);
});

Deno.test("planModel follows renameFields back to the fields of the events, swaps included", () => {
  const options = { featureNames: ["a", "b", "c"], renameFields: { a: "b", b: "a" } };
  assert.deepEqual(paths(plan([input("X", null, 3)], options)), [["b", "a", "c"]]);
  assert.deepEqual(paths(plan([input("X", null, 3)], { renameFields: { "sensor.all": "X" } })), [[
    "sensor.all",
  ]]);
});

Deno.test("planModel lets featureNames of several inputs say what is so, and nothing else", async () => {
  const inputs = [input("zurich_class", null, 1), input("area", null, 1)];
  const renameFields = { "zurich-class": "zurich_class" };
  for (const featureNames of [["zurich-class", "area"], ["zurich_class"]]) {
    assert.deepEqual(paths(plan(inputs, { featureNames, renameFields })), [["zurich-class"], ["area"]]);
  }
  await rejects(
    () => plan(inputs, { featureNames: ["aera"], renameFields }),
    "config.invalid",
    /feature "aera" .*did you mean "area"\?/,
  );
});

Deno.test("planModel refuses two fields with one new name", async () => {
  await rejects(
    () => plan([input("X", null, 2)], { renameFields: { a: "c", b: "c" } }),
    "config.invalid",
    /^Cannot rename "b" to "c" as each new name must be given once: "a" has it too$/,
  );
});

Deno.test("planModel refuses more features than the input has room for", async () => {
  const featureNames = ["a", "b", "c"];
  await rejects(
    () => plan([input("X", null, 2)], { featureNames }),
    "config.invalid",
    /^Cannot feed input "X" of shape \[any, 2\] as featureNames must be 2 at most: current value has 3 names$/,
  );
  await rejects(() => plan([input("X", null)], { featureNames }), "config.invalid", /must be 1 at most/);
  await rejects(
    () => plan([input("X", null, 2, 2)], { featureNames }),
    "config.invalid",
    /must be 1 at most/,
  );
  assert.equal(paths(plan([input("X", null, null)], { featureNames }))[0]?.length, 3);
});

Deno.test("planModel tells how many events a run takes", async () => {
  assert.equal(plan([input("X", null, 2)]).batchSize, null);
  assert.equal(plan([input("X", 4, 2)]).batchSize, 4);
  assert.equal(plan([input("X")]).batchSize, 1, "an input of rank 0 serves one event");
  assert.equal(plan([input("a", null), input("b", 3)]).batchSize, 3);
  assert.equal(plan([input("a", 3), input("b", 3)]).batchSize, 3);
  await rejects(
    () => plan([input("a", 2), input("b", 3)]),
    "model.wrong_shape",
    /input "b" .*another has 2 there/,
  );
  await rejects(() => plan([input("a", 0)]), "model.wrong_shape", /"a" has the shape \[0\]/);
});

Deno.test("planModel takes an input without a declared rank for a table when there are many features", () => {
  const { inputs, batchSize } = plan([input("X")], { featureNames: ["a", "b"] });
  assert.deepEqual([inputs[0]?.batched, inputs[0]?.row, batchSize], [true, [null], null]);
});

Deno.test("planModel lets only floats be missing", () => {
  const inputs: TensorInfo[] = [input("f", null), { ...input("i", null), type: "int32" }];
  assert.deepEqual(plan(inputs, { onMissing: "null" }).inputs.map((each) => each.missingIsNaN), [
    true,
    false,
  ]);
  assert.deepEqual(plan(inputs).inputs.map((each) => each.missingIsNaN), [false, false]);
});

Deno.test("planModel refuses inputs and outputs that are no tensors", async () => {
  const sequence: NonTensorInfo = { name: "s", type: null };
  await rejects(() => plan([sequence]), "model.non_tensor_input", /input "s" of model "m.onnx"/);
  await rejects(() => plan([input("X", null)], {}, [Y, sequence]), "model.non_tensor_output", /output "s"/);
  assert.deepEqual(plan([input("X", null)], { outputs: ["y"] }, [sequence, Y]).outputs, ["y"]);
});

Deno.test("planModel serves a model without inputs no field at all", () => {
  assert.deepEqual(plan([]).inputs, []);
});

Deno.test("planModel refuses a model without outputs, which has nothing to answer", async () => {
  await rejects(
    () => plan([input("X", null)], {}, []),
    "model.wrong_shape",
    /"m.onnx" as it must have outputs/,
  );
});
