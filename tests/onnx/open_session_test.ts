import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { openSession } from "../../lib/onnx/open_session.ts";
import { type DeviceNote, onDeviceNote } from "../../lib/onnx/device_notes.ts";
import { modelFixture } from "../helpers/model_fixture.ts";
import { identityModel, onnxModel } from "../helpers/onnx_model.ts";
import { installNative } from "../helpers/native_project.ts";
import { writeProject } from "../helpers/project_fixture.ts";
import { rejects } from "../helpers/rejects.ts";

const text = (value: string) => new TextEncoder().encode(value);
const NAME = "models/m.onnx";
const invalid = (bytes: Uint8Array, message: RegExp) =>
  rejects(() => openSession(bytes, { name: NAME }), "model.invalid", message);

Deno.test("openSession opens a model on wasm for the devices auto and wasm", async () => {
  for (const options of [{}, { device: "auto" }, { device: "wasm" }] as const) {
    const session = await openSession(identityModel("float32", ["N"]), { name: NAME, ...options });
    assert.equal(session.device, "wasm");
    await session.dispose();
  }
});

Deno.test("openSession refuses a device it does not have", async () => {
  await rejects(
    () => openSession(identityModel("float32"), { name: NAME, device: JSON.parse('"gpu"') }),
    "model.no_device",
    /device must be one of "auto", "trees", "wasm", "webgpu", "native": current value is "gpu"$/,
  );
});

Deno.test("openSession says of bytes that are no model what they are", async () => {
  await invalid(
    new Uint8Array(),
    /^Cannot open model "models\/m.onnx" as it must be an ONNX model: it is an empty file$/,
  );
  await invalid(
    text("hello, I am no model\n"),
    /its 21 bytes are not an ONNX model, or one that was cut short$/,
  );
  await invalid(text('{"a": 1}'), /not an ONNX model/);
  await invalid(text("version https://git-lfs.github.com/spec/v1\noid sha256:1\n"), /Git LFS pointer/);
  await invalid(text("PK\x03\x04rest"), /ZIP archive/);
  await invalid(Uint8Array.of(0x80, 0x04, 0x95, 1), /pickle/);
  await invalid(Uint8Array.of(0x1f, 0x8b, 8, 0), /gzip/);
});

Deno.test("openSession refuses a model that was cut short, wherever it was cut", async () => {
  const { folder } = await modelFixture("phishing");
  const model = await Deno.readFile(`${folder}/model.onnx`);
  let refused = 0;
  for (let part = 0; part < 60; part++) {
    const bytes = model.subarray(0, Math.floor((model.length - 1) * part / 59));
    await invalid(bytes, /empty file|cut short/);
    refused++;
  }
  assert.equal(refused, 60);
  const session = await openSession(model, { name: NAME });
  assert.equal(session.inputs[0]?.name, "X");
  await session.dispose();
});

Deno.test("openSession either opens or cleanly refuses a model with a flipped byte", async () => {
  const model = identityModel("float32", ["N", 3]);
  let opened = 0;
  for (let index = 0; index < model.length; index++) {
    const bytes = model.slice();
    bytes[index] = 0xff ^ (bytes[index] ?? 0);
    try {
      await (await openSession(bytes, { name: NAME })).dispose();
      opened++;
    } catch (error) {
      assert(error instanceof PackflowError && error.code === "model.invalid", `byte ${index}: ${error}`);
      assert(error.message.startsWith(`Cannot open model "${NAME}" as `), error.message);
      assert.doesNotMatch(error.message, /\/mnt\/|\.cc:|\n/);
    }
  }
  assert(opened > 0 && opened < model.length);
});

Deno.test("openSession names the file of weights that are not inside the model", async () => {
  const model = onnxModel({
    inputs: [{ name: "x", type: "float32", shape: ["N"] }],
    outputs: [{ name: "y", type: "float32", shape: ["N"] }],
    nodes: [{ op: "Add", inputs: ["x", "w"], outputs: ["y"] }],
    initializers: [{ name: "w", type: "float32", shape: [1], external: "../weights.bin" }],
  });
  await invalid(
    model,
    /as it must hold its weights: they are in another file, "\.\.\/weights\.bin", which is not there$/,
  );
});

Deno.test("openSession gives the runtime's reason for an operator it does not know", async () => {
  const model = onnxModel({
    inputs: [{ name: "x", type: "float32", shape: ["N"] }],
    outputs: [{ name: "y", type: "float32", shape: ["N"] }],
    nodes: [{ op: "Frobnicate", inputs: ["x"], outputs: ["y"] }],
  });
  const error = await invalid(model, /ONNX Runtime must accept it: .*Frobnicate/);
  assert(error.cause instanceof Error);
  assert.match(error.cause.message, /Frobnicate/);
});

Deno.test("openSession refuses a name that would be no plain key of a result", async () => {
  const model = onnxModel({
    inputs: [{ name: "x", type: "float32", shape: ["N"] }],
    outputs: [{ name: "__proto__", type: "float32", shape: ["N"] }],
    nodes: [{ op: "Identity", inputs: ["x"], outputs: ["__proto__"] }],
  });
  await invalid(model, /no input or output may be named "__proto__"$/);
});

Deno.test("openSession opens good models while it refuses bad ones", async () => {
  const opened = await Promise.allSettled(
    Array.from(
      { length: 12 },
      (_, index) =>
        openSession(index % 3 === 0 ? text("broken") : identityModel("int8", ["N"]), { name: NAME }),
    ),
  );
  assert.deepEqual(
    opened.map((result) => result.status),
    opened.map((_, index) => index % 3 === 0 ? "rejected" : "fulfilled"),
  );
  for (const result of opened) if (result.status === "fulfilled") await result.value.dispose();
});

/** Runs work and gives what was noted of devices meanwhile. */
async function notesOf(work: () => Promise<unknown>): Promise<DeviceNote[]> {
  const notes: DeviceNote[] = [];
  onDeviceNote((note) => notes.push(note));
  try {
    await work();
  } finally {
    onDeviceNote(undefined);
  }
  return notes;
}

Deno.test("auto takes native where the project has it, wasm elsewhere, and says why", async () => {
  await using project = await writeProject({});
  const open = async (folder?: string) => {
    const model = identityModel("float32", ["N"]);
    const session = await openSession(model, { name: NAME, ...(folder === undefined ? {} : { folder }) });
    await session.dispose();
    return session.device;
  };
  const devices: string[] = [];
  const notes = await notesOf(async () => {
    devices.push(await open(), await open(project.folder));
    await installNative(project.folder);
    devices.push(await open(project.folder));
  });
  assert.deepEqual(devices, ["wasm", "wasm", "native"]);
  assert.deepEqual(notes.map(({ level }) => level), ["info", "info", "info"]);
  assert.match(notes[0]?.message ?? "", /^Model "models\/m.onnx" runs on wasm: .* no onnxruntime-node/);
  assert.match(notes[2]?.message ?? "", /^Model "models\/m.onnx" runs on native: /);
});

Deno.test("auto takes trees for trees, also where there is native", async () => {
  await using project = await writeProject({});
  await installNative(project.folder);
  const { folder } = await modelFixture("phishing");
  const model = await Deno.readFile(`${folder}/model.onnx`);
  const session = await openSession(model, { name: NAME, folder: project.folder });
  assert.equal(session.device, "trees");
  await session.dispose();
});

Deno.test("auto falls back to wasm with one warning where native cannot be loaded", async () => {
  await using project = await writeProject({
    "node_modules/onnxruntime-node/package.json": '{"version": "0.1.0"}',
  });
  const notes = await notesOf(async () => {
    const session = await openSession(identityModel("float32", ["N"]), {
      name: NAME,
      folder: project.folder,
    });
    assert.equal(session.device, "wasm");
    await session.dispose();
  });
  assert.deepEqual(notes.map(({ level }) => level), ["warn"]);
  assert.match(
    notes[0]?.message ?? "",
    /the device "native" must be there: .*onnxruntime-node 0.1.0 has no library for .*; taking WebAssembly$/,
  );
});

Deno.test("native that is asked for by name and not there is an error that says what is missing", async () => {
  await using project = await writeProject({});
  const model = identityModel("float32", ["N"]);
  await rejects(
    () => openSession(model, { name: NAME, device: "native", folder: project.folder }),
    "model.no_device",
    /the device "native" must be there: the project must have onnxruntime-node: run npm install onnxruntime-node/,
  );
  await rejects(
    () => openSession(model, { name: NAME, device: "native" }),
    "model.no_device",
    /from a project, and there is none$/,
  );
});
