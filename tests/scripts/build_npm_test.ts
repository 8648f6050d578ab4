/** The package for npm, in Node as npm would have installed it, without a network. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { buildNpm } from "../../scripts/build_npm.ts";
import { moduleGraph, npmFolders } from "../../scripts/npm_cache.ts";
import { ROOT } from "../../scripts/run_deno.ts";
import { isInstalled } from "../helpers/is_installed.ts";
import { runProgram } from "../helpers/run_program.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

/** What npm would install beside the package, and what that needs at run time. */
const BESIDE = [
  "@deno/shim-deno",
  "@deno/shim-deno-test",
  "isexe",
  "onnxruntime-common",
  "onnxruntime-web",
  "which",
];

const place: { folder?: Awaited<ReturnType<typeof tempFolder>>; names: readonly string[] } = { names: [] };

Deno.test.beforeAll(async () => {
  place.folder = await tempFolder();
  place.names = await buildNpm(join(folder(), "node_modules", "@packflow", "packflow"));
  await Deno.writeTextFile(join(folder(), "package.json"), '{ "type": "module" }');
});

Deno.test.afterAll(() => place.folder?.[Symbol.asyncDispose]());

function folder(): string {
  assert.ok(place.folder !== undefined);
  return place.folder.path;
}

function packed(name: string): string {
  return join(folder(), "node_modules", "@packflow", "packflow", name);
}

/** Links packages of Deno's cache to where Node looks. */
async function linkBeside(): Promise<void> {
  const graphs = await Promise.all(
    ["mod.ts", "tests/helpers/shim_deno.ts"].map((entry) => moduleGraph(entry, { cwd: ROOT })),
  );
  const folderOf = await npmFolders({ cwd: ROOT });
  const found = graphs.flatMap(({ npmPackages }) => Object.values(npmPackages));
  await Deno.mkdir(join(folder(), "node_modules", "@deno"), { recursive: true });
  for (const name of BESIDE) {
    const npmPackage = found.find((each) => each.name === name);
    assert.ok(npmPackage !== undefined, `${name} is not in deno.lock`);
    await Deno.symlink(folderOf(npmPackage), join(folder(), "node_modules", name));
  }
}

Deno.test("the package names what it exports, with exact versions of what it needs", async () => {
  const description = JSON.parse(await Deno.readTextFile(packed("package.json")));
  const { version } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  assert.deepEqual([description.name, description.version, description.type], [
    "@packflow/packflow",
    version,
    "module",
  ]);
  assert.deepEqual(Object.keys(description.dependencies), ["@deno/shim-deno", "onnxruntime-web"]);
  for (const each of Object.values(description.dependencies)) assert.match(String(each), /^\d+\.\d+\.\d+$/);
  const lock = await Deno.readTextFile(join(ROOT, "deno.lock"));
  for (const [name, each] of Object.entries(description.dependencies)) {
    assert.ok(lock.includes(`"npm:${name}@${each}"`), name);
  }
  const targets = Object.values<Record<string, string> | string>(description.exports).flatMap((target) =>
    typeof target === "string" ? [target] : Object.values(target)
  );
  for (const target of targets) assert.ok(place.names.includes(target.slice(2)), target);
  assert.doesNotMatch(await Deno.readTextFile(packed("packflow.js")), /["']npm:|import\.meta\.resolve/);
});

Deno.test({
  name: "npm packs those files and no others, and would publish them",
  ignore: !isInstalled("npm"),
  async fn() {
    const npm = (...args: string[]) =>
      runProgram(["npm", ...args, "--dry-run", "--json", "--offline"], { cwd: packed("") });
    const { code, stdout, stderr } = await npm("pack");
    assert.equal(code, 0, stderr);
    const [{ files }]: [{ files: { path: string }[] }] = JSON.parse(stdout);
    assert.deepEqual(files.map(({ path }) => path).sort(), place.names.toSorted());
    const published = await npm("publish", "--access", "public");
    assert.equal(published.code, 0, published.stderr);
  },
});

Deno.test({
  name: "Node runs the example of the package's README, and models of trees and on WebAssembly",
  ignore: !isInstalled("node"),
  async fn() {
    await linkBeside();
    const node = async (name: string, code: string) => {
      await Deno.writeTextFile(join(folder(), name), code);
      const flags = ["--preserve-symlinks", "--preserve-symlinks-main"];
      const { code: status, stdout, stderr } = await runProgram(["node", ...flags, name], { cwd: folder() });
      assert.equal(status, 0, stderr);
      return stdout;
    };
    const [, example = ""] = /```js\n(.*?)```/s.exec(await Deno.readTextFile(packed("README.md"))) ?? [];
    assert.equal(await node("example.js", example), "{ suspicious: true }\n");
    const answers = JSON.parse(await node("models.js", MODELS));
    const model = join(ROOT, "tests", "fixtures", "models", "phishing");
    const [expected = ""] = (await Deno.readTextFile(join(model, "expected.ndjson"))).split("\n");
    for (const { label } of answers) assert.equal(label, JSON.parse(expected).label);
    assert.equal(answers.length, 2);
  },
});

Deno.test("the package exports what mod.ts exports, but for the loader of folders", async () => {
  const text = await Deno.readTextFile(packed("packflow.js"));
  const exported = /^export \{ (.*) \};$/m.exec(text)?.[1]?.split(", ") ?? [];
  const names = Object.keys(await import("packflow")).filter((name) => name !== "loadBackend");
  assert.deepEqual(exported.map((name) => name.replace(/^.* as /, "")).sort(), names.sort());
});

const MODELS = `import { readFile } from "node:fs/promises";
import { OnnxBackend, PackflowError } from "@packflow/packflow";

const folder = ${JSON.stringify(join(ROOT, "tests", "fixtures", "models", "phishing"))};
const { feature_names: featureNames } = JSON.parse(await readFile(folder + "/about.json", "utf8"));
const [line] = (await readFile(folder + "/events.ndjson", "utf8")).split("\\n");
const answers = [];
for (const device of ["trees", "wasm"]) {
  const backend = await OnnxBackend.create({ folder, config: { model: "model.onnx", featureNames, device } });
  answers.push(await backend.infer(JSON.parse(line)));
  await backend.dispose();
}
const error = await OnnxBackend.create({ folder, config: { model: "no.onnx" } }).catch((error) => error);
if (!(error instanceof PackflowError && error.code === "model.not_found")) throw error;
console.log(JSON.stringify(answers));
`;
