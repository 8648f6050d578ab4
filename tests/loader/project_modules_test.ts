import assert from "node:assert/strict";
import { transformSync } from "../../lib/deps/swc.ts";
import { rollup } from "../../lib/deps/rollup.ts";
import { PackflowError } from "../../lib/base/errors.ts";
import { ProjectModules } from "../../lib/loader/project_modules.ts";
import { writeProject } from "../helpers/project_fixture.ts";

Deno.test("the files read and their texts are known after a build", async () => {
  await using project = await writeProject({ "b.ts": 'import "./a.ts";', "a.ts": "let x: number;" });
  const modules = new ProjectModules(project.folder, transformSync);
  await rollup({ input: modules.entryId("b.ts"), plugins: [modules.plugin()], onLog: () => {} });
  assert.deepEqual(modules.files(), ["a.ts", "b.ts"]);
  assert.equal(modules.source("a.ts"), "let x: number;");
  assert.equal(modules.failure, undefined);
});

Deno.test("the first error of our own is kept as it was thrown", async () => {
  await using project = await writeProject({ "a.ts": 'import "./nope.ts";' });
  const modules = new ProjectModules(project.folder, transformSync);
  await assert.rejects(
    rollup({ input: modules.entryId("a.ts"), plugins: [modules.plugin()], onLog: () => {} }),
  );
  assert.ok(modules.failure instanceof PackflowError);
  assert.equal(modules.failure.code, "loader.unresolved_import");
});
