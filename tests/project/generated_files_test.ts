import assert from "node:assert/strict";
import { bytesContent, type Entry } from "../../lib/archive/entry.ts";
import { readManifest } from "../../lib/config/read_manifest.ts";
import {
  generatedEntries,
  isGenerated,
  projectBundle,
  SBOM_FILE,
} from "../../lib/project/generated_files.ts";
import { writeBackendProject } from "../helpers/backend_project.ts";
import { cyclonedxProblems } from "../helpers/cyclonedx.ts";

async function textOf(entry: Entry | undefined): Promise<string> {
  assert.ok(entry !== undefined);
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of entry.content.chunks()) text += decoder.decode(chunk, { stream: true });
  return text;
}

Deno.test("a project of code gets its bundle and a bill of materials that the schema accepts", async () => {
  await using project = await writeBackendProject();
  const manifest = await readManifest(project.folder);
  const bundle = await projectBundle(project.folder, manifest);
  const entries = await generatedEntries({ manifest, bundle, entries: [] });
  assert.deepEqual(entries.map(({ path, mode }) => [path, mode]), [
    [".packflow/bundle.js", 0o644],
    [".packflow/bundle.js.map", 0o644],
    [".packflow/bundle.json", 0o644],
    [SBOM_FILE, 0o644],
  ]);
  assert.match(await textOf(entries[0]), /from 'packflow';[^]*\n\/\/# sourceMappingURL=bundle\.js\.map\n$/);
  assert.deepEqual(JSON.parse(await textOf(entries[1])).sources, ["../inference.ts"]);
  assert.deepEqual(await cyclonedxProblems(JSON.parse(await textOf(entries[3]))), []);
});

Deno.test("a project of a model alone gets a bill of materials that names the model", async () => {
  const bytes = await Deno.readFile(new URL("../fixtures/models/digits/model.onnx", import.meta.url));
  await using project = await writeBackendProject({
    "packflow.jsonc":
      '{ "name": "digits", "backend": "packflow:OnnxBackend", "config": { "model": "model.onnx" } }',
  });
  const manifest = await readManifest(project.folder);
  const bundle = await projectBundle(project.folder, manifest);
  assert.equal(bundle, undefined);
  const model: Entry = { path: "model.onnx", mode: 0o644, content: bytesContent(bytes) };
  const [sbom, ...others] = await generatedEntries({ manifest, bundle, entries: [model] });
  assert.equal(others.length, 0);
  const parsed = JSON.parse(await textOf(sbom));
  assert.deepEqual(await cyclonedxProblems(parsed), []);
  const [component] = parsed.components;
  assert.equal(component.type, "machine-learning-model");
  assert.match(component.modelCard.modelParameters.inputs[0].format, /^\w+: float32\[/);
});

Deno.test("the names of generated files are kept, in any letter case, others in the folder are not", () => {
  for (const path of [".packflow/bundle.js", ".Packflow/BUNDLE.JSON", SBOM_FILE]) {
    assert.ok(isGenerated(path), path);
  }
  for (const path of [".packflow/packflow.js", "bundle.js", "x/.packflow/bundle.js"]) {
    assert.ok(!isGenerated(path), path);
  }
});
