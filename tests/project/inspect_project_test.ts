import assert from "node:assert/strict";
import { dependenciesOf, inspectProject } from "../../lib/project/inspect_project.ts";
import { packageProject } from "../../lib/project/package_project.ts";
import { writeBackendProject } from "../helpers/backend_project.ts";
import { identityModel } from "../helpers/onnx_model.ts";
import { rejects } from "../helpers/rejects.ts";

const MANIFEST =
  '{ "name": "double", "version": "1.2.3", "permissions": { "net": ["api.example.org:443"], "env": [] } }';

async function writeExample() {
  const project = await writeBackendProject({
    "packflow.jsonc": MANIFEST,
    "notes.onnx": "no model",
    ".env": "K=1",
  });
  await Deno.writeFile(`${project.folder}/m.onnx`, identityModel("float32", ["N"]));
  return project;
}

Deno.test("shows the same of a project and of its package, whatever that is kept in", async () => {
  await using project = await writeExample();
  const { folder } = project;
  const seen = await inspectProject(folder);
  assert.equal(seen.contents.archive, undefined);
  assert.deepEqual(seen.permissions, { net: ["api.example.org:443"], env: [] });
  assert.deepEqual(
    seen.models.map(({ path, summary, problem }) => [path, summary?.graph.inputs[0]?.name, problem]),
    [
      ["m.onnx", "x", undefined],
      ["notes.onnx", undefined, 'Cannot read model "notes.onnx" as its fields must have known types'],
    ],
  );
  assert.deepEqual(seen.contents.left.filter(({ told }) => told).map(({ path }) => path), [".env"]);
  for (const format of ["tar.gz", "zip", "oci"] as const) {
    const made = await packageProject({ folder, output: folder, format });
    const packed = await inspectProject(made.path);
    assert.deepEqual(packed.contents.list, seen.contents.list, format);
    assert.deepEqual(packed.contents.archive, { format, size: made.size, sha256: made.sha256 });
    assert.deepEqual(packed.models, seen.models);
    assert.deepEqual(packed.permissions, seen.permissions);
    assert.deepEqual(packed.contents.left, []);
  }
});

Deno.test("says whether a signature lies beside a package, and trusts none", async () => {
  await using project = await writeExample();
  const made = await packageProject({ folder: project.folder, output: project.folder });
  const state = async () => (await inspectProject(made.path)).signature;
  assert.deepEqual(await state(), { path: `${made.path}.sig`, present: false });
  await Deno.writeTextFile(`${made.path}.sig`, "{}");
  const { present, problem } = await state();
  assert.deepEqual([present, typeof problem], [true, "string"]);
});

Deno.test("reads npm packages from a bill of materials, and is not thrown off by a strange one", () => {
  const sbom = {
    components: [
      { type: "library", name: "zod", version: "4.0.0", licenses: [{ expression: "MIT" }] },
      { type: "library", group: "@a", name: "b", version: "1.0.0", licenses: [{ license: { name: "Own" } }] },
      { type: "machine-learning-model", name: "m.onnx" },
      { type: "library", name: 1 },
      null,
    ],
  };
  assert.deepEqual(dependenciesOf(JSON.stringify(sbom)), [
    { name: "@a/b", version: "1.0.0" },
    { name: "zod", version: "4.0.0", license: "MIT" },
  ]);
  for (const text of [undefined, "", "{", "[]", "null", '{"components": {}}']) {
    assert.deepEqual(dependenciesOf(text), []);
  }
});

Deno.test("refuses what is neither package nor project", async () => {
  await using project = await writeExample();
  await rejects(() => inspectProject(`${project.folder}/gone`), "project.not_found", /gone/);
  await rejects(() => inspectProject(`${project.folder}/README.md`), "package.not_a_package", /^Cannot /);
});
