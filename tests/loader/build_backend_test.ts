import assert from "node:assert/strict";
import { parseBackendReference } from "../../lib/config/backend_reference.ts";
import { buildBackend } from "../../lib/loader/build_backend.ts";
import { bundleBackendModule } from "../../lib/loader/import_backend_module.ts";
import { writeBackendProject } from "../helpers/backend_project.ts";
import { packflowError } from "../helpers/packflow_error.ts";

Deno.test("a bundle made elsewhere becomes a backend, without the files it was made of", async () => {
  const project = await writeBackendProject();
  const { folder } = project;
  const bundle = await bundleBackendModule(folder, "inference.ts");
  await project[Symbol.asyncDispose]();
  const plan = { folder, build: { folder }, bundle };
  const backend = await buildBackend({ ...plan, reference: parseBackendReference("inference.ts:Backend") });
  assert.deepEqual(await backend.infer({ x: 4 }), { y: 8 });
  const missing = buildBackend({ ...plan, reference: parseBackendReference("inference.ts:Other") });
  assert.deepEqual((await packflowError(missing, "backend.missing_export")).place, { file: "inference.ts" });
});
