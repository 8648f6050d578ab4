import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { openSession } from "../../lib/onnx/open_session.ts";
import type { Session, Tensor } from "../../lib/onnx/session.ts";
import { looksLikeTrees, openTreeSession } from "../../lib/onnx/tree_session.ts";
import { type Arbitrary, fc } from "../helpers/fast_check.ts";
import { MODEL_NAMES, modelFixture } from "../helpers/model_fixture.ts";
import { identityModel, zipMapModel } from "../helpers/onnx_model.ts";
import { rejects } from "../helpers/rejects.ts";
import { type Tree, treeArbitrary, type TreeModel, treeModel, treeValue } from "../helpers/tree_model.ts";

const COLUMNS = 3;
const weight = fc.float({ min: -2, max: 2, noNaN: true });
const positive = fc.float({ min: 0, max: Math.fround(0.3), noNaN: true });

/** Leaves that score all of `ids`. */
function leaf(ids: readonly number[], of: Arbitrary<number>): Arbitrary<Tree> {
  return fc.tuple(...ids.map((id) => fc.tuple(fc.constant(id), of))).map((scores) => ({ scores }));
}

/** A forest in which tree `n` scores the ids of `ids[n % ids.length]`. */
function forest(ids: readonly (readonly number[])[], of: Arbitrary<number>): Arbitrary<Tree[]> {
  const kinds = ids.map((list) => treeArbitrary(COLUMNS, leaf(list, of)));
  return fc.integer({ min: 1, max: 8 }).chain((times) =>
    fc.tuple(
      ...Array.from({ length: times * ids.length }, (_, tree) => kinds[tree % ids.length] ?? leaf([], of)),
    )
  );
}

const floats = (values: readonly number[]) => ({ floats: values.map(Math.fround) });
const bases = (count: number) =>
  fc.option(fc.array(weight, { minLength: count, maxLength: count }), { nil: undefined })
    .map((values) => values === undefined ? {} : { base_values: floats(values) });

const rowsArbitrary = fc.array(
  fc.oneof({ weight: 9, arbitrary: treeValue }, {
    weight: 1,
    arbitrary: fc.constantFrom(NaN, Infinity, -Infinity),
  }),
  { minLength: COLUMNS, maxLength: 30 * COLUMNS },
).map((values) => Float32Array.from(values.slice(0, values.length - values.length % COLUMNS)));

/** Opens a model both ways and compares the answers to rows, all at once and the first alone. */
async function agree(model: Uint8Array, data: Float32Array, tolerance: number): Promise<void> {
  const [trees, wasm] = await Promise.all([
    openSession(model, { name: "m", device: "trees" }),
    openSession(model, { name: "m", device: "wasm" }),
  ]);
  try {
    assert.deepEqual([trees.inputs, trees.outputs], [wasm.inputs, wasm.outputs]);
    for (const rows of [data, data.subarray(0, COLUMNS)]) {
      const [own, theirs] = [await answers(trees, rows), await answers(wasm, rows)];
      assert.deepEqual(Object.keys(own), Object.keys(theirs));
      for (const [name, tensor] of Object.entries(theirs)) sameTensor(own[name], tensor, tolerance);
    }
  } finally {
    await Promise.all([trees.dispose(), wasm.dispose()]);
  }
}

function answers(session: Session, data: Float32Array): Promise<Record<string, Tensor>> {
  const [name = ""] = session.inputs.map((input) => input.name);
  return session.run({ [name]: { type: "float32", data, dims: [data.length / COLUMNS, COLUMNS] } });
}

function sameTensor(own: Tensor | undefined, theirs: Tensor, tolerance: number): void {
  assert.deepEqual([own?.type, own?.dims], [theirs.type, theirs.dims]);
  theirs.data.forEach((value: unknown, index: number) => {
    const mine = own?.data[index];
    const isNear = typeof value === "number" && typeof mine === "number" &&
      Math.abs(value - mine) <= tolerance;
    assert.ok(isNear || Object.is(value, mine) || value === mine, `${index}: ${mine} and not ${value}`);
  });
}

/** What to try: models, and how near the scores must be. */
interface Case {
  readonly says: string;
  readonly models: Arbitrary<TreeModel>;
  readonly tolerance: number;
}

const classifier = { operator: "TreeEnsembleClassifier", columns: COLUMNS } as const;
const regressor = { operator: "TreeEnsembleRegressor", columns: COLUMNS } as const;
const transforms = fc.constantFrom("NONE", "LOGISTIC", "SOFTMAX");

const CASES: readonly Case[] = [
  {
    says: "two classes with probabilities",
    models: fc.record({ trees: forest([[0]], positive), base: bases(1), post_transform: transforms }).map(
      ({ trees, base, post_transform }) => ({
        ...classifier,
        trees,
        width: 2,
        attributes: { classlabels_int64s: [0, 1], post_transform, ...base },
      }),
    ),
    tolerance: 0,
  },
  {
    says: "two classes with margins, named by texts",
    models: fc.record({ trees: forest([[0]], weight), base: bases(1), post_transform: transforms }).map(
      ({ trees, base, post_transform }) => ({
        ...classifier,
        trees,
        width: 2,
        labelType: "string",
        attributes: { classlabels_strings: ["no", "yes"], post_transform, ...base },
      }),
    ),
    tolerance: 1e-7,
  },
  {
    says: "three classes, each leaf scoring all of them",
    models: fc.record({ trees: forest([[0, 1, 2]], positive), base: bases(3), post_transform: transforms })
      .map(
        ({ trees, base, post_transform }) => ({
          ...classifier,
          trees,
          width: 3,
          attributes: { classlabels_int64s: [7, -3, 5], post_transform, ...base },
        }),
      ),
    tolerance: 1e-7,
  },
  {
    says: "four classes, each tree scoring one of them",
    models: fc.record({
      trees: forest([[0], [1], [2], [3]], weight),
      base: bases(4),
      post_transform: transforms,
    })
      .map(({ trees, base, post_transform }) => ({
        ...classifier,
        trees,
        width: 4,
        labelType: "string",
        attributes: { classlabels_strings: ["a", "b", "c", "d"], post_transform, ...base },
      })),
    tolerance: 1e-7,
  },
  {
    says: "one target",
    models: fc.record({
      trees: forest([[0]], weight),
      base: bases(1),
      aggregate_function: fc.constantFrom("SUM", "AVERAGE"),
    }).map(({ trees, base, aggregate_function }) => ({
      ...regressor,
      trees,
      width: 1,
      attributes: { n_targets: 1, aggregate_function, ...base },
    })),
    tolerance: 0,
  },
  {
    says: "several targets, not all of them scored",
    models: fc.record({
      trees: forest([[0, 2], [2]], weight),
      aggregate_function: fc.constantFrom("SUM", "AVERAGE"),
    }).map(({ trees, aggregate_function }) => ({
      ...regressor,
      trees,
      width: 4,
      attributes: { n_targets: 4, aggregate_function },
    })),
    tolerance: 0,
  },
  {
    says: "several targets with a base",
    models: fc.record({ trees: forest([[1, 0], [2]], weight), base: bases(3) }).map(({ trees, base }) => ({
      ...regressor,
      trees,
      width: 3,
      attributes: { n_targets: 3, ...base },
    })),
    tolerance: 0,
  },
];

for (const { says, models, tolerance } of CASES) {
  Deno.test(`openTreeSession answers as ONNX Runtime does: ${says}`, async () => {
    await fc.assert(
      fc.asyncProperty(models, rowsArbitrary, (model, data) => agree(treeModel(model), data, tolerance)),
      { numRuns: 150 },
    );
  });
}

Deno.test("openTreeSession answers as ONNX Runtime does for many trees and many rows", async () => {
  const [trees = []] = fc.sample(
    fc.tuple(...Array.from({ length: 130 }, () => treeArbitrary(COLUMNS, leaf([0], weight)))),
    1,
  );
  const attributes = { classlabels_int64s: [0, 1], post_transform: "NONE" };
  const data = Float32Array.from({ length: 9000 * COLUMNS }, (_, index) => Math.sin(index) * 5);
  await agree(treeModel({ ...classifier, trees, width: 2, attributes }), data, 0);
});

Deno.test("openTreeSession answers the shared models of trees bit for bit as ONNX Runtime does", async () => {
  let same = 0;
  for (const name of ["phishing", "shuttle"] as const) {
    const { folder, config, events } = await modelFixture(name);
    const model = await Deno.readFile(`${folder}/model.onnx`);
    const { featureNames } = config;
    const names = Array.isArray(featureNames) ? featureNames.map(String) : [];
    const data = Float32Array.from(events.flatMap((event) => names.map((field) => Number(event[field]))));
    const feeds = { X: { type: "float32", data, dims: [events.length, names.length] } } as const;
    const trees = await openSession(model, { name });
    assert.equal(trees.device, "trees");
    const wasm = await openSession(model, { name, device: "wasm" });
    assert.deepEqual(await trees.run(feeds), await wasm.run(feeds));
    same += events.length;
    await Promise.all([trees.dispose(), wasm.dispose()]);
  }
  assert.equal(same, 1250 + 49_097);
});

const STUMP: Tree = {
  mode: "BRANCH_LEQ",
  column: 0,
  value: 1,
  isNaNTrue: false,
  yes: { scores: [[0, 1]] },
  no: { scores: [[0, 2]] },
};
const PLAIN: TreeModel = { ...regressor, trees: [STUMP], width: 1, attributes: { n_targets: 1 } };

Deno.test("openTreeSession leaves all other models to ONNX Runtime", async () => {
  const others: Record<string, Uint8Array> = {
    "no tree": identityModel("float32", ["N", 3]),
    "another operator too": zipMapModel(),
    "equality": treeModel({ ...PLAIN, trees: [{ ...STUMP, mode: "BRANCH_EQ" }] }),
    "a threshold that is no number": treeModel({ ...PLAIN, trees: [{ ...STUMP, value: NaN }] }),
    "the least of all trees": treeModel({
      ...PLAIN,
      attributes: { n_targets: 1, aggregate_function: "MIN" },
    }),
    "a transformation of targets": treeModel({
      ...PLAIN,
      attributes: { n_targets: 1, post_transform: "PROBIT" },
    }),
    "an unknown attribute": treeModel({ ...PLAIN, attributes: { n_targets: 1, later: 1 } }),
    "a column that is not there": treeModel({ ...PLAIN, trees: [{ ...STUMP, column: 3 }] }),
    "a base for a target without a score": treeModel({
      ...PLAIN,
      width: 2,
      attributes: { n_targets: 2, base_values: { floats: [1, 1] } },
    }),
    "a leaf without a score": treeModel({ ...PLAIN, trees: [{ ...STUMP, yes: { scores: [] } }] }),
    "two classes scored both": treeModel({
      ...classifier,
      trees: [{ scores: [[0, 1], [1, 2]] }],
      width: 2,
      attributes: { classlabels_int64s: [0, 1] },
    }),
    "a class that is scored now and then": treeModel({
      ...classifier,
      trees: [{ ...STUMP, yes: { scores: [[0, 1], [1, 1], [2, 1]] } }],
      width: 3,
      attributes: { classlabels_int64s: [0, 1, 2] },
    }),
  };
  for (const [says, model] of Object.entries(others)) {
    assert.equal(await openTreeSession(model, "m"), undefined, says);
    await rejects(() => openSession(model, { name: "m", device: "trees" }), "model.no_device", /"trees"/);
  }
  for (const name of MODEL_NAMES) {
    const { folder } = await modelFixture(name);
    const session = await openTreeSession(await Deno.readFile(`${folder}/model.onnx`), name);
    assert.equal(session !== undefined, name === "phishing" || name === "shuttle", name);
  }
});

/** The answers, or the code of the error. */
async function outcome(session: Session, data: Float32Array): Promise<unknown> {
  try {
    return await answers(session, data);
  } catch (error) {
    assert.ok(error instanceof PackflowError);
    return error.code;
  }
}

Deno.test("openTreeSession never answers for a model with changed bytes what ONNX Runtime would not", async () => {
  const model = treeModel({ ...PLAIN, trees: [STUMP, STUMP], attributes: { n_targets: 1 } });
  const data = Float32Array.of(0, 1, 2, 3, 4, 5);
  let opened = 0;
  for (let at = 0; at < model.length; at++) {
    for (const bit of [1, 8, 128]) {
      const changed = model.slice();
      changed[at] = (changed[at] ?? 0) ^ bit;
      const own = await openTreeSession(changed, "m");
      if (own === undefined) continue;
      const theirs = await openSession(changed, { name: "m", device: "wasm" }).catch(() => undefined);
      if (theirs === undefined) continue;
      assert.deepEqual(await outcome(own, data), await outcome(theirs, data), `byte ${at}, bit ${bit}`);
      await theirs.dispose();
      opened++;
    }
  }
  assert.ok(opened > 100, String(opened));
});

Deno.test("a session of trees refuses what does not fit, and answers afterwards", async () => {
  const session = await openSession(treeModel(PLAIN), { name: "m" });
  const good: Tensor = { type: "float32", data: Float32Array.of(1, 0, 0), dims: [1, 3] };
  const failed = (feeds: Record<string, Tensor>, message: RegExp) =>
    rejects(() => session.run(feeds), "model.run_failed", message);
  await failed({}, /input "x" must be there$/);
  await failed({ x: good, z: good }, /no input named "z"$/);
  await failed({ x: { ...good, dims: [3, 1] } }, /shape \[rows, 3\]: it has \[3, 1\]$/);
  await failed({ x: { ...good, dims: [2, 3] } }, /shape \[rows, 3\]/);
  await failed(
    { x: { type: "int32", data: Int32Array.of(1, 0, 0), dims: [1, 3] } },
    /must hold float32: it holds int32$/,
  );
  await rejects(() => session.run({ x: good }, ["nope"]), "model.run_failed", /no output named "nope"$/);
  assert.deepEqual(await session.run({ x: { ...good, data: new Float32Array(), dims: [0, 3] } }), {
    scores: { type: "float32", data: new Float32Array(), dims: [0, 1] },
  });
  assert.deepEqual(await session.run({ x: good }, ["scores"]), {
    scores: { type: "float32", data: Float32Array.of(1), dims: [1, 1] },
  });
  await session.dispose();
  await session.dispose();
  await rejects(() => session.run({ x: good }), "model.closed", /disposed of$/);
});

Deno.test("looksLikeTrees tells by the first bytes of a model", async () => {
  for (const name of MODEL_NAMES) {
    const { folder } = await modelFixture(name);
    const head = (await Deno.readFile(`${folder}/model.onnx`)).subarray(0, 4096);
    assert.equal(looksLikeTrees(head), name === "phishing" || name === "shuttle", name);
  }
});
