/** A project's whole life on the command line, from nothing to a package that runs elsewhere. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { TEMPLATE_NAMES } from "../../lib/project/templates.ts";
import { MODEL_NAMES } from "../helpers/model_fixture.ts";
import { ROOT } from "../../scripts/run_deno.ts";
import { type Packflow, packflowTests } from "../helpers/packflow.ts";

const test = await packflowTests();

const STARTS: readonly (readonly string[])[] = [
  ...TEMPLATE_NAMES.map((name) => ["--template", name]),
  ...MODEL_NAMES.map((name) => ["--from", join(ROOT, "tests", "fixtures", "models", name, "model.onnx")]),
];

for (const start of STARTS) {
  const title = start.map((word) => word.replace(/^.*models\//, "")).join(" ");
  test(
    `create ${title}, then validate, test, run, package, verify, inspect, run, unpack`,
    async (packflow, cwd) => {
      const created = await packflow.json(["create", "mine", ...start], { cwd });
      assert.deepEqual([created.schema, created.ok, created.path], [
        "packflow.create/1",
        true,
        join(cwd, "mine"),
      ]);
      const folder = join(cwd, "mine");
      const events = await Deno.readTextFile(join(folder, "events.ndjson"));

      const validated = await packflow.json(["validate", "mine"], { cwd });
      assert.deepEqual([validated.schema, validated.ok, validated.errors], ["packflow.validate/1", true, 0]);
      const tested = await packflow.json(["test"], { cwd: folder });
      assert.deepEqual([tested.ok, tested.failed, tested.updated], [true, 0, false]);
      assert.ok(Number(tested.passed) > 0);

      const { stdout: answers } = await packflow.run(["run", "mine"], { cwd, stdin: events });
      assert.equal(answers.split("\n").length, events.split("\n").length);

      await checkPackage({ packflow, cwd, events, answers });
      assert.deepEqual((await names(cwd)).sort(), ["mine", "mine-0.1.0.tar.gz"]);
    },
  );
}

interface Packaged {
  readonly packflow: Packflow;
  readonly cwd: string;
  readonly events: string;
  readonly answers: string;
}

/** Packages `mine`, then uses nothing but the package. */
async function checkPackage({ packflow, cwd, events, answers }: Packaged): Promise<void> {
  const made = await packflow.json(["package", "mine"], { cwd });
  const file = "mine-0.1.0.tar.gz";
  assert.deepEqual([made.ok, made.path, made.written], [true, join(cwd, file), true]);
  assert.equal(made.sha256, await sha256(join(cwd, file)));
  await Deno.remove(join(cwd, "mine"), { recursive: true });

  const verified = await packflow.json(["verify", file], { cwd });
  assert.deepEqual([verified.ok, verified.name, verified.digest], [true, "mine", made.digest]);
  const inspected = await packflow.json(["inspect", file], { cwd });
  assert.ok(Array.isArray(inspected.files));
  assert.equal(inspected.files.length, verified.files);
  const paths = inspected.files.map(({ path }) => path);
  assert.ok(paths.includes("packflow.jsonc"), paths.join());
  // what Packflow makes for the package, not what `create` put there for editors
  const generated = paths.filter((path) => path.startsWith(".packflow/"));
  assert.ok(generated.every((path) => /\/(sbom\.cdx|bundle)\./.test(path)), generated.join());
  assert.ok(generated.includes(".packflow/sbom.cdx.json"), generated.join());

  const run = await packflow.run(["run", file], { cwd, stdin: events });
  assert.equal(run.stdout, answers);
  const unpacked = await packflow.json(["unpack", file, "mine"], { cwd });
  assert.deepEqual([unpacked.path, unpacked.files], [join(cwd, "mine"), verified.files]);
}

test("inspect tells what a model takes and gives", async (packflow, cwd) => {
  const model = join(ROOT, "tests", "fixtures", "models", "digits", "model.onnx");
  const { stdout } = await packflow.run(["inspect", model], { cwd });
  assert.match(
    stdout,
    /^inputs\n {2}X {2}float32 \[\?, 64\]\noutputs\n {2}label {2}int64 \[\?\]\n {2}probabilities {2}float32 \[\?, 10\]\ndevice {5}wasm: .*\nsize /,
  );
  const report = await packflow.json(["inspect", model], { cwd });
  assert.deepEqual(report.inputs, [{ name: "X", type: "float32", shape: [null, 64] }]);
  assert.equal(report.device, "wasm");
});

test("what was unpacked works, and makes the same package again", async (packflow, cwd) => {
  await packflow.run(["create", "mine"], { cwd });
  const made = await packflow.json(["package", "mine"], { cwd });
  await packflow.run(["test", "mine-0.1.0.tar.gz"], { cwd });
  await packflow.run(["unpack", "mine-0.1.0.tar.gz"], { cwd });
  await packflow.run(["validate", "mine-0.1.0"], { cwd });
  await packflow.run(["validate", "mine-0.1.0", "--deny-warnings"], { cwd, code: 1 });
  assert.equal((await packflow.json(["export", "mine-0.1.0", "--dry-run"], { cwd })).sha256, made.sha256);
  const { stderr } = await packflow.run(["unpack", "mine-0.1.0.tar.gz"], { cwd, code: 5 });
  assert.match(stderr, /mine-0\.1\.0" .*\[package\.target_exists\]/);
});

test("a package has the same bytes whatever the times, order, umask and time zone", async (packflow, cwd) => {
  await packflow.run(["create", "mine"], { cwd });
  await packflow.run(["package", "mine", "--output", "first.tar.gz"], { cwd });
  await copyBackwards(join(cwd, "mine"), join(cwd, "copy"));
  await packflow.run(["package", "copy", "--output", "second.tar.gz"], {
    cwd,
    shell: 'umask 077; exec "$@"',
    env: { TZ: "Pacific/Kiritimati", LC_ALL: "tr_TR.UTF-8" },
  });
  assert.equal(await sha256(join(cwd, "second.tar.gz")), await sha256(join(cwd, "first.tar.gz")));
});

/** Copies a folder file by file in the opposite order, private, with the times of another day. */
async function copyBackwards(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { mode: 0o700 });
  for (const name of (await names(from)).sort().reverse()) {
    const [source, target] = [join(from, name), join(to, name)];
    if ((await Deno.stat(source)).isDirectory) {
      await copyBackwards(source, target);
      continue;
    }
    await Deno.writeFile(target, await Deno.readFile(source), { mode: 0o600 });
    await Deno.utime(target, 1_000_000_000, 1_000_000_000);
  }
}

async function names(folder: string): Promise<string[]> {
  return await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
}

async function sha256(path: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
  return new Uint8Array(digest).toHex();
}
