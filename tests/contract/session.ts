/** What every Session must do, whatever runs the model: each implementation's test calls {@linkcode sessionContract}. */
import assert from "node:assert/strict";
import type { Session, Tensor, TensorType } from "../../lib/onnx/session.ts";
import { elementType, identityModel, onnxModel, zipMapModel } from "../helpers/onnx_model.ts";
import { rejects } from "../helpers/rejects.ts";

/** Opens a model's bytes. */
export type OpenModel = (model: Uint8Array) => Promise<Session>;

/** Values of each type, the least and the most it holds among them. */
const VALUES: readonly Tensor[] = [
  { type: "float32", data: Float32Array.of(1.5, -0, NaN, Infinity, 3.4028234663852886e38), dims: [5] },
  { type: "float64", data: Float64Array.of(0.1, Number.MAX_VALUE, -Infinity, 5e-324, NaN), dims: [5] },
  { type: "float16", data: Uint16Array.of(0x0000, 0x3c00, 0x7bff, 0x0001, 0xfc00), dims: [5] },
  { type: "int8", data: Int8Array.of(-128, 0, 127), dims: [3] },
  { type: "int16", data: Int16Array.of(-32768, 0, 32767), dims: [3] },
  { type: "int32", data: Int32Array.of(-2147483648, 0, 2147483647), dims: [3] },
  { type: "int64", data: BigInt64Array.of(-(2n ** 63n), 2n ** 53n + 1n, 2n ** 63n - 1n), dims: [3] },
  { type: "uint8", data: Uint8Array.of(0, 255), dims: [2] },
  { type: "uint16", data: Uint16Array.of(0, 65535), dims: [2] },
  { type: "uint32", data: Uint32Array.of(0, 4294967295), dims: [2] },
  { type: "uint64", data: BigUint64Array.of(0n, 2n ** 64n - 1n), dims: [2] },
  { type: "bool", data: Uint8Array.of(1, 0, 1), dims: [3] },
  { type: "string", data: ["", "a b", "Zürich", "日本", "😀"], dims: [5] },
];

/** What an implementation may lack. */
export interface ContractOptions {
  /** Whether it has the operators of classic machine learning. */
  readonly hasMl?: boolean;
}

/** Registers the suite's tests for one implementation. */
export function sessionContract(name: string, open: OpenModel, options: ContractOptions = {}): void {
  const test = (says: string, run: () => Promise<void>) => Deno.test(`${name} session ${says}`, run);
  testDeclarations(test, open);
  testValues(test, open);
  testOutputs(test, open, options);
  testLife(test, open);
}

type Test = (says: string, run: () => Promise<void>) => void;

function testDeclarations(test: Test, open: OpenModel): void {
  test("tells names, types and shapes, open dimensions as null", async () => {
    const session = await open(onnxModel({
      inputs: [{ name: "x", type: "int64", shape: ["N", 3, null] }, { name: "t", type: "string", shape: [] }],
      outputs: [{ name: "y", type: "bool", shape: ["N", 3, "M"] }, { name: "u", type: "string", shape: [] }],
      nodes: [
        { op: "Cast", inputs: ["x"], outputs: ["y"], attributes: { to: elementType("bool") } },
        { op: "Identity", inputs: ["t"], outputs: ["u"] },
      ],
    }));
    assert.deepEqual(session.inputs, [
      { name: "x", type: "int64", shape: [null, 3, null] },
      { name: "t", type: "string", shape: [] },
    ]);
    assert.deepEqual(session.outputs, [
      { name: "y", type: "bool", shape: [null, 3, null] },
      { name: "u", type: "string", shape: [] },
    ]);
    await session.dispose();
  });
}

function testValues(test: Test, open: OpenModel): void {
  for (const value of VALUES) {
    test(`carries ${value.type} values both ways`, async () => {
      const session = await open(identityModel(value.type, ["N"]));
      assert.deepEqual(session.inputs, [{ name: "x", type: value.type, shape: [null] }]);
      assert.deepEqual(await session.run({ x: value }), { y: value });
      await session.dispose();
    });
  }

  test("carries ranks 0 to 4 and dimensions of size 0", async () => {
    for (const dims of [[], [1], [3, 2], [2, 1, 2], [2, 3, 1, 2], [0, 3]]) {
      const session = await open(identityModel("float32", dims.map((_, index) => `d${index}`)));
      const data = Float32Array.from(
        { length: dims.reduce((product, size) => product * size, 1) },
        (_, i) => i,
      );
      assert.deepEqual(await session.run({ x: { type: "float32", data, dims } }), {
        y: { type: "float32", data, dims },
      });
      await session.dispose();
    }
  });
}

function testOutputs(test: Test, open: OpenModel, { hasMl = true }: ContractOptions): void {
  test("computes only the outputs asked for, in any order", async () => {
    const session = await open(onnxModel({
      inputs: [{ name: "x", type: "float32", shape: ["N"] }],
      outputs: ["neg", "abs", "int"].map((name) => ({ name, type: name === "int" ? "int32" : "float32" })),
      nodes: [
        { op: "Neg", inputs: ["x"], outputs: ["neg"] },
        { op: "Abs", inputs: ["x"], outputs: ["abs"] },
        { op: "Cast", inputs: ["x"], outputs: ["int"], attributes: { to: elementType("int32") } },
      ],
    }));
    const x: Tensor = { type: "float32", data: Float32Array.of(-2), dims: [1] };
    assert.deepEqual(await session.run({ x }, ["int", "neg"]), {
      int: { type: "int32", data: Int32Array.of(-2), dims: [1] },
      neg: { type: "float32", data: Float32Array.of(2), dims: [1] },
    });
    assert.deepEqual(Object.keys(await session.run({ x })), ["neg", "abs", "int"]);
    await session.dispose();
  });

  if (!hasMl) return;
  test("lists outputs that are no tensors with type null, refuses to compute them and computes the others", async () => {
    const session = await open(zipMapModel());
    assert.deepEqual(session.outputs[0], { name: "maps", type: null });
    const x: Tensor = { type: "float32", data: Float32Array.of(0.25, 0.75), dims: [1, 2] };
    await rejects(() => session.run({ x }), "model.non_tensor_output", /"maps" .* sequence or a map/);
    assert.deepEqual(Object.keys(await session.run({ x }, ["scores"])), ["scores"]);
    await session.dispose();
  });
}

function testLife(test: Test, open: OpenModel): void {
  test("is usable after a run that failed", async () => {
    const session = await open(identityModel("float32", ["N", 2]));
    const good: Tensor = { type: "float32", data: Float32Array.of(1, 2), dims: [1, 2] };
    await rejects(
      () => session.run({ x: { ...good, dims: [2, 1] } }),
      "model.run_failed",
      /Got: 1 Expected: 2/,
    );
    await rejects(
      () => session.run({ x: { type: "int32", data: Int32Array.of(1, 2), dims: [1, 2] } }),
      "model.run_failed",
      /data type/,
    );
    await rejects(
      () => session.run({ x: { ...good, dims: [7, 2] } }),
      "model.run_failed",
      /^Cannot run model/,
    );
    await rejects(() => session.run({}), "model.run_failed", /^Cannot run model/);
    assert.deepEqual(await session.run({ x: good }), { y: good });
    await session.dispose();
  });

  test("answers overlapping runs of several sessions, each with its own values", async () => {
    const sessions = await Promise.all([1, 9, 40].map(async (count) => ({
      count,
      session: await open(sumModel(count)),
    })));
    const runs = Array.from({ length: 30 }, (_, run) =>
      sessions.map(async ({ count, session }) => {
        const x = (input: number): Tensor => ({
          type: "float32",
          data: Float32Array.of(run, input),
          dims: [2],
        });
        const feeds = Object.fromEntries(
          Array.from({ length: count }, (_, input) => [`x${input}`, x(input)]),
        );
        const { y } = await session.run(feeds);
        assert.deepEqual(y?.data, Float32Array.of(count * run, count * (count - 1) / 2));
      }));
    await Promise.all(runs.flat());
    await Promise.all(sessions.map(({ session }) => session.dispose()));
  });

  test("ends runs that have begun before it is disposed of, then refuses more", async () => {
    const session = await open(addModel(1));
    const x: Tensor = { type: "int64", data: BigInt64Array.of(1n), dims: [1] };
    const begun = [session.run({ x }), session.run({ x })];
    await Promise.all([session.dispose(), session.dispose()]);
    for (const { y } of await Promise.all(begun)) assert.deepEqual(y?.data, BigInt64Array.of(2n));
    await session.dispose();
    await rejects(() => session.run({ x }), "model.closed", /disposed/);
  });
}

/** A model that adds up its inputs `x0`, `x1`... */
function sumModel(count: number): Uint8Array<ArrayBuffer> {
  const names = Array.from({ length: count }, (_, input) => `x${input}`);
  return onnxModel({
    inputs: names.map((name) => ({ name, type: "float32", shape: ["N"] })),
    outputs: [{ name: "y", type: "float32", shape: ["N"] }],
    nodes: [{ op: "Sum", inputs: names, outputs: ["y"] }],
  });
}

/** A model that adds a constant to its input. */
function addModel(constant: number): Uint8Array<ArrayBuffer> {
  const type: TensorType = "int64";
  const data = new Uint8Array(BigInt64Array.of(BigInt(constant)).buffer);
  return onnxModel({
    inputs: [{ name: "x", type, shape: ["N"] }],
    outputs: [{ name: "y", type, shape: ["N"] }],
    nodes: [{ op: "Add", inputs: ["x", "c"], outputs: ["y"] }],
    initializers: [{ name: "c", type, shape: [1], data }],
  });
}
