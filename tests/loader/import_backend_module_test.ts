import assert from "node:assert/strict";
import { InferenceBackend } from "../../lib/backend/inference_backend.ts";
import { bundleBackendModule, importBundle } from "../../lib/loader/import_backend_module.ts";
import { packflowError } from "../helpers/packflow_error.ts";
import { writeProject } from "../helpers/project_fixture.ts";

/** The error that importing a project's inference.ts must end with. */
async function failure(code: Parameters<typeof packflowError>[1], files: Record<string, string>) {
  await using project = await writeProject(files);
  return await packflowError(importBackendModule(project.folder, "inference.ts"), code);
}

Deno.test('"packflow" is this very copy of the SDK', async () => {
  await using project = await writeProject({
    "inference.ts":
      'import * as sdk from "packflow"; export class Backend extends sdk.InferenceBackend { execute() {} }',
  });
  const { Backend } = await importBackendModule(project.folder, "inference.ts");
  assert.ok(typeof Backend === "function" && Backend.prototype instanceof InferenceBackend);
});

Deno.test("what a module throws at import is wrapped, with the place in the project's file", async () => {
  const error = await failure("backend.import_failed", {
    "inference.ts": 'import "./lib/a.ts";',
    "lib/a.ts": "interface Gone { a: string }\nconst text: string = 'x';\nJSON.parse(text);",
  });
  assert.match(error.message, /^Cannot import "inference\.ts" as it threw: Unexpected token 'x'/);
  assert.deepEqual(error.place, { file: "lib/a.ts", line: 3, column: 6 });
  assert.ok(error.cause instanceof SyntaxError);
});

Deno.test("anything may be thrown at import", async () => {
  for (
    const [thrown, message] of [["undefined", /undefined/], ['"text"', /text/], [
      "{}",
      /object Object/,
    ]] as const
  ) {
    const error = await failure("backend.import_failed", { "inference.ts": `throw ${thrown};` });
    assert.match(error.message, message);
    assert.deepEqual(error.place, { file: "inference.ts" });
  }
});

Deno.test("a name that packflow lacks is told at its import, with the nearest one", async () => {
  const error = await failure("backend.import_failed", {
    "inference.ts": 'import "./lib/a.ts";',
    "lib/a.ts":
      'import {\n  InferenceBackand,\n} from "packflow";\nexport class B extends InferenceBackand {}',
  });
  assert.match(
    error.message,
    /^Cannot import "InferenceBackand" as "packflow" has no such export: did you mean/,
  );
  assert.match(error.message, /"InferenceBackend"\n {2}2 \| /);
  assert.deepEqual(error.place, { file: "lib/a.ts", line: 2, column: 3 });
});

async function importBackendModule(folder: string, entry: string): Promise<Record<string, unknown>> {
  return await importBundle({ folder, entry, bundle: await bundleBackendModule(folder, entry) });
}

Deno.test("what only the engine refuses is a syntax error at its place", async () => {
  const error = await failure("backend.syntax_error", { "inference.ts": "type T = 1;\n\n@dec\nclass A {}" });
  assert.match(error.message, /^Cannot parse "inference\.ts" as .*\n {2}3 \| @dec/);
  assert.equal(error.place.line, 3);
});

Deno.test("messages do not carry the bundle's own address", async () => {
  const error = await failure("backend.import_failed", {
    "inference.ts":
      "const n = 'file:///nowhere.js'; await (0, eval)('import(n)'.replace('n', JSON.stringify(n)));",
  });
  assert.doesNotMatch(error.message, /base64/);
});
