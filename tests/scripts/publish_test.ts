/** The module as JSR publishes it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { moduleGraph } from "../../scripts/npm_cache.ts";
import { ROOT, runDeno } from "../../scripts/run_deno.ts";
import { runProgram } from "../helpers/run_program.ts";
import { tempFolder } from "../helpers/temp_folder.ts";
import { writeProject } from "../helpers/project_fixture.ts";

const { publish: { include } }: { publish: { include: string[] } } = JSON.parse(
  await Deno.readTextFile(join(ROOT, "deno.json")),
);

function isPublished(path: string): boolean {
  return include.some((each) => path === each || path.startsWith(`${each}/`));
}

Deno.test("deno publish would publish the module: its types are explicit, its files can be named anywhere", async () => {
  const { code, stdout, stderr } = await runProgram(
    [Deno.execPath(), "publish", "--dry-run", "--allow-dirty"],
    { cwd: ROOT, env: { NO_COLOR: "1" } },
  );
  assert.equal(code, 0, stdout + stderr);
  assert.match(stderr, /Success Dry run complete/);
});

Deno.test("everything that mod.ts needs is published", async () => {
  const { modules } = await moduleGraph("mod.ts", { cwd: ROOT });
  const root = new URL(`file://${ROOT}`).href;
  const own = modules.flatMap(({ specifier }) =>
    specifier.startsWith(root) ? [specifier.slice(root.length)] : []
  );
  assert.ok(own.length > 50, `${own.length}`);
  assert.deepEqual(own.filter((path) => !isPublished(path)), []);
});

const SCRIPT = `
const [folder, project, sdk] = Deno.args;
const { loadBackend, OnnxBackend } = await import(sdk + "/mod.ts");
const { feature_names: featureNames } = JSON.parse(await Deno.readTextFile(folder + "/about.json"));
const [line = ""] = (await Deno.readTextFile(folder + "/events.ndjson")).split("\\n");
const labels = [];
for (const device of ["trees", "wasm"]) {
  await using backend = await OnnxBackend.create({ folder, config: { model: "model.onnx", featureNames, device } });
  labels.push((await backend.infer(JSON.parse(line))).label);
}
await using backend = await loadBackend(project);
console.log(JSON.stringify([labels, await backend.infer({ bytes: 2 })]));
`;

Deno.test("the module works from a server that has its published files only", async () => {
  await using project = await writeProject({
    "packflow.jsonc": '{ "name": "a", "version": "1.0.0", "backend": "inference.ts:Backend" }',
    "inference.ts":
      'import { InferenceBackend, type Records } from "packflow";\nexport class Backend extends InferenceBackend {\n' +
      "  override execute(inputs: Records) {\n    return inputs.map(({ bytes }) => ({ twice: 2 * Number(bytes) }));\n  }\n}\n",
  });
  await using script = await writeProject({ "script.ts": SCRIPT });
  await using cache = await denoFolder();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const path = new URL(request.url).pathname.slice(1);
    if (!isPublished(path)) return new Response("not published", { status: 404 });
    const type = path.endsWith(".json") ? "application/json" : "application/typescript";
    return new Response((await Deno.open(join(ROOT, path))).readable, { headers: { "content-type": type } });
  });
  try {
    const model = join(ROOT, "tests", "fixtures", "models", "phishing");
    const { code, stdout, stderr } = await runProgram([
      ...[Deno.execPath(), "run", "--quiet", "--no-lock", "--no-check", "--allow-all"],
      ...[join(script.folder, "script.ts"), model, project.folder, `http://127.0.0.1:${server.addr.port}`],
    ], { cwd: script.folder, env: { DENO_DIR: cache.path, NO_COLOR: "1" } });
    assert.deepEqual([code, stdout], [0, '[[1,1],{"twice":4}]\n'], stderr);
  } finally {
    await server.shutdown();
  }
});

/** A folder for Deno that has its packages of npm, and nothing of any server. */
async function denoFolder() {
  const folder = await tempFolder();
  const { npmCache }: { npmCache: string } = JSON.parse(await runDeno(["info", "--json"], { cwd: ROOT }));
  await Deno.symlink(npmCache, join(folder.path, "npm"));
  return folder;
}
