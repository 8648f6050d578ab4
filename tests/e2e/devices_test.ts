/** What runs a model: `--device`, the manifest's `device`, and what is said where a device is not there. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { JsonObject } from "../../lib/base/json.ts";
import { findGpu } from "../../lib/host/gpu.ts";
import { compareResults } from "../../lib/project/compare_results.ts";
import { denseModel } from "../helpers/dense_model.ts";
import { modelFixture } from "../helpers/model_fixture.ts";
import { installNative } from "../helpers/native_project.ts";
import { FROM_SOURCE, type Packflow, packflowTests, testFromSource } from "../helpers/packflow.ts";

const test = await packflowTests();
const EVENTS = 300;

/** A project that serves the digits model, a small neural network. */
async function writeDigits(folder: string, more: JsonObject = {}): Promise<string> {
  const { folder: from, config, events } = await modelFixture("digits");
  await Deno.mkdir(join(folder, "digits"));
  await Deno.copyFile(join(from, "model.onnx"), join(folder, "digits", "model.onnx"));
  await Deno.writeTextFile(
    join(folder, "digits", "packflow.jsonc"),
    JSON.stringify({ name: "digits", backend: "packflow:OnnxBackend", config: { ...config, ...more } }),
  );
  return events.slice(0, EVENTS).map((event) => `${JSON.stringify(event)}\n`).join("");
}

function parse(ndjson: string): JsonObject[] {
  return ndjson.trimEnd().split("\n").map((line) => JSON.parse(line));
}

async function assertDigits(stdout: string): Promise<void> {
  const { expected } = await modelFixture("digits");
  const answers = parse(stdout);
  assert.equal(answers.length, EVENTS);
  const wrong = answers.flatMap((answer, at) => compareResults(expected[at] ?? {}, answer, 1e-5));
  assert.deepEqual(wrong, []);
}

const run = (packflow: Packflow, cwd: string, stdin: string, ...args: string[]) =>
  packflow.run(["run", "digits", "--workers", "2", ...args], { cwd, stdin, code: "any" });

test("--verbose tells once what runs the model and why", async (packflow, cwd) => {
  const stdin = await writeDigits(cwd);
  const { stdout, stderr } = await run(packflow, cwd, stdin, "--verbose", "--batch-size", "16");
  await assertDigits(stdout);
  assert.equal(stderr.match(/^packflow info: Model "model.onnx" runs on wasm: /gm)?.length, 1, stderr);
  const quiet = await run(packflow, cwd, stdin);
  assert.doesNotMatch(quiet.stderr, /runs on/);
});

test("native runs outside of the sandbox with onnxruntime-node of the project", async (packflow, cwd) => {
  const stdin = await writeDigits(cwd);
  const missing = await run(packflow, cwd, stdin, "--device", "native", "--sandbox", "off");
  assert.equal(missing.code, 4, missing.stderr);
  assert.match(missing.stderr, /must be there: the project must have onnxruntime-node: run npm install/);
  await installNative(join(cwd, "digits"));
  const kept = await run(packflow, cwd, stdin, "--device", "native");
  assert.equal(kept.code, 4, kept.stderr);
  assert.match(kept.stderr, /must be there: compiled code cannot be kept in.*--sandbox off/);
  for (const args of [["--device", "native"], ["--verbose"]]) {
    const { code, stdout, stderr } = await run(packflow, cwd, stdin, "--sandbox", "off", ...args);
    assert.equal(code, 0, stderr);
    await assertDigits(stdout);
    if (args[0] === "--verbose") assert.match(stderr, /runs on native: /);
  }
});

test("auto inside the sandbox leaves native alone, with one warning", async (packflow, cwd) => {
  const stdin = await writeDigits(cwd);
  await installNative(join(cwd, "digits"));
  const { code, stdout, stderr } = await run(packflow, cwd, stdin);
  assert.equal(code, 0, stderr);
  await assertDigits(stdout);
  assert.equal(stderr.match(/packflow warn: .*; taking WebAssembly$/gm)?.length, 1, stderr);
});

test("the manifest's device counts, and the command line's wins", async (packflow, cwd) => {
  const stdin = await writeDigits(cwd, { device: "trees" });
  const own = await run(packflow, cwd, stdin);
  assert.equal(own.code, 4);
  assert.match(own.stderr, /for the device "trees" must be one ensemble of trees/);
  const asked = await run(packflow, cwd, stdin, "--device", "wasm");
  assert.equal(asked.code, 0, asked.stderr);
  await assertDigits(asked.stdout);
});

testFromSource("webgpu answers as wasm does inside the sandbox, and adds no noise", async (packflow, cwd) => {
  const gpu = await findGpu();
  const { model, inputs } = denseModel();
  await Deno.mkdir(join(cwd, "dense"));
  await Deno.writeFile(join(cwd, "dense", "model.onnx"), model);
  await Deno.writeTextFile(
    join(cwd, "dense", "packflow.jsonc"),
    '{"name": "dense", "backend": "packflow:OnnxBackend", "config": {"model": "model.onnx"}}',
  );
  const [rows = 0, width = 0] = inputs.dims;
  const stdin = Array.from(
    { length: rows },
    (_, row) => `${JSON.stringify({ x: [...inputs.data.slice(row * width, (row + 1) * width)] })}\n`,
  ).join("");
  const ask = (device: string) =>
    packflow.run(["run", "dense", "--workers", "1", "--device", device], { cwd, stdin, code: "any" });
  const [wasm, webgpu] = await Promise.all([ask("wasm"), ask("webgpu")]);
  assert.equal(wasm.code, 0, wasm.stderr);
  if (typeof gpu === "string") {
    assert.notEqual(Deno.env.get("CI"), "true", gpu);
    assert.deepEqual([webgpu.code, webgpu.stderr.includes(gpu)], [4, true]);
    return;
  }
  assert.equal(webgpu.code, 0, webgpu.stderr);
  assert.match(webgpu.stderr, /^96 events in, 96 answers out in [^\n]*\n$/);
  const expected = parse(wasm.stdout);
  const wrong = parse(webgpu.stdout).flatMap((answer, at) =>
    compareResults(expected[at] ?? {}, answer, 1e-3)
  );
  assert.deepEqual(wrong, []);
});

test(
  "a device that is not there is an error of one line, also for webgpu in the binary",
  async (packflow, cwd) => {
    if (packflow === FROM_SOURCE) return;
    const stdin = await writeDigits(cwd);
    const { code, stderr } = await run(packflow, cwd, stdin, "--device", "webgpu");
    assert.equal(code, 4, stderr);
    assert.match(stderr, /the device "webgpu" must be there: /);
    assert.equal(stderr.match(/^error /gm)?.length, 1, stderr);
    assert.doesNotMatch(stderr, /XDG_RUNTIME_DIR|Aborted/);
  },
);
