/** Words on the command line: what is asked wrongly costs exit code 2 and tells what was meant. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { VERSION } from "../../lib/base/version.ts";
import { packflowTests } from "../helpers/packflow.ts";

const test = await packflowTests();

test("--version and --help answer on standard output", async (packflow, cwd) => {
  const [version, help, run] = await Promise.all([
    packflow.run(["--version"], { cwd }),
    packflow.run(["--help"], { cwd }),
    packflow.run(["run", "--help"], { cwd }),
  ]);
  assert.deepEqual([version.stdout, version.stderr], [`packflow ${VERSION}\n`, ""]);
  assert.match(help.stdout, /^Usage: packflow [^]*\bunpack\b/);
  assert.match(run.stdout, /^Usage: packflow run [^]*Examples:\n {2}\$ packflow run[^]*Exit codes:/);
  assert.deepEqual([help.stderr, run.stderr], ["", ""]);
});

const WRONG: readonly { args: readonly string[]; message: RegExp }[] = [
  { args: ["rnu"], message: /Unknown command 'rnu' \(Did you mean run\?\)/ },
  { args: ["run", "--inptu", "x"], message: /Unknown option '--inptu' \(Did you mean --input\?\)/ },
  { args: ["run", "--batch-size", "0"], message: /whole number of at least 1/ },
  { args: ["run", "--on-error", "ignore"], message: /fail, skip, emit/ },
  { args: ["run", "a", "b"], message: /Too many arguments/ },
  { args: ["create"], message: /Missing required argument 'NAME'/ },
  { args: ["create", "mine", "--template", "big"], message: /choices are minimal, .*onnx/ },
  { args: ["create", "mine", "--template", "onnx", "--from", "m.onnx"], message: /cannot be used with/ },
];

test("wrong usage is told on standard error, with exit code 2 and a way on", async (packflow, cwd) => {
  await Promise.all(WRONG.map(async ({ args, message }) => {
    const { stdout, stderr } = await packflow.run(args, { cwd, code: 2 });
    assert.match(stderr, message);
    assert.match(stderr, /^error \S[^]* \[usage\.invalid\]\n {2}help: See packflow .*--help\n$/);
    assert.equal(stdout, "");
  }));
  const bare = await packflow.run([], { cwd, code: 2 });
  assert.equal(bare.stdout, "");
  assert.match(bare.stderr, /^Usage: packflow /);
  assert.deepEqual(await Array.fromAsync(Deno.readDir(cwd)), []);
});

test("schema prints the JSON Schema of the manifest that create writes", async (packflow, cwd) => {
  const { stdout } = await packflow.run(["schema"], { cwd });
  await packflow.run(["create", "mine"], { cwd });
  const written = await Deno.readTextFile(join(cwd, "mine", ".packflow", "packflow.schema.json"));
  assert.deepEqual(JSON.parse(stdout), JSON.parse(written));
});

test("explain says what a code of a report means, as the report asks to", async (packflow, cwd) => {
  const { stderr } = await packflow.run(["validate", "nowhere"], { cwd, code: 4 });
  const [, code = ""] = /\n {2}more: packflow explain (\S+)\n$/.exec(stderr) ?? [];
  const { stdout } = await packflow.run(["explain", code], { cwd });
  assert.match(
    stdout,
    /^project\.not_found\n {2}The folder is missing[^]*\n {2}help: Name a project[^]*exit code 4/,
  );
});

test("doctor tells what project code is kept from here", async (packflow, cwd) => {
  const [told, json] = await Promise.all([
    packflow.run(["doctor"], { cwd }),
    packflow.run(["doctor", "--json"], { cwd }),
  ]);
  const { schema, ok, version, protections, devices, wasm, memory } = JSON.parse(json.stdout);
  assert.deepEqual([schema, ok, version], ["packflow.doctor/1", true, VERSION]);
  assert.deepEqual(devices.map(({ name }: { name: string }) => name), ["trees", "wasm", "webgpu", "native"]);
  assert.ok(wasm.simd === true && memory.total > 0);
  assert.match(told.stdout, /\n {2}yes {2}wasm \(ONNX Runtime, with SIMD/);
  assert.equal(told.stderr, "");
  const names = protections.map(({ name }: { name: string }) => name);
  for (const name of ["network", "reading files", "environment"]) {
    assert.ok(names.includes(name), name);
    assert.ok(told.stdout.includes(name), told.stdout);
  }
});
