import assert from "node:assert/strict";
import { openProject, readPackage } from "../../lib/project/open_package.ts";
import { packageProject } from "../../lib/project/package_project.ts";
import { testProject } from "../../lib/project/test_project.ts";
import { archive, file, packed } from "../helpers/archives.ts";
import { writeBackendProject } from "../helpers/backend_project.ts";
import { writeProject } from "../helpers/project_fixture.ts";
import { runModule } from "../helpers/run_module.ts";

Deno.test("opens a project by its folder, a link to it, or its manifest", async () => {
  await using project = await writeBackendProject({});
  await Deno.symlink(project.folder, `${project.folder}/self`);
  for (const path of [project.folder, `${project.folder}/packflow.jsonc`, `${project.folder}/self`]) {
    await using opened = await openProject(path);
    assert.deepEqual([opened.folder, opened.manifest.name, opened.package], [
      project.folder,
      "double",
      undefined,
    ]);
  }
  assert.ok((await Deno.stat(project.folder)).isDirectory);
});

Deno.test("opens a package in a private folder that goes when it is disposed of", async () => {
  await using project = await writeBackendProject({});
  const made = await packageProject({ folder: project.folder, output: project.folder });
  let folder: string;
  {
    await using opened = await openProject(made.path);
    folder = opened.folder;
    assert.deepEqual([opened.manifest.name, opened.package], ["double", { digest: made.digest }]);
    assert.equal((await testProject(folder)).passed, 2);
    assert.equal(((await Deno.stat(`${folder}/..`)).mode ?? 0) & 0o077, 0);
    const again = await packageProject({ folder, output: project.folder });
    assert.equal(again.sha256, made.sha256, "an unpacked package gives the same package");
  }
  await assert.rejects(Deno.stat(folder), Deno.errors.NotFound);
});

Deno.test("refuses an altered package, and a package that is no project, with nothing left behind", async () => {
  await using project = await writeBackendProject({});
  await using temporary = await writeProject({});
  const { path } = await packageProject({ folder: project.folder, output: project.folder });
  const bytes = await Deno.readFile(path);
  const packages = [20, bytes.length >> 1, bytes.length - 5].map((at) =>
    bytes.with(at, (bytes[at] ?? 0) ^ 0xff)
  );
  packages.push(await archive(await packed([file("x.txt", "")])));
  for (const [index, altered] of packages.entries()) {
    await Deno.writeFile(`${project.folder}/${index}.tar.gz`, altered);
  }
  const opened = packages.map((_, index) => `${project.folder}/${index}.tar.gz`);
  const printed = await runModule(
    `import { openProject } from "lib/project/open_package.ts";
    for (const path of ${JSON.stringify(opened)}) {
      await openProject(path).then(() => console.log("opened"), (error) => console.log(error.code));
    }`,
    { env: { TMPDIR: temporary.folder } },
  );
  const codes = printed.trim().split("\n");
  assert.deepEqual(
    codes.map((code) => code.split(".")[0]),
    ["package", "package", "package", "project"],
    printed,
  );
  assert.deepEqual([...Deno.readDirSync(temporary.folder)], []);
});

Deno.test("says what is neither a project nor a package", async () => {
  await using project = await writeBackendProject({ "empty/x": "" });
  const cases = [["gone", "project.not_found"], ["empty", "project.not_found"], [
    "inference.ts",
    "package.not_a_package",
  ]];
  for (const [path, code] of cases) {
    await assert.rejects(openProject(`${project.folder}/${path}`), { code }, path);
  }
  await assert.rejects(openProject("/dev/null"), {
    code: "project.not_found",
    message: /neither a file nor a folder/,
  });
  await assert.rejects(readPackage(`${project.folder}/gone`), {
    message: /there is no such file or folder$/,
  });
  await assert.rejects(readPackage(project.folder), {
    code: "project.not_found",
    message: /is a directory$/,
  });
});
