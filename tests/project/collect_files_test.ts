import assert from "node:assert/strict";
import { Manifest } from "../../lib/config/manifest.ts";
import { collectFiles, type CollectOptions } from "../../lib/project/collect_files.ts";
import { writeProject } from "../helpers/project_fixture.ts";

const CORE = { "packflow.jsonc": '{"name": "demo"}', "inference.ts": "export class Backend {}" };

async function collect(folder: string, manifest: Record<string, unknown> = {}, options: CollectOptions = {}) {
  const { files, left } = await collectFiles(folder, Manifest.parse({ name: "demo", ...manifest }), options);
  const told = left.filter(({ told }) => told).map(({ path, reason }) => ({ path, reason }));
  return { paths: files.map((file) => file.path), left, told, files };
}

Deno.test("lists files in the order of their bytes, with sizes and modes", async () => {
  await using project = await writeProject({
    ...CORE,
    "z.txt": "12",
    "a/b.txt": "",
    "B.txt": "",
    "é.txt": "",
    "run": "",
  });
  await Deno.chmod(`${project.folder}/run`, 0o700);
  await Deno.chmod(`${project.folder}/z.txt`, 0o600);
  const { files, paths } = await collect(project.folder);
  assert.deepEqual(paths, ["B.txt", "a/b.txt", "inference.ts", "packflow.jsonc", "run", "z.txt", "é.txt"]);
  assert.deepEqual(files.find(({ path }) => path === "z.txt"), { path: "z.txt", size: 2, mode: 0o644 });
  assert.deepEqual(files.find(({ path }) => path === "run"), { path: "run", size: 0, mode: 0o755 });
});

Deno.test("reads nested .gitignore files, and says of everything left out why", async () => {
  await using project = await writeProject({
    ...CORE,
    ".gitignore": "*.log\n.env\n",
    "x.log": "",
    "sub/.gitignore": "!keep.log\ndata/\n",
    "sub/keep.log": "",
    "sub/data/big.bin": "",
    ".env": "KEY=1",
    "node_modules/x/index.js": "",
    "env3/pyvenv.cfg": "",
    "env3/bin/python": "",
    "old/oci-layout": "{}",
    "key.txt": "-----BEGIN PRIVATE KEY-----\nc2VjcmV0IHNlY3JldCBz\n",
  });
  const { paths, left, told } = await collect(project.folder);
  assert.deepEqual(paths, [".gitignore", "inference.ts", "packflow.jsonc", "sub/.gitignore", "sub/keep.log"]);
  assert.deepEqual(left.map(({ path, reason }) => `${path} ${reason}`), [
    ".env it may hold a secret",
    "env3/ it is a Python virtual environment",
    "key.txt it holds a private key",
    "node_modules/ it is a cache, a build or a setting of a tool",
    "old/ it is an OCI image layout, such as an earlier package",
    "sub/data/ sub/.gitignore:2 names it",
    "x.log .gitignore:1 names it",
  ]);
  assert.deepEqual(told.map(({ path }) => path), [".env", "env3/", "key.txt", "node_modules/", "old/"]);
});

Deno.test("takes golden events and what the package needs although the patterns leave them out, and says so", async () => {
  await using project = await writeProject({
    ...CORE,
    ".gitignore": "models/\n*.ndjson\n",
    "golden.ndjson": "{}",
    "events.ndjson": "{}",
    "models/m.onnx": "x",
    "dist/w.bin": "x",
  });
  const manifest = { backend: "packflow:OnnxBackend", config: { model: "models/m.onnx" } };
  const { files } = await collect(project.folder, manifest, { required: ["dist/w.bin"] });
  assert.deepEqual(files.map(({ path, despite = "" }) => `${path} ${despite}`.trim()), [
    ".gitignore",
    "dist/w.bin its folder stays out",
    "golden.ndjson .gitignore:2 names it",
    "inference.ts",
    "models/m.onnx .gitignore:1 names it",
    "packflow.jsonc",
  ]);
});

Deno.test("takes manifest, backend and model whatever the patterns say", async () => {
  await using project = await writeProject({
    ...CORE,
    ".gitignore": "*\n",
    "models/m.onnx": "x",
    "src/b.ts": "",
  });
  const onnx = { backend: "packflow:OnnxBackend", config: { model: "./models/m.onnx" }, exclude: ["models"] };
  assert.deepEqual((await collect(project.folder, onnx)).paths, ["models/m.onnx", "packflow.jsonc"]);
  const code = { backend: "src/b.ts:Backend", exclude: ["**"] };
  assert.deepEqual((await collect(project.folder, code)).paths, ["packflow.jsonc", "src/b.ts"]);
});

Deno.test("says which required file is missing or outside", async () => {
  await using project = await writeProject(CORE);
  const model = (path: string) =>
    collect(project.folder, { backend: "packflow:OnnxBackend", config: { model: path } });
  await assert.rejects(model("gone.onnx"), {
    code: "project.file_missing",
    message: /"gone.onnx" must be a file/,
  });
  await assert.rejects(
    model("../../etc/passwd"),
    (error: { code: string }) => error.code.startsWith("project."),
  );
  await assert.rejects(model("/etc/passwd"), { code: "project.link_outside" });
});

Deno.test("packs links to files of the project, never what lies outside or stays out", async () => {
  await using outside = await writeProject({ "secret.txt": "s", "deep/x.txt": "" });
  await using project = await writeProject({
    ...CORE,
    "real.txt": "r",
    "d/x.txt": "",
    ".env": "",
    "id_rsa": "",
  });
  const link = (to: string, name: string) => Deno.symlink(to, `${project.folder}/${name}`);
  await link("real.txt", "ok.txt");
  await link(`${outside.folder}/secret.txt`, "leak.txt");
  await link(outside.folder, "leak");
  await link("gone.txt", "dangling");
  await link("round", "round");
  await link("d", "folder");
  await link("id_rsa", "harmless.txt");
  const { paths, told } = await collect(project.folder);
  assert.deepEqual(paths, ["d/x.txt", "inference.ts", "ok.txt", "packflow.jsonc", "real.txt"]);
  assert.deepEqual(told.filter(({ path }) => path !== ".env" && path !== "id_rsa"), [
    { path: "dangling", reason: "it is a link to nothing" },
    { path: "folder", reason: "it is a link to a folder" },
    { path: "harmless.txt", reason: 'it is a link to "id_rsa", which stays out' },
    { path: "leak", reason: "it leads outside the project" },
    { path: "leak.txt", reason: "it leads outside the project" },
    { path: "round", reason: "it is a link to nothing" },
  ]);
});

Deno.test("refuses a required file behind a link that leads outside, the folder's link included", async () => {
  await using outside = await writeProject({ "m.onnx": "m" });
  await using project = await writeProject(CORE);
  await Deno.symlink(outside.folder, `${project.folder}/models`);
  await Deno.symlink(`${outside.folder}/m.onnx`, `${project.folder}/m.onnx`);
  for (const model of ["models/m.onnx", "m.onnx"]) {
    const manifest = { backend: "packflow:OnnxBackend", config: { model } };
    await assert.rejects(collect(project.folder, manifest), { code: "project.link_outside" }, model);
  }
});

Deno.test("names what is neither file nor folder, and a MANIFEST.json of the project's own", async () => {
  await using project = await writeProject({ ...CORE, "MANIFEST.json": "{}" });
  const pipe = await new Deno.Command("mkfifo", { args: [`${project.folder}/pipe`] }).output();
  assert.ok(pipe.success);
  assert.deepEqual((await collect(project.folder)).told, [
    { path: "MANIFEST.json", reason: "a package has its own list of files under this name" },
    { path: "pipe", reason: "it is neither a file nor a folder" },
  ]);
});

Deno.test("leaves out the list of an unpacked package, and the package being written, silently", async () => {
  await using project = await writeProject({
    ...CORE,
    "MANIFEST.json": '{"schema": "packflow.package/1"}',
    "out.bin": "",
  });
  const { paths, told } = await collect(project.folder, {}, { leave: [`${project.folder}/out.bin`] });
  assert.deepEqual(paths, ["inference.ts", "packflow.jsonc"]);
  assert.deepEqual(told, []);
});

Deno.test("refuses names that are not safe on every system", async () => {
  for (const name of ["a:b.txt", "con.txt", "dot.", "back\\slash", "new\nline"]) {
    await using project = await writeProject({ ...CORE, [name]: "" });
    await assert.rejects(collect(project.folder), { code: "check.unsafe_path" }, name);
    assert.equal(
      (await collect(project.folder, { exclude: ["*[:.\\\\\n]*", "!*.ts", "!*.jsonc"] })).paths.length,
      2,
      name,
    );
  }
});

Deno.test("says which folder cannot be read", async () => {
  if (Deno.uid() === 0) return console.log("SKIPPED: the superuser can read every folder");
  await using project = await writeProject({ ...CORE, "closed/x": "" });
  await Deno.chmod(`${project.folder}/closed`, 0);
  await assert.rejects(collect(project.folder), { code: "project.unreadable", message: /"closed"/ });
  await Deno.chmod(`${project.folder}/closed`, 0o755);
});
