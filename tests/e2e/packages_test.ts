/** What can be done with packages beside running them: check, inspect, compare, unpack a part. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { ROOT } from "../../scripts/run_deno.ts";
import { packflowTests } from "../helpers/packflow.ts";

const test = await packflowTests();
const MODEL = join(ROOT, "tests", "fixtures", "models", "digits", "model.onnx");

test("package lists what goes in and why the rest does not, and writes nothing", async (packflow, cwd) => {
  await packflow.run(["create", "mine"], { cwd });
  await Deno.mkdir(join(cwd, "mine", ".git"));
  await Deno.writeTextFile(join(cwd, "mine", ".env"), "KEY=1");
  await Deno.writeTextFile(join(cwd, "mine", ".gitignore"), "*.log\n");
  await Deno.writeTextFile(join(cwd, "mine", "x.log"), "");
  const { stdout, stderr } = await packflow.run(["package", "mine", "--list"], { cwd });
  assert.match(stdout, /^ +[\d.]+ k?B {2}packflow\.jsonc$/m);
  assert.match(stdout, /^ +left out {2}\.env: it may hold a secret$/m);
  assert.match(stdout, /^ +left out {2}x\.log: \.gitignore:1 names it$/m);
  assert.match(stderr, /Left out "\.env" as it may hold a secret \[check\.left_out\]/);
  assert.match(stderr, /Left out "\.git\/" as it belongs to version control/);
  assert.doesNotMatch(stderr, /x\.log/);
  const report = await packflow.json(["package", "mine", "--dry-run"], { cwd });
  assert.ok(Array.isArray(report.left) && report.left.some(({ path }) => path === "x.log"));
  assert.deepEqual([report.written, await names(cwd)], [false, ["mine"]]);
});

test(
  "package --check makes the package again and fails, writing nothing, if it differs",
  async (packflow, cwd) => {
    await packflow.run(["create", "mine"], { cwd });
    for (const format of ["tar.gz", "zip", "oci"]) {
      const { sha256 } = await packflow.json(["package", "mine", "--format", format], { cwd });
      const again = ["package", "mine", "--format", format, "--output", `again.${format}`];
      await packflow.run([...again, "--check", `sha256:${sha256}`], { cwd });
      await Deno.remove(join(cwd, `again.${format}`), { recursive: true });
      const wrong = "0".repeat(64);
      const { stderr } = await packflow.run([...again, "--check", wrong], { cwd, code: 1 });
      assert.ok(stderr.includes(wrong) && stderr.includes(String(sha256)), stderr);
      assert.match(stderr, /\[check\.digest_differs\]/);
    }
    await packflow.run(["package", "mine", "--check", "abc"], { cwd, code: 2 });
    assert.deepEqual(await names(cwd), ["mine", "mine-0.1.0.oci", "mine-0.1.0.tar.gz", "mine-0.1.0.zip"]);
  },
);

test(
  "package fails in one way for all that is wrong with a project, and in another where there is none",
  async (packflow, cwd) => {
    await packflow.run(["create", "mine"], { cwd });
    const manifest = join(cwd, "mine", "packflow.jsonc");
    const good = await Deno.readTextFile(manifest);
    await Deno.writeTextFile(manifest, good.replace('"version"', '"verison"'));
    const { stderr } = await packflow.run(["package", "mine"], { cwd, code: 1 });
    assert.match(stderr, /"verison".*\[manifest\.unknown_key\]\n {2}at packflow\.jsonc:\d+:\d+/);
    await packflow.run(["validate", "mine"], { cwd, code: 1 });
    await Deno.writeTextFile(manifest, good);
    await Deno.writeTextFile(join(cwd, "mine", "inference.ts"), "export class Backend {");
    await packflow.run(["package", "mine"], { cwd, code: 1 });
    await packflow.run(["package", "gone"], { cwd, code: 4 });
    assert.deepEqual(await names(cwd), ["mine"]);
  },
);

test("inspect tells what a model, a package and a project hold", async (packflow, cwd) => {
  await packflow.run(["create", "mine", "--from", MODEL], { cwd });
  await packflow.run(["package", "mine"], { cwd });
  const { stdout } = await packflow.run(["inspect", "mine-0.1.0.tar.gz"], { cwd });
  assert.match(
    stdout,
    /^mine 0\.1\.0\nsha256:[0-9a-f]{64}\ntar\.gz, [\d.]+ kB, sha256 [0-9a-f]{64}\nnot signed/,
  );
  assert.match(stdout, /^ {2}inputs\n {4}X {2}float32 \[\?, 64\]$/m);
  const packed = await packflow.json(["inspect", "mine-0.1.0.tar.gz"], { cwd });
  const project = await packflow.json(["inspect", "mine"], { cwd });
  assert.deepEqual([packed.kind, project.kind], ["package", "project"]);
  assert.deepEqual(project.files, packed.files);
  assert.deepEqual(project.models, packed.models);
  const model = await packflow.json(["inspect", MODEL], { cwd });
  assert.ok(Array.isArray(packed.models));
  const { path: _path, sha256: _sha256, ...summary } = packed.models[0];
  const { schema: _schema, ok: _ok, diagnostics: _diagnostics, kind, ...said } = model;
  assert.deepEqual([kind, said], ["model", summary]);
  await packflow.run(["inspect", "gone.onnx"], { cwd, code: 4 });
  await packflow.run(["inspect", "mine-0.1.0.tar.gz", "--max-entries", "2"], { cwd, code: 5 });
});

test("an OCI image layout verifies, runs and unpacks as an archive does", async (packflow, cwd) => {
  await packflow.run(["create", "mine"], { cwd });
  const made = await packflow.json(["package", "mine", "--format", "oci"], { cwd });
  const verified = await packflow.json(["verify", "mine-0.1.0.oci"], { cwd });
  assert.equal(verified.digest, made.digest);
  const events = await Deno.readTextFile(join(cwd, "mine", "events.ndjson"));
  const answers = await packflow.run(["run", "mine"], { cwd, stdin: events });
  assert.equal(
    (await packflow.run(["run", "mine-0.1.0.oci"], { cwd, stdin: events })).stdout,
    answers.stdout,
  );
  await packflow.run(["unpack", "mine-0.1.0.oci", "out"], { cwd });
  assert.equal(
    (await packflow.json(["package", "out", "--format", "oci", "--dry-run"], { cwd })).sha256,
    made.sha256,
  );
});

test("unpack writes the files that match alone", async (packflow, cwd) => {
  await packflow.run(["create", "mine"], { cwd });
  await packflow.run(["package", "mine", "--format", "zip"], { cwd });
  const filters = ["--filter", "*.md", "--filter", "!README.md"];
  const report = await packflow.json(["unpack", "mine-0.1.0.zip", "part", ...filters], { cwd });
  assert.deepEqual([report.files, await names(join(cwd, "part"))], [1, ["MODEL_CARD.md"]]);
  const { stderr } = await packflow.run(["unpack", "mine-0.1.0.zip", "none", "--filter", "*.pt"], {
    cwd,
    code: 2,
  });
  assert.match(stderr, /must match a file/);
  assert.deepEqual(await names(cwd), ["mine", "mine-0.1.0.zip", "part"]);
});

test("diff tells what differs and by its exit code whether anything does", async (packflow, cwd) => {
  await packflow.run(["create", "mine"], { cwd });
  await packflow.run(["package", "mine"], { cwd });
  const same = await packflow.run(["diff", "mine-0.1.0.tar.gz", "mine"], { cwd });
  assert.equal(same.stdout, "They hold the same\n");
  await Deno.writeTextFile(join(cwd, "mine", "new.txt"), "new");
  await Deno.chmod(join(cwd, "mine", "README.md"), 0o755);
  const manifest = join(cwd, "mine", "packflow.jsonc");
  await Deno.writeTextFile(manifest, (await Deno.readTextFile(manifest)).replace('"0.1.0"', '"0.2.0"'));
  const { stdout } = await packflow.run(["diff", "mine-0.1.0.tar.gz", "mine"], { cwd, code: 1 });
  assert.match(stdout, /^- mine 0\.1\.0 .*\n\+ mine 0\.2\.0 /);
  assert.match(stdout, /\nmanifest\n {2}~ version {2}"0\.1\.0" -> "0\.2\.0"\n/);
  assert.match(stdout, /\n {2}\+ new\.txt {2}3 B [0-9a-f]{12}\n/);
  assert.match(stdout, /\n {2}~ README\.md {2}mode 0644 -> 0755\n/);
  const report = await packflow.json(["diff", "mine-0.1.0.tar.gz", "mine"], { cwd, code: 1 });
  assert.deepEqual([report.ok, report.same], [true, false]);
  await packflow.run(["diff", "mine", "gone"], { cwd, code: 4 });
});

async function names(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
}
