/** NVIDIA's own client of the Open Inference Protocol, JSON and binary: https://pypi.org/project/tritonclient/ */
import assert from "node:assert/strict";
import { join } from "node:path";
import { tritonPython } from "../../scripts/triton_client.ts";
import { backendWith, writeBackendProject } from "../helpers/backend_project.ts";
import { modelFixture } from "../helpers/model_fixture.ts";
import { programs } from "../helpers/packflow_run.ts";
import { PackflowServe } from "../helpers/packflow_serve.ts";
import { writeProject } from "../helpers/project_fixture.ts";

const ROWS = 32;
const SCRIPT = join(import.meta.dirname ?? "", "triton_client.py");

interface Output {
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly is_binary: boolean;
  readonly values: readonly (number | string | readonly number[])[];
}
type Outputs = Readonly<Record<string, Output>>;
interface Metadata {
  readonly name: string;
  readonly versions: readonly string[];
  readonly platform: string;
  readonly inputs: readonly {
    readonly name: string;
    readonly datatype: string;
    readonly shape: readonly number[];
  }[];
  readonly outputs: readonly {
    readonly name: string;
    readonly datatype: string;
    readonly shape: readonly number[];
  }[];
}

/** What the client's script prints. */
interface Said {
  readonly live: boolean;
  readonly ready: boolean;
  readonly model_ready: boolean;
  readonly version_ready: boolean;
  readonly other_ready: boolean;
  readonly server: {
    readonly name: string;
    readonly version: string;
    readonly extensions: readonly string[];
  };
  readonly model: Metadata;
  readonly text_model: Metadata;
  readonly id: string;
  readonly infer: Readonly<Record<string, Outputs>>;
  readonly all_outputs: Outputs;
  readonly one_output: Outputs;
  readonly async: readonly number[];
  readonly texts: Readonly<Record<string, Outputs>>;
  readonly refusals: Readonly<Record<string, readonly [status: string, message: string] | null>>;
}

async function ask(python: string, server: PackflowServe, question: unknown): Promise<Said> {
  const child = new Deno.Command(python, {
    args: [SCRIPT, `127.0.0.1:${server.port}`, "shuttle", "double"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(question)));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Packflow's answers over the protocol must be those that the model's fixture expects. */
function assertOutputs(
  outputs: Outputs,
  expected: readonly Record<string, unknown>[],
  is_binary: boolean,
): void {
  const { label, probabilities } = outputs;
  assert.ok(label !== undefined && probabilities !== undefined, JSON.stringify(Object.keys(outputs)));
  assert.deepEqual(
    [label.datatype, label.shape, label.dtype, label.is_binary],
    ["INT64", [ROWS], "int64", is_binary],
  );
  assert.deepEqual(label.values, expected.map((each) => each.label));
  assert.deepEqual(
    [probabilities.datatype, probabilities.shape, probabilities.dtype, probabilities.is_binary],
    ["FP32", [ROWS, 2], "float32", is_binary],
  );
  const wanted = expected.map((each) => each.probabilities).flat();
  for (const [index, value] of probabilities.values.flat().entries()) {
    assert.ok(Math.abs(Number(value) - Number(wanted[index])) < 1e-5, `${index}: ${value}`);
  }
}

const found = await tritonPython();
if ("missing" in found) {
  if (Deno.env.get("CI") === "true") throw new Error(`tritonclient cannot be had: ${found.missing}`);
  Deno.test.ignore(`tritonclient: SKIPPED as it cannot be had: ${found.missing}`, () => {});
} else for (const program of await programs()) register(program, found.python);

function register(program: Awaited<ReturnType<typeof programs>>[number], python: string): void {
  Deno.test(`tritonclient meets a server of the protocol (${program.name})`, async (test) => {
    const fixture = await modelFixture("shuttle");
    await using model = await writeProject({
      "packflow.jsonc": JSON.stringify({
        name: "shuttle",
        version: "1.2.3",
        backend: "packflow:OnnxBackend",
        config: fixture.config,
      }),
      "model.onnx": await Deno.readFile(join(fixture.folder, "model.onnx")),
    });
    await using code = await writeBackendProject({
      "inference.ts": backendWith(
        "return events.map(({ x, text }) => ({ y: 2 * Number(x), text: text ?? null }));",
      ),
    });
    await using server = await PackflowServe.ready(program, [model.folder, code.folder]);
    const said = await ask(python, server, {
      rows: fixture.events.slice(0, ROWS).map((event) => Object.values(event)),
      texts: ['{"x":1}', '{"x":2.5,"text":"ü \\n 🎲"}'],
    });
    const expected = fixture.expected.slice(0, ROWS);

    await test.step("health and metadata", () => {
      const { live, ready, model_ready, version_ready, other_ready } = said;
      assert.deepEqual([live, ready, model_ready, version_ready, other_ready], [
        true,
        true,
        true,
        true,
        false,
      ]);
      assert.equal(said.server.name, "packflow");
      assert.ok(said.server.extensions.includes("binary_tensor_data"), `${said.server.extensions}`);
      const { name, versions, inputs, outputs } = said.model;
      assert.deepEqual([name, versions], ["shuttle", ["1.2.3"]]);
      const shown = [...inputs, ...outputs].map((each) => `${each.name} ${each.datatype} ${each.shape}`);
      assert.deepEqual(shown, ["X FP32 -1,9", "label INT64 -1", "probabilities FP32 -1,2"]);
      const texts = [...said.text_model.inputs, ...said.text_model.outputs];
      assert.deepEqual(texts.map((each) => `${each.name} ${each.datatype} ${each.shape}`), [
        "event BYTES -1",
        "result BYTES -1",
      ]);
    });

    await test.step("tensors as JSON and as bytes, in and out", () => {
      assert.deepEqual(Object.keys(said.infer), ["False False", "False True", "True False", "True True"]);
      for (const [name, outputs] of Object.entries(said.infer)) {
        assertOutputs(outputs, expected, name.endsWith("True"));
      }
      assert.equal(said.id, "seven");
      // Asked for none by name, the client wants all of them as bytes.
      assertOutputs(said.all_outputs, expected, true);
      assert.deepEqual(Object.keys(said.one_output), ["label"]);
      assert.deepEqual(said.async, expected.map((each) => each.label));
    });

    await test.step("events of a backend in TypeScript as texts", () => {
      for (const [name, { result }] of Object.entries(said.texts)) {
        assert.deepEqual([result?.datatype, result?.shape], ["BYTES", [2]], name);
        const results = (result?.values ?? []).map((text) => JSON.parse(String(text)));
        assert.deepEqual(results, [{ y: 2, text: null }, { y: 5, text: "ü \n 🎲" }], name);
      }
    });

    await test.step("refusals reach the client with a status and a message", () => {
      const statuses = Object.entries(said.refusals).map(([name, refused]) => `${name} ${refused?.[0]}`);
      assert.deepEqual(statuses, [
        "model 404",
        "version 404",
        "name 400",
        "shape 400",
        "type 400",
        "output 400",
        "packed 415",
      ]);
      for (const refused of Object.values(said.refusals)) assert.match(refused?.[1] ?? "", /^Cannot /);
    });
  });
}
