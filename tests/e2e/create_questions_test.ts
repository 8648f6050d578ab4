/** `packflow create` on a terminal, where it asks for what is not given. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { modelFixture } from "../helpers/model_fixture.ts";
import { packflowTests } from "../helpers/packflow.ts";
import { findTerminal, runOnTerminal } from "../helpers/terminal.ts";

const python = await findTerminal();
const test: Awaited<ReturnType<typeof packflowTests>> = python === undefined
  ? () => {}
  : await packflowTests();

const [NAME, TEMPLATE, MODEL] = [
  "Name of the project",
  "What to start from",
  "Path of the .onnx file",
] as const;
const [ENTER, DOWN, UP, CTRL_C, ESCAPE] = ["\r", "\x1b[B", "\x1b[A", "\x03", "\x1b"] as const;
const BACKSPACES = "\x7f".repeat(20);

type Steps = readonly (readonly [string, string])[];

const names = async (folder: string) =>
  (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
const terminal = (packflow: Parameters<Parameters<typeof test>[1]>[0]) => ({
  packflow,
  python: python ?? "",
});

test("create asks for a name and what to start from, and makes just that", async (packflow, cwd) => {
  const steps: Steps = [[NAME, "mine"], ["mine", ENTER], [TEMPLATE, DOWN], ["around a model", ENTER]];
  const { code, text } = await runOnTerminal(terminal(packflow), ["create"], { cwd, steps });
  assert.equal(code, 0, text);
  assert.match(text, /Created .*mine \(\d+ files\)/);
  assert.deepEqual(await names(cwd), ["mine"]);
  assert.ok((await names(join(cwd, "mine"))).includes("features.ts"), "it is the template typescript");
});

test("create says at once what is wrong with a name", async (packflow, cwd) => {
  await Deno.mkdir(join(cwd, "taken"));
  const steps: Steps = [
    [NAME, "1st"],
    ["1st", ENTER],
    ["must start with a letter", `${BACKSPACES}taken`],
    ["taken", ENTER],
    ['There is a "taken" in this folder', BACKSPACES],
    ["my-model", ENTER],
    [TEMPLATE, ENTER],
  ];
  const { code, text } = await runOnTerminal(terminal(packflow), ["create"], { cwd, steps });
  assert.equal(code, 0, text);
  assert.deepEqual(await names(cwd), ["my-model", "taken"]);
});

test(
  "create offers the model that lies in the folder, and no file that is not there",
  async (packflow, cwd) => {
    const { folder } = await modelFixture("digits");
    await Deno.copyFile(join(folder, "model.onnx"), join(cwd, "digits.onnx"));
    const steps: Steps = [
      [TEMPLATE, UP],
      ["an .onnx file", ENTER],
      [MODEL, "x"],
      ["digits.onnxx", ENTER],
      ["There is no such file", "\x7f"],
      ["digits.onnx", ENTER],
    ];
    const { code, text } = await runOnTerminal(terminal(packflow), ["create", "mine"], { cwd, steps });
    assert.equal(code, 0, text);
    assert.doesNotMatch(text, new RegExp(NAME), "the name was given");
    assert.ok((await names(join(cwd, "mine"))).includes("model.onnx"));
  },
);

const STOPS: readonly (readonly [string, Steps])[] = [
  ["Ctrl-C at the name", [[NAME, CTRL_C]]],
  ["Escape at the name", [[NAME, ESCAPE]]],
  ["Ctrl-C at the template", [[NAME, ENTER], [TEMPLATE, CTRL_C]]],
  ["Ctrl-C at the model", [[NAME, ENTER], [TEMPLATE, UP], ["an .onnx file", ENTER], [MODEL, CTRL_C]]],
];

for (const [title, steps] of STOPS) {
  test(`${title} leaves nothing behind, and the cursor as it was`, async (packflow, cwd) => {
    const { code, text, output } = await runOnTerminal(terminal(packflow), ["create"], { cwd, steps });
    assert.equal(code, 130, text);
    assert.match(text, /Stopped: nothing was created\n$/);
    assert.ok(output.lastIndexOf("\x1b[?25h") > output.lastIndexOf("\x1b[?25l"), "the cursor shows again");
    assert.deepEqual(await names(cwd), []);
  });
}

test("create asks nothing that is given, nor where it may not", async (packflow, cwd) => {
  const run = (args: readonly string[], env = {}) =>
    runOnTerminal(terminal(packflow), ["create", ...args], { cwd, steps: [], env });
  assert.equal((await run(["one", "--template", "onnx"])).code, 0);
  assert.equal((await run(["two", "--no-input"])).code, 0);
  assert.equal((await run(["three", "--json"])).code, 0);
  assert.equal((await run(["four"], { TERM: "dumb" })).code, 0);
  assert.deepEqual(await names(cwd), ["four", "one", "three", "two"]);
  const { code, text } = await run(["--no-input"]);
  assert.equal(code, 2);
  assert.match(text, /Missing required argument 'NAME'/);
});

test("create asks nothing where its input or its talk is no terminal", async (packflow, cwd) => {
  const { stderr } = await packflow.run(["create"], { cwd, stdin: "mine\n", code: 2 });
  assert.match(stderr, /Missing required argument 'NAME'/);
  await packflow.run(["create", "mine"], { cwd, stdin: "typescript\n" });
  assert.ok((await names(join(cwd, "mine"))).includes("inference.ts"));
});
