import assert from "node:assert/strict";
import { OnnxBackend } from "../../lib/backend/onnx_backend.ts";
import type { JsonObject, JsonValue } from "../../lib/base/json.ts";
import { withModelBackend } from "../helpers/model_backend.ts";
import { MODEL_NAMES, modelFixture } from "../helpers/model_fixture.ts";
import { elementType, identityModel, onnxModel, zipMapModel } from "../helpers/onnx_model.ts";
import { writeProject } from "../helpers/project_fixture.ts";
import { rejects } from "../helpers/rejects.ts";

const TOLERANCE = 1e-5;

/** Asserts equal results: numbers within the tolerance, labels and all else exactly. */
function assertAnswers(actual: readonly JsonObject[], expected: readonly JsonObject[]): void {
  assert.equal(actual.length, expected.length);
  for (const [event, answer] of actual.entries()) {
    const { label, ...others } = expected[event] ?? {};
    assert.deepEqual(Object.keys(answer), Object.keys(expected[event] ?? {}), `event ${event}`);
    assert.deepEqual(answer.label, label, `label of event ${event}`);
    for (const [name, value] of Object.entries(others)) {
      assert(
        near(answer[name], value),
        `${name} of event ${event}: ${JSON.stringify([answer[name], value])}`,
      );
    }
  }
}

function near(actual: JsonValue | undefined, expected: JsonValue): boolean {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    return actual.length === expected.length && expected.every((item, index) => near(actual[index], item));
  }
  if (typeof actual !== "number" || typeof expected !== "number") return actual === expected;
  return Math.abs(actual - expected) <= TOLERANCE;
}

for (const name of MODEL_NAMES) {
  Deno.test(`OnnxBackend answers ${name} as native ONNX Runtime does, event by event and in batches`, async () => {
    const { folder, config, events, expected } = await modelFixture(name);
    await using backend = await OnnxBackend.create({ folder, config });
    const singles: JsonObject[] = [];
    for (const event of events) singles.push(await backend.infer(event));
    assertAnswers(singles, expected);
    for (const size of [7, 1000]) {
      const batched: JsonObject[] = [];
      for (let at = 0; at < events.length; at += size) {
        batched.push(...await backend.infer(events.slice(at, at + size)));
      }
      assertAnswers(batched, expected);
    }
  });

  Deno.test(`OnnxBackend keeps every promise of checkIo on ${name}`, async () => {
    const { folder, config, events } = await modelFixture(name);
    await using backend = await OnnxBackend.create({ folder, config: { ...config, outputKeys: ["label"] } });
    assert.equal((await backend.checkIo(events.slice(0, 20))).length, 20);
  });
}

Deno.test("OnnxBackend answers an empty batch with no results", async () => {
  await withModelBackend(identityModel("float32", ["N"]), {}, async (backend) => {
    assert.deepEqual(await backend.infer([]), []);
  });
});

Deno.test("OnnxBackend answers overlapping calls, each with its own events, and changes none of them", async () => {
  const { folder, config, events, expected } = await modelFixture("phishing");
  await using backend = await OnnxBackend.create({ folder, config });
  const before = structuredClone(events);
  const calls = Array.from({ length: 50 }, (_, call) => backend.infer(events.slice(call, 2 * call + 1)));
  for (const [call, answers] of (await Promise.all(calls)).entries()) {
    assertAnswers(answers, expected.slice(call, 2 * call + 1));
  }
  assert.deepEqual(events, before);
});

Deno.test("OnnxBackend carries every type through, 64-bit integers beyond 2^53 as strings of digits", async () => {
  const cases: readonly [Parameters<typeof identityModel>[0], JsonValue[]][] = [
    ["float32", [1.5, -2]],
    ["float64", [0.1, 1e300]],
    ["float16", [0.5, 65504]],
    ["int8", [-128, 127]],
    ["uint8", [0, 255]],
    ["int32", [-7, 7]],
    ["int64", [12, "9223372036854775807", -(2 ** 53) + 1]],
    ["uint64", ["18446744073709551615", 0]],
    ["bool", [true, false]],
    ["string", ["ja", ""]],
  ];
  for (const [type, values] of cases) {
    await withModelBackend(identityModel(type, ["N"]), {}, async (backend) => {
      const events = values.map((x) => ({ x }));
      assert.deepEqual(await backend.infer(events), values.map((y) => ({ y })), type);
      assert.deepEqual(await backend.infer(events.slice(0, 1)), [{ y: values[0] }], type);
    });
  }
});

Deno.test("OnnxBackend serves ranks 0 to 4, one event like many", async () => {
  const cases: readonly [readonly (number | string)[], JsonValue[], JsonValue[]?][] = [
    [[], [3, 4]],
    [["N"], [3, 4]],
    [["N", 1], [3, 4], [[3], [4]]],
    [["N", 2], [[1, 2], [3, 4]]],
    [["N", "F"], [[1, 2, 3], [3, 4, 5]]],
    [["N", 2, 2], [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]],
    [["N", 1, "H", 2], [[[[1, 2], [3, 4], [5, 6]]], [[[7, 8], [9, 10], [11, 12]]]]],
  ];
  for (const [shape, values, answers = values] of cases) {
    await withModelBackend(identityModel("float32", shape), {}, async (backend) => {
      const events = values.map((x) => ({ x }));
      assert.deepEqual(await backend.infer(events), answers.map((y) => ({ y })), `[${shape}]`);
      assert.deepEqual(
        await Promise.all(events.map((event) => backend.infer(event))),
        answers.map((y) => ({ y })),
      );
    });
  }
});

Deno.test("OnnxBackend runs a model with a fixed batch size in parts, the last one padded", async () => {
  for (const size of [1, 3, 4, 50]) {
    await withModelBackend(
      identityModel("float32", [size, 2]),
      { featureNames: ["a", "b"] },
      async (backend) => {
        const events = Array.from({ length: 10 }, (_, index) => ({ a: index, b: index / 2 }));
        assert.deepEqual(await backend.infer(events), events.map(({ a, b }) => ({ y: [a, b] })));
        const bad = events.map((event, index) => index === 7 ? { ...event, b: "x" } : event);
        const error = await rejects(() => backend.infer(bad), "event.wrong_type", /from event 7 .*field "b"/);
        assert.equal(error.place.eventIndex, 7);
      },
    );
  }
});

Deno.test("OnnxBackend keeps the outputs that are asked for", async () => {
  const { folder, config, events } = await modelFixture("phishing");
  await using backend = await OnnxBackend.create({ folder, config: { ...config, outputs: ["label"] } });
  assert.deepEqual(await backend.infer(events.slice(0, 1)), [{ label: 1 }]);
  await rejects(
    () => OnnxBackend.create({ folder, config: { ...config, outputs: ["lable"] } }),
    "config.invalid",
    /output "lable" .*did you mean "label"\?.*its outputs are "label", "probabilities"/,
  );
});

Deno.test("OnnxBackend refuses outputs that are no tensors unless they are left out", async () => {
  const config = { featureNames: ["a", "b"] };
  await rejects(
    () => withModelBackend(zipMapModel(), config, () => Promise.resolve()),
    "model.non_tensor_output",
    /^Cannot read output "maps" of model "m.onnx" as it must be a tensor: it is a sequence or a map$/,
  );
  await withModelBackend(zipMapModel(), { ...config, outputs: ["scores"] }, async (backend) => {
    assert.deepEqual(await backend.infer({ a: 1, b: 2 }), { scores: [-1, -2] });
  });
});

Deno.test("OnnxBackend gives NaN and infinite outputs to its caller, and checkIo refuses them", async () => {
  const model = onnxModel({
    inputs: [{ name: "x", type: "float32", shape: ["N"] }],
    outputs: [{ name: "y", type: "float32", shape: ["N"] }],
    nodes: [{ op: "Log", inputs: ["x"], outputs: ["y"] }],
  });
  await withModelBackend(model, {}, async (backend) => {
    assert.deepEqual(await backend.infer([{ x: -1 }, { x: 0 }, { x: 1 }]), [{ y: NaN }, { y: -Infinity }, {
      y: 0,
    }]);
    await rejects(() => backend.checkIo({ x: -1 }), "check.io", /NaN/);
  });
});

Deno.test("OnnxBackend reports an output that does not have one row per event", async () => {
  const model = onnxModel({
    inputs: [{ name: "x", type: "float32", shape: ["N"] }],
    outputs: [{ name: "sum", type: "float32", shape: ["M"] }],
    nodes: [{ op: "ReduceSum", inputs: ["x"], outputs: ["sum"], attributes: { keepdims: 1 } }],
  });
  await withModelBackend(model, {}, async (backend) => {
    assert.deepEqual(await backend.infer({ x: 2 }), { sum: 2 });
    await rejects(
      () => backend.infer([{ x: 1 }, { x: 2 }]),
      "model.wrong_shape",
      /output "sum" .*first dimension must be the number of events, 2: its shape is \[1\]$/,
    );
  });
});

Deno.test("OnnxBackend tells what the runtime refuses while it runs, and goes on", async () => {
  const model = onnxModel({
    inputs: [{ name: "x", type: "string", shape: ["N"] }],
    outputs: [{ name: "y", type: "float32", shape: ["N"] }],
    nodes: [{ op: "Cast", inputs: ["x"], outputs: ["y"], attributes: { to: elementType("float32") } }],
  });
  await withModelBackend(model, {}, async (backend) => {
    await rejects(
      () => backend.infer({ x: "no number" }),
      "model.run_failed",
      /^Cannot run model "m.onnx": stod/,
    );
    assert.deepEqual(await backend.infer({ x: "1.5" }), { y: 1.5 });
  });
});

Deno.test("OnnxBackend names the model's file when it is missing or no model", async () => {
  const { folder } = await modelFixture("phishing");
  await rejects(
    () => OnnxBackend.create({ folder, config: { model: "none.onnx" } }),
    "model.not_found",
    /"none.onnx"/,
  );
  await rejects(
    () => OnnxBackend.create({ folder, config: { model: "about.json" } }),
    "model.invalid",
    /"about.json" .*not an ONNX model/,
  );
});

Deno.test("OnnxBackend refuses options that mean nothing to it", async () => {
  const { folder } = await modelFixture("phishing");
  const create = (config: JsonObject) => OnnxBackend.create({ folder, config });
  await rejects(() => create({}), "config.invalid", /model/);
  await rejects(
    () => create({ model: "model.onnx", inputFormat: "tensor" }),
    "config.invalid",
    /inputFormat/,
  );
  await rejects(() => create({ model: "model.onnx", onMissing: "skip" }), "config.invalid", /onMissing/);
  await rejects(() => create({ model: "model.onnx", device: "tpu" }), "config.invalid", /device/);
  await rejects(
    () => create({ model: "model.onnx", featureName: ["a"] }),
    "config.unknown_option",
    /featureNames/,
  );
});

Deno.test("OnnxBackend frees its model once and then refuses events", async () => {
  const { folder, config, events } = await modelFixture("phishing");
  const backend = await OnnxBackend.create({ folder, config });
  const [event = {}] = events;
  await backend.infer(event);
  await backend.dispose();
  await backend.dispose();
  await rejects(() => backend.infer(event), "model.closed", /"model.onnx"/);
});

Deno.test("OnnxBackend splits and pads a fixed batch of several inputs, and trims every output", async () => {
  const model = onnxModel({
    inputs: [
      { name: "half", type: "float16", shape: [3, 2] },
      { name: "byte", type: "uint8", shape: [3] },
      { name: "flag", type: "bool", shape: [3, 1] },
      { name: "text", type: "string", shape: [3, 1, 2] },
      { name: "big", type: "int64", shape: [3, 1, 1, 2] },
    ],
    outputs: [
      { name: "halves", type: "float16", shape: [3, 2] },
      { name: "bytes", type: "uint8", shape: [3] },
      { name: "flags", type: "bool", shape: [3, 1] },
      { name: "texts", type: "string", shape: [3, 1, 2] },
      { name: "bigs", type: "int64", shape: [3, 1, 1, 2] },
    ],
    nodes: [["half", "halves"], ["byte", "bytes"], ["flag", "flags"], ["text", "texts"], ["big", "bigs"]].map(
      ([from = "", to = ""]) => ({ op: "Identity", inputs: [from], outputs: [to] }),
    ),
  });
  const beyond = "9007199254740993";
  const events = Array.from({ length: 7 }, (_, index) => ({
    half: [index / 2, -index],
    byte: 255 - index,
    flag: [index % 2 === 0],
    text: [[`e${index}`, "ü"]],
    big: [[[index, beyond]]],
  }));
  const answers = events.map(({ half, byte, flag, text, big }) => ({
    halves: half,
    bytes: byte,
    flags: flag,
    texts: text,
    bigs: big,
  }));
  await withModelBackend(model, {}, async (backend) => {
    for (const count of [1, 3, 7]) {
      assert.deepEqual(await backend.infer(events.slice(0, count)), answers.slice(0, count));
    }
    await backend.checkIo(events);
    const rounded = { ...events[0], big: [[[0, 2 ** 53]]] };
    const error = await rejects(
      () => backend.infer([...events.slice(0, 4), rounded]),
      "event.wrong_type",
      /from event 4 as its field "big\[0\]\[0\]\[1\]" .*as a string of digits where it is beyond 2\^53/,
    );
    assert.equal(error.place.eventIndex, 4);
  });
});

Deno.test("OnnxBackend serves a model whose weights are in files beside it", async () => {
  const model = onnxModel({
    inputs: [{ name: "x", type: "float32", shape: ["N", 2] }],
    outputs: [{ name: "y", type: "float32", shape: ["N", 1] }],
    nodes: [{ op: "MatMul", inputs: ["x", "w"], outputs: ["y"] }],
    initializers: [{ name: "w", type: "float32", shape: [2, 1], external: "weights/w.bin" }],
  });
  await using project = await writeProject({
    "models/m.onnx": model,
    "models/weights/w.bin": new Uint8Array(Float32Array.of(10, 1).buffer),
  });
  const config = { model: "models/m.onnx", featureNames: ["a", "b"] };
  await using backend = await OnnxBackend.create({ folder: project.folder, config });
  assert.deepEqual(await backend.infer([{ a: 1, b: 2 }, { a: 3, b: 4 }]), [{ y: [12] }, { y: [34] }]);
});
