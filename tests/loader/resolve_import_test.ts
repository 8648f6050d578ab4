import assert from "node:assert/strict";
import { ImportResolver, resolveFile } from "../../lib/loader/resolve_import.ts";
import { writeProject } from "../helpers/project_fixture.ts";

const FILES = {
  "inference.ts": "",
  "helper.ts": "",
  "lib/mod.ts": "",
  "lib/deep/x.mjs": "",
  "lib/labels.json": "[]",
  "notes.txt": "",
};

Deno.test("relative imports lead to files of the project, seen from the importing file", async () => {
  await using project = await writeProject(FILES);
  const resolver = new ImportResolver(project.folder);
  const resolve = (importer: string, specifier: string) => resolver.resolve(importer, specifier);
  assert.deepEqual(await resolve("inference.ts", "./helper.ts"), { kind: "file", path: "helper.ts" });
  assert.deepEqual(await resolve("lib/mod.ts", "./deep/x.mjs"), { kind: "file", path: "lib/deep/x.mjs" });
  assert.deepEqual(await resolve("lib/deep/x.mjs", "../labels.json"), {
    kind: "file",
    path: "lib/labels.json",
  });
  assert.deepEqual(await resolve("lib/deep/x.mjs", "../../helper.ts"), { kind: "file", path: "helper.ts" });
});

Deno.test('"packflow" and node: modules stay outside the bundle', async () => {
  for (const specifier of ["packflow", "node:path"]) {
    assert.deepEqual(await new ImportResolver("/nowhere").resolve("a.ts", specifier), {
      kind: "external",
      specifier,
    });
  }
});

Deno.test("a file that is not there is named, with the one that was likely meant", async () => {
  await using project = await writeProject(FILES);
  const cases: [string, RegExp][] = [
    ["./helper", /no file "helper": did you mean "helper.ts"/],
    ["./helper.js", /did you mean "helper.ts"/],
    ["./halper.ts", /did you mean "helper.ts"/],
    ["./lib", /did you mean "lib\/mod.ts"/],
    ["./lib/deap/x.mjs", /no file "lib\/deap\/x.mjs"$/],
    ["./helper.ts/x.ts", /no file "helper.ts\/x.ts"$/],
    ["./zzzzzzzz.ts", /no file "zzzzzzzz.ts"$/],
    ["./notes.txt", /only .ts, .mts, .js, .mjs and .json/],
    [`./${"x".repeat(300)}.ts`, /cannot be read/],
  ];
  for (const [specifier, reason] of cases) {
    const found = await new ImportResolver(project.folder).resolve("inference.ts", specifier);
    assert.ok(found.kind === "problem" && found.code === "loader.unresolved_import", specifier);
    assert.match(found.reason, reason);
  }
});

Deno.test("what is no file of the project is refused with a remedy that fits", async () => {
  await using project = await writeProject(FILES);
  const cases: [string, RegExp][] = [
    ["jsr:@std/path", /into the project as a file/],
    ["fs", /Write "node:fs"/],
    ["https://example.org/x.ts", /Download the file/],
    ["/etc/passwd", /starts with \.\//],
    ["file:///etc/passwd", /starts with \.\//],
    ["data:text/javascript,1", /starts with \.\//],
  ];
  for (const [specifier, remedy] of cases) {
    const found = await new ImportResolver(project.folder).resolve("inference.ts", specifier);
    assert.ok(found.kind === "problem" && found.code === "loader.unresolved_import", specifier);
    assert.match(found.remedy ?? "", remedy, specifier);
  }
});

Deno.test("a package that is not installed is named, with how to install it, or the file that was meant", async () => {
  await using project = await writeProject(FILES);
  await using named = await writeProject({
    "deno.json": '{ "imports": { "lodash": "npm:lodash@4" } }',
    "package.json": '{ "dependencies": { "left-pad": "1" } }',
  });
  const cases: [string, string, RegExp][] = [
    [project.folder, "npm:lodash@4", /deno add npm:lodash, then deno install --node-modules-dir=auto/],
    [project.folder, "@scope/name/sub", /deno add npm:@scope\/name/],
    [project.folder, "helper.ts", /Write "\.\/helper\.ts"/],
    [named.folder, "lodash/fp", /^Run npm install, or deno install, in/],
    [named.folder, "left-pad", /^Run npm install, or deno install, in/],
    [named.folder, "ajv", /^Run npm install ajv, or deno add npm:ajv, in/],
  ];
  for (const [folder, specifier, remedy] of cases) {
    const found = await new ImportResolver(folder).resolve("inference.ts", specifier);
    assert.ok(found.kind === "problem" && found.code === "loader.not_installed", specifier);
    assert.match(found.reason, /is not in the project's node_modules/);
    assert.match(found.remedy ?? "", remedy, specifier);
  }
});

Deno.test("nothing outside the project is reached, by path or by link", async () => {
  await using outside = await writeProject({ "secret.ts": "", "folder/x.ts": "" });
  await using project = await writeProject(FILES);
  await Deno.symlink(`${outside.folder}/secret.ts`, `${project.folder}/link.ts`);
  await Deno.symlink(`${outside.folder}/folder`, `${project.folder}/folder`);
  for (
    const specifier of ["../secret.ts", "./../../x.ts", "./lib/../../x.ts", "./link.ts", "./folder/x.ts"]
  ) {
    const found = await new ImportResolver(project.folder).resolve("inference.ts", specifier);
    assert.ok(found.kind === "problem" && found.code === "loader.outside_project", specifier);
  }
});

Deno.test("links inside the project are fine, also where the project itself is reached by a link", async () => {
  await using project = await writeProject({ "real/helper.ts": "", "other.txt": "" });
  await Deno.symlink(`${project.folder}/real/helper.ts`, `${project.folder}/real/link.ts`);
  await Deno.symlink(`${project.folder}/real`, `${project.folder}/way`);
  assert.deepEqual(await resolveFile(`${project.folder}/way`, "link.ts"), { kind: "file", path: "link.ts" });
});
