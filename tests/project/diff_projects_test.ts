import assert from "node:assert/strict";
import { diffProjects, isSame } from "../../lib/project/diff_projects.ts";
import { packageProject } from "../../lib/project/package_project.ts";
import { DOUBLE_BACKEND, writeBackendProject } from "../helpers/backend_project.ts";
import { identityModel } from "../helpers/onnx_model.ts";

Deno.test("finds no difference between a project, its packages and what was unpacked", async () => {
  await using project = await writeBackendProject();
  const { folder } = project;
  const zip = await packageProject({ folder, output: `${folder}/a.zip` });
  const oci = await packageProject({ folder, output: `${folder}/a.oci` });
  await Deno.remove(zip.path);
  const again = await packageProject({ folder, output: `${folder}/a.zip` });
  for (const [a, b] of [[folder, folder], [again.path, oci.path]] as const) {
    const difference = await diffProjects(a, b);
    assert.deepEqual([isSame(difference), difference.files, difference.manifest], [true, [], []]);
  }
});

Deno.test("tells files, modes, fields, models and their inputs apart", async () => {
  await using before = await writeBackendProject({
    "packflow.jsonc": '{ "name": "double", "version": "1.0.0", "config": { "model": "a", "x": 1 } }',
    "gone.txt": "gone",
    "run.sh": "#!/bin/sh\n",
  });
  await using after = await writeBackendProject({
    "packflow.jsonc":
      '{ "name": "double", "version": "2.0.0", "config": { "model": "b" }, "permissions": { "net": ["a.example"] } }',
    "new.txt": "new",
    "run.sh": "#!/bin/sh\n",
    "inference.ts": `${DOUBLE_BACKEND}\n`,
  });
  await Deno.writeFile(`${before.folder}/m.onnx`, identityModel("float32", ["N", 2]));
  await Deno.writeFile(`${before.folder}/old.onnx`, identityModel("float32"));
  await Deno.writeFile(`${after.folder}/m.onnx`, identityModel("float64", ["N", 2]));
  await Deno.chmod(`${after.folder}/run.sh`, 0o755);
  const found = await diffProjects(before.folder, after.folder);
  assert.equal(isSame(found), false);
  const signs = found.files.filter(({ name }) => !name.startsWith(".packflow/")).map((each) => {
    const sign = each.before === undefined ? "+" : each.after === undefined ? "-" : "~";
    return `${sign} ${each.name}`;
  });
  assert.deepEqual(signs, [
    "- gone.txt",
    "~ inference.ts",
    "~ m.onnx",
    "+ new.txt",
    "- old.onnx",
    "~ packflow.jsonc",
    "~ run.sh",
  ]);
  const script = found.files.find(({ name }) => name === "run.sh");
  assert.deepEqual([script?.before?.mode, script?.after?.mode], ["0644", "0755"]);
  assert.equal(script?.before?.sha256, script?.after?.sha256);
  assert.deepEqual(found.manifest, [
    { name: "config.model", before: "a", after: "b" },
    { name: "config.x", before: 1 },
    { name: "permissions", before: {} },
    { name: "permissions.net", after: ["a.example"] },
    { name: "version", before: "1.0.0", after: "2.0.0" },
  ]);
  assert.deepEqual(found.models, [
    { name: "m.onnx: input x", before: "x  float32 [N, 2]", after: "x  float64 [N, 2]" },
    { name: "m.onnx: output y", before: "y  float32 [N, 2]", after: "y  float64 [N, 2]" },
  ]);
  assert.deepEqual(found.dependencies, []);
});
