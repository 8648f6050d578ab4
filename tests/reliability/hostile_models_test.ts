/** Models that mean harm, or were damaged, are refused or run like any other; what comes after them is answered. */
import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { OnnxBackend } from "../../lib/backend/onnx_backend.ts";
import { PackflowError } from "../../lib/base/errors.ts";
import { openSession } from "../../lib/onnx/open_session.ts";
import type { Session, Tensor, TensorInfo } from "../../lib/onnx/session.ts";
import { elementCodec } from "../../lib/onnx/element_codec.ts";
import { figure, randomFrom } from "../helpers/echo_run.ts";
import { HOSTILE_MODELS } from "../helpers/hostile_models.ts";
import { modelFixture } from "../helpers/model_fixture.ts";
import { writeLargeModel } from "../helpers/large_model.ts";
import { canTellMemory, childrenOf, memoryOf } from "../helpers/linux_memory.ts";
import { identityModel, onnxModel } from "../helpers/onnx_model.ts";
import { PackflowRun, programs, runOn } from "../helpers/packflow_run.ts";
import { writeProject } from "../helpers/project_fixture.ts";

/** What no reader of a message should meet: paths of the machine that built the runtime, code, several lines. */
const UNREADABLE =
  /[\\/](mnt|build|__w|onnxruntime_src)[\\/]|\.(cc|h|cpp|mjs):|ERROR_CODE|onnxruntime::|\0|\n/;

const GOOD = identityModel("float32", ["N"]);

/** Asserts that a good model still answers in this process. */
async function assertAlive(): Promise<void> {
  const session = await openSession(GOOD, { name: "good.onnx", device: "wasm" });
  const x: Tensor = { type: "float32", data: Float32Array.of(1, 2), dims: [2] };
  deepStrictEqual((await session.run({ x })).y, x);
  await session.dispose();
}

/** Asserts that an error is ours, names the model, and is fit to be read. */
function assertReadable(error: unknown, name: string): void {
  ok(error instanceof PackflowError, `${name}: ${error}`);
  ok(error.message.includes(`"m.onnx"`), `${name} does not name the model: ${error.message}`);
  match(error.code, /^(?:model|config)\./, name);
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    doesNotMatch(at.message, UNREADABLE, name);
  }
  ok(error.message.length < 500, `${name}: ${error.message}`);
}

Deno.test("M1: models that mean harm are refused or run, and the next model is answered", async () => {
  let refused = 0;
  let failed = 0;
  let answered = 0;
  await using outside = await writeProject({ "outside.bin": new Uint8Array(8) });
  for (const [name, make] of Object.entries(HOSTILE_MODELS)) {
    await using project = await writeProject({
      "p/m.onnx": make(),
      "p/w.bin": new Uint8Array(8),
      "p/folder/x": "",
      "outside.bin": new Uint8Array(8),
    });
    await Deno.symlink(`${outside.folder}/outside.bin`, `${project.folder}/p/link.bin`);
    const config = { model: "m.onnx", featureNames: ["x"] };
    try {
      await using backend = await OnnxBackend.create({ folder: `${project.folder}/p`, config });
      try {
        await backend.infer([{ x: 1 }, { x: 2 }]);
        answered++;
      } catch (error) {
        if (!(error instanceof PackflowError) || error.code !== "model.wrong_shape") {
          assertReadable(error, name);
        }
        failed++;
      }
    } catch (error) {
      assertReadable(error, name);
      refused++;
    }
    await assertAlive();
  }
  const count = Object.keys(HOSTILE_MODELS).length;
  figure(
    `M1: 0 aborts of ${count} hostile models: ${refused} refused, ${failed} failed on their events, ` +
      `${answered} answered; 0 build paths in messages`,
  );
  ok(count >= 24 && refused > count / 2, `${refused} of ${count} were refused`);
});

/** A run's feeds: rows of ones, as the model wants them. */
function feedsOf(session: Session): Record<string, Tensor> | undefined {
  const feeds: Record<string, Tensor> = {};
  for (const input of session.inputs) {
    if (input.type === null) return undefined;
    const dims = input.shape.map((size) => size ?? 1);
    const length = dims.reduce((product, size) => product * size, 1);
    if (length > 1e6) return undefined;
    feeds[input.name] = onesOf(input, dims, length);
  }
  return feeds;
}

function onesOf({ type }: TensorInfo, dims: readonly number[], length: number): Tensor {
  const writer = elementCodec(type).writer(length);
  for (let index = 0; index < length; index++) writer.set(index, type === "string" ? "1" : 1);
  return { type, data: writer.data, dims };
}

type Fate = "refused" | "failed" | "ran";

/** Opens and runs a damaged model. */
async function fateOf(bytes: Uint8Array, name: string): Promise<Fate> {
  let session: Session;
  try {
    session = await openSession(bytes, { name: "m.onnx" });
  } catch (error) {
    assertReadable(error, name);
    return "refused";
  }
  try {
    const feeds = feedsOf(session);
    const outputs = session.outputs.flatMap(({ name, type }) => type === null ? [] : [name]);
    if (feeds === undefined || outputs.length === 0) return "refused";
    await session.run(feeds, outputs);
    return "ran";
  } catch (error) {
    assertReadable(error, name);
    return "failed";
  } finally {
    await session.dispose();
  }
}

const DAMAGED = 1500;
const REAL_MODELS = ["phishing", "digits", "solar_flare"] as const;

Deno.test(`M2: ${DAMAGED} damaged models are refused or run, and the next model is answered`, async () => {
  const random = randomFrom(20_26);
  const fates: Record<Fate, number> = { refused: 0, failed: 0, ran: 0 };
  for (const name of REAL_MODELS) {
    const { folder } = await modelFixture(name);
    const model = await Deno.readFile(`${folder}/model.onnx`);
    for (let count = 0; count < DAMAGED / REAL_MODELS.length; count++) {
      fates[await fateOf(damaged(model, random), `${name} ${count}`)]++;
      if (count % 25 === 0) await assertAlive();
    }
  }
  await assertAlive();
  const { refused, failed, ran } = fates;
  figure(`M2: 0 dead sessions of ${DAMAGED}: ${refused} refused, ${failed} failed to run, ${ran} ran`);
  deepStrictEqual(refused + failed + ran, DAMAGED);
  ok(refused > 0 && ran > 0);
});

/** A model cut short, or with some bytes changed, most often where it describes itself: at its ends. */
function damaged(model: Uint8Array, random: () => number): Uint8Array {
  if (random() < 0.2) return model.slice(0, Math.floor(random() * model.length));
  const bytes = model.slice();
  for (let left = 1 + Math.floor(random() * 4); left > 0; left--) {
    const near = Math.min(600, bytes.length);
    const place = random();
    const at = place < 0.4
      ? Math.floor(random() * near)
      : place < 0.8
      ? bytes.length - 1 - Math.floor(random() * near)
      : Math.floor(random() * bytes.length);
    bytes[at] = random() < 0.5
      ? (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8))
      : Math.floor(random() * 256);
  }
  return bytes;
}

/** What a model takes when it is run: as many 32-bit floats as the event says. */
function greedyModel(): Uint8Array<ArrayBuffer> {
  return onnxModel({
    inputs: [{ name: "x", type: "int64", shape: [1] }],
    outputs: [{ name: "y", type: "float32", shape: [1] }],
    nodes: [
      { op: "ConstantOfShape", inputs: ["x"], outputs: ["many"] },
      { op: "ReduceMax", inputs: ["many"], outputs: ["y"], attributes: { keepdims: 1 } },
    ],
  });
}

/** A model that takes so many bytes as soon as it is opened: its weights are all the same, and spelt out then. */
function greedyAtLoad(bytes: number): Uint8Array<ArrayBuffer> {
  const shape = new Uint8Array(BigInt64Array.of(BigInt(bytes / 4)).buffer);
  return onnxModel({
    inputs: [{ name: "x", type: "float32", shape: ["N"] }],
    outputs: [{ name: "y", type: "float32", shape: ["M"] }],
    nodes: [
      { op: "ConstantOfShape", inputs: ["w"], outputs: ["many"] },
      { op: "Add", inputs: ["x", "many"], outputs: ["y"] },
    ],
    initializers: [{ name: "w", type: "int64", shape: [1], data: shape }],
  });
}

const GIB = 2 ** 30;
const SIZES_GIB = [1, 2, 3, 5, 8, 16, 40];
/** WebAssembly has 4 GiB at most; the rest is the program. */
const MOST_GIB = 4.6;

const MANIFEST = JSON.stringify({
  name: "greedy",
  backend: "packflow:OnnxBackend",
  config: { model: "m.onnx", device: "wasm" },
});

/** Highest memory of a run's workers, in GiB, looked at until it ends. */
async function peakOfWorkers(run: PackflowRun): Promise<number> {
  let peak = 0;
  let ended = false;
  const end = run.ended.then(() => ended = true);
  while (!ended && canTellMemory) {
    for (const pid of [run.pid, ...await childrenOf(run.pid).catch(() => [])]) {
      peak = Math.max(peak, await memoryOf(pid).then(({ peak }) => (peak || 0) / 1024, () => 0));
    }
    await Promise.race([end, new Promise((resolve) => setTimeout(resolve, 20))]);
  }
  return peak;
}

for (const program of await programs()) {
  Deno.test(`M4: models that take gigabytes fail alone, and leave the run alive (${program.name})`, async () => {
    await using project = await writeProject({ "packflow.jsonc": MANIFEST, "m.onnx": greedyModel() });
    const run = new PackflowRun(program, [project.folder, "--on-error", "emit", "--workers", "1", "-b", "1"]);
    const peak = peakOfWorkers(run);
    const events = [...SIZES_GIB.map((size) => size * GIB / 4), 1].map((x) => `{"x":${x}}\n`);
    await run.write(events.join(""));
    await run.endInput();
    const { code, signal, errors } = await run.finish();
    strictEqual(signal, null, errors);
    const answers = run.output.trimEnd().split("\n").map((line) => JSON.parse(line));
    strictEqual(answers.length, events.length, errors);
    deepStrictEqual(answers.at(-1), { y: 0 }, "the event after them is answered");
    const outcomes = SIZES_GIB.map((size, index) => {
      const { error } = answers[index];
      if (error === undefined) return `${size} GiB answered`;
      match(error.code, /^model\.run_failed$|^worker\./);
      doesNotMatch(error.message, UNREADABLE);
      return `${size} GiB ${error.code}`;
    });
    strictEqual(code, answers.some(({ error }) => error !== undefined) ? 3 : 0, errors);
    ok(await peak < MOST_GIB, `${await peak} GiB`);
    figure(
      `M4 (${program.name}): 0 host deaths of ${SIZES_GIB.length} allocations: ${outcomes.join(", ")}; ` +
        `peak of memory ${(await peak).toFixed(2)} GiB`,
    );
  });

  Deno.test(`M4: a model that takes 40 GiB to open, and one of 2.1 GiB, are refused (${program.name})`, async () => {
    const open = async (write: (path: string) => Promise<void>) => {
      await using project = await writeProject({ "packflow.jsonc": MANIFEST });
      await write(`${project.folder}/m.onnx`);
      return await runOn(program, '{"x":1}\n', [project.folder]);
    };
    const greedy = await open((path) => Deno.writeFile(path, greedyAtLoad(40 * GIB)));
    ok(greedy.code === 4 || greedy.code === 3, greedy.errors);
    match(greedy.errors, /"m\.onnx"/);
    doesNotMatch(greedy.errors, /[\\/](mnt|build|__w)[\\/]|\.cc:/);
    const large = await open((path) => writeLargeModel(path, Math.round(2.1 * GIB / 4) * 4));
    strictEqual(large.code, 4, large.errors);
    match(
      large.errors,
      /Cannot open model "m\.onnx" as an ONNX file must be smaller than 2 GiB: it has 2\.1 GiB/,
    );
    match(large.errors, /model\.too_large/);
    match(large.errors, /external/);
  });
}
