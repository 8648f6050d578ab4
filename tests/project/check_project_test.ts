import assert from "node:assert/strict";
import { checkProject } from "../../lib/project/check_project.ts";
import { backendWith, writeBackendProject } from "../helpers/backend_project.ts";
import { writeProject } from "../helpers/project_fixture.ts";

/** Findings of a project as `code file:line:column`, absent parts left out. */
async function findings(files: Record<string, string>): Promise<string[]> {
  await using project = await writeBackendProject(files);
  const found = await checkProject(project.folder);
  return found.map(({ code, file, line, column }) => {
    const place = [file, line, column].filter((part) => part !== undefined).join(":");
    return `${code} ${place}`.trim();
  });
}

Deno.test("finds nothing in a good project", async () => {
  assert.deepEqual(await findings({}), []);
});

Deno.test("returns every problem of the manifest with its place", async () => {
  assert.deepEqual(await findings({ "packflow.jsonc": '{\n  "name": "1x",\n  "versio": "1"\n}' }), [
    "manifest.invalid packflow.jsonc:2:11",
    "manifest.unknown_key packflow.jsonc:3:3",
  ]);
});

Deno.test("tells one cause once, with file, line and column of the user's code", async () => {
  const cases: [Record<string, string>, string][] = [
    [{ "inference.ts": "export class Backend {" }, "backend.syntax_error inference.ts:1:23"],
    [{ "inference.ts": "export const x = 1;" }, "backend.missing_export inference.ts"],
    [{ "inference.ts": "\nthrow new Error('no');" }, "backend.import_failed inference.ts:2:7"],
    [{
      "packflow.jsonc":
        '{"name": "a", "backend": "gone.ts:Backend", "description": "d", "maintainers": ["m"]}',
    }, "backend.module_not_found gone.ts"],
    [{ "inference.ts": backendWith('throw new Error("no");') }, "backend.hook_failed inference.ts:5:11"],
    [
      { "inference.ts": backendWith("return events.map(({ x }) => ({ y: Number(x) / 0 }));") },
      "check.io golden.ndjson:1",
    ],
    [
      { "inference.ts": backendWith("return events.map(({ x }) => ({ y: x === 2 ? NaN : 1 }));") },
      "check.io golden.ndjson:2",
    ],
    [{ "golden.ndjson": "{}\n{" }, "check.golden_invalid golden.ndjson:1"],
  ];
  for (const [files, expected] of cases) {
    const found = await findings(files);
    assert.ok(found[0]?.startsWith(expected), `${JSON.stringify(found)} should start with ${expected}`);
    assert.equal(
      found.filter((each) => !each.startsWith("check.golden_invalid")).length <= 1,
      true,
      `${found}`,
    );
  }
});

Deno.test("warns after the errors", async () => {
  const found = await findings({
    "inference.ts": "x",
    "packflow.jsonc": '{"name": "a"}',
    "golden.ndjson": "",
  });
  assert.deepEqual(found.slice(1), [
    "check.metadata_empty packflow.jsonc",
    "check.metadata_empty packflow.jsonc",
    "check.golden_missing golden.ndjson",
  ]);
});

Deno.test("reports a missing model once, and what would stop packaging", async () => {
  const manifest = '{"name": "a", "backend": "packflow:OnnxBackend", "config": {"model": "gone.onnx"}}';
  const errors = (await findings({ "packflow.jsonc": manifest })).filter((each) =>
    !each.startsWith("check.metadata")
  );
  assert.deepEqual(errors.map((each) => each.split(" ")[0]), ["model.not_found"]);
  assert.deepEqual(await findings({ "con.txt": "" }), ["check.unsafe_path con.txt"]);
});

Deno.test("never throws for a folder that is no project", async () => {
  await using project = await writeProject({ "x": "" });
  for (const folder of [project.folder, `${project.folder}/gone`, `${project.folder}/x`]) {
    assert.deepEqual((await checkProject(folder)).map(({ code }) => code), ["project.not_found"]);
  }
});

Deno.test("reports a dispose hook that throws", async () => {
  const backend = backendWith("return events.map(({ x }) => ({ y: x }));").replace(
    "count = 0;",
    'override dispose() { throw new Error("stuck"); }',
  );
  const [found] = await findings({ "inference.ts": backend });
  assert.match(found ?? "", /^backend.hook_failed inference.ts:3:/);
});
