import assert from "node:assert/strict";
import { importModule } from "../../lib/host/import_module.ts";
import { sdkUrl } from "../../lib/host/sdk_url.ts";
import { placeOfError } from "../../lib/backend/error_place.ts";
import { makeBundle } from "../../lib/loader/bundle_project.ts";
import { backendBundle, bundleFiles } from "../../lib/loader/packaged_bundle.ts";
import { placeBundle } from "../../lib/loader/portable_bundle.ts";
import { packflowError } from "../helpers/packflow_error.ts";
import { type ProjectFixture, writeProject } from "../helpers/project_fixture.ts";

const ENTRY = "inference.ts";
const FILES = {
  [ENTRY]: `import { InferenceBackend } from "packflow";
import { half } from "./lib/half.ts";
import dep from "dep";
export const value = [half(4), dep, import.meta.filename, typeof InferenceBackend];
export function fail() {
  throw new Error("no");
}
`,
  "lib/half.ts": "export const half = (x: number): number => x / 2;\n",
};
const INSTALLED = {
  "node_modules/dep/package.json": '{ "name": "dep", "version": "1.0.0" }',
  "node_modules/dep/index.js": "module.exports = 'dep';",
};

/** An unpacked package: the sources and the bundle, without the packages that it was made of. */
async function unpacked(): Promise<ProjectFixture> {
  await using project = await writeProject({ ...FILES, ...INSTALLED });
  const files = bundleFiles(await makeBundle(project.folder, ENTRY));
  return await writeProject({ ...FILES, ...Object.fromEntries(files) });
}

Deno.test("a package's bundle runs without node_modules, wherever it lies, and its stacks lead to the sources", async () => {
  await using project = await unpacked();
  const bundle = await backendBundle(project.folder, ENTRY);
  const { code, modules } = placeBundle(bundle, { folder: project.folder, packflow: sdkUrl() });
  const { value, fail } = await importModule(code);
  assert.deepEqual(value, [2, "dep", `${project.folder}/${ENTRY}`, "function"]);
  assert.deepEqual(modules, [ENTRY, "lib/half.ts"]);
  assert.ok(typeof fail === "function");
  const error = await Promise.resolve().then(() => fail()).catch((thrown: unknown) => thrown);
  assert.deepEqual(placeOfError(error, project.folder), { file: ENTRY, line: 6, column: 9 });
});

Deno.test("a package's bundle makes the same files again", async () => {
  await using project = await unpacked();
  for (const [path, text] of bundleFiles(await backendBundle(project.folder, ENTRY))) {
    assert.equal(await Deno.readTextFile(`${project.folder}/${path}`), text, path);
  }
});

Deno.test("altered sources, installed packages and another entry make the bundle anew", async () => {
  await using altered = await unpacked();
  await Deno.writeTextFile(`${altered.folder}/lib/half.ts`, "export const half = () => 0;");
  await packflowError(backendBundle(altered.folder, ENTRY), "loader.not_installed");
  await using lost = await unpacked();
  await Deno.remove(`${lost.folder}/lib/half.ts`);
  // of the file and the package, either may be found missing first
  await assert.rejects(backendBundle(lost.folder, ENTRY), /^PackflowError: Cannot import /);
  await using installed = await unpacked();
  await Deno.mkdir(`${installed.folder}/node_modules`);
  await packflowError(backendBundle(installed.folder, ENTRY), "loader.not_installed");
  await using other = await unpacked();
  assert.deepEqual((await backendBundle(other.folder, "lib/half.ts")).facts.entry, "lib/half.ts");
});

Deno.test("a bundle that was edited so that it no longer fits together is refused", async () => {
  const edits: [string, (text: string) => string, string?][] = [
    ["bundle.json", () => "{"],
    ["bundle.json", (text) => text.replace("packflow.bundle/1", "packflow.bundle/2")],
    ["bundle.json", (text) => text.replace('"sdkAt": [', '"sdkAt": [\n 1,'), "bundle.js"],
    ["bundle.js", (text) => `//\n${text}`],
    ["bundle.js", () => ""],
    ["bundle.js.map", () => "[]"],
  ];
  for (const [file, edit, blamed = file] of edits) {
    await using project = await unpacked();
    const path = `${project.folder}/.packflow/${file}`;
    await Deno.writeTextFile(path, edit(await Deno.readTextFile(path)));
    const error = await packflowError(backendBundle(project.folder, ENTRY), "loader.invalid_bundle");
    assert.equal(error.place.file, `.packflow/${blamed}`);
  }
});

Deno.test("a bundle whose facts name a file outside of the project, even an endless one, is not taken", async () => {
  for (const path of ["../../../../../../dev/zero", "/dev/zero", "lib"]) {
    await using project = await unpacked();
    const facts = `${project.folder}/.packflow/bundle.json`;
    const text = await Deno.readTextFile(facts);
    await Deno.writeTextFile(facts, text.replace('"lib/half.ts"', JSON.stringify(path)));
    await packflowError(backendBundle(project.folder, ENTRY), "loader.not_installed");
  }
});
