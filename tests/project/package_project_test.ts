import assert from "node:assert/strict";
import { DiagnosticsError } from "../../lib/base/diagnostic.ts";
import { readPackage } from "../../lib/project/open_package.ts";
import { packageProject } from "../../lib/project/package_project.ts";
import { DOUBLE_BACKEND, writeBackendProject } from "../helpers/backend_project.ts";
import { writeProject } from "../helpers/project_fixture.ts";
import { runModule } from "../helpers/run_module.ts";

const FILES = {
  "packflow.jsonc": '{ "name": "double", "version": "1.2.3", "description": "d", "maintainers": ["m"] }',
  "inference.ts": `import { double } from "./src/double.ts";\n${
    DOUBLE_BACKEND.replace("2 * Number(event.x)", "double(event.x)")
  }`,
  "src/double.ts": "export const double = (x: unknown) => 2 * Number(x);",
  "data/table.json": "[1]",
  "run.sh": "#!/bin/sh\n",
};

Deno.test("writes {name}-{version}.tar.gz, whole, with digests that can be checked", async () => {
  await using project = await writeBackendProject(FILES);
  await using output = await writeProject({ "x": "" });
  const made = await packageProject({ folder: project.folder, output: output.folder });
  assert.equal(made.path, `${output.folder}/double-1.2.3.tar.gz`);
  const bytes = await Deno.readFile(made.path);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  assert.deepEqual([made.sha256, made.size], [digest, bytes.length]);
  const { manifest } = await readPackage(made.path);
  assert.equal(made.digest, manifest.digest);
  assert.deepEqual(made.files.map(({ path }) => path), manifest.files.map(({ path }) => path));
  assert.deepEqual(made.warnings, []);
  assert.deepEqual([...Deno.readDirSync(output.folder)].map(({ name }) => name).sort(), [
    "double-1.2.3.tar.gz",
    "x",
  ]);
});

Deno.test("gives the same bytes whatever the folder, times, order of creation, umask and time zone", async () => {
  await using first = await writeBackendProject(FILES);
  await using second = await writeProject({ "z/first.txt": "" });
  await Deno.remove(`${second.folder}/z`, { recursive: true });
  for (const file of [...paths(first.folder)].reverse()) {
    await Deno.mkdir(`${second.folder}/${file}`.replace(/\/[^/]*$/, ""), { recursive: true, mode: 0o700 });
    await Deno.writeFile(`${second.folder}/${file}`, await Deno.readFile(`${first.folder}/${file}`), {
      mode: 0o600,
    });
    await Deno.utime(`${second.folder}/${file}`, 1, 1);
  }
  await Deno.chmod(`${first.folder}/run.sh`, 0o775);
  await Deno.chmod(`${second.folder}/run.sh`, 0o700);
  const options = JSON.stringify({ folder: second.folder, output: second.folder });
  const printed = await runModule(
    `import { packageProject } from "lib/project/package_project.ts";
    console.log((await packageProject(${options})).sha256);`,
    { umask: "077", env: { TZ: "Pacific/Auckland", LC_ALL: "tr_TR.UTF-8", HOME: "/nowhere" } },
  );
  const made = await packageProject({ folder: first.folder, output: first.folder });
  assert.equal(printed.trim(), made.sha256);
  const modes = (await readPackage(made.path)).manifest.files.map(({ path, mode }) => `${mode} ${path}`);
  assert.ok(modes.includes("0755 run.sh") && modes.includes("0644 inference.ts"), `${modes}`);
});

Deno.test("gives the same bytes a second time, although the first package lies in the project", async () => {
  await using project = await writeBackendProject(FILES);
  for (const output of [project.folder, `${project.folder}/other.tar.gz`]) {
    const first = await packageProject({ folder: project.folder, output });
    assert.equal((await packageProject({ folder: project.folder, output })).sha256, first.sha256, output);
    await Deno.remove(first.path);
  }
});

Deno.test("writes nothing on a dry run", async () => {
  await using project = await writeBackendProject(FILES);
  await using output = await writeProject({ "x": "" });
  const dry = await packageProject({ folder: project.folder, output: output.folder, dryRun: true });
  assert.deepEqual([...Deno.readDirSync(output.folder)].map(({ name }) => name), ["x"]);
  const made = await packageProject({ folder: project.folder, output: output.folder });
  assert.deepEqual(made, dry);
});

Deno.test("takes every module of the backend, though .gitignore and exclude leave it out", async () => {
  await using project = await writeBackendProject({
    ...FILES,
    ".gitignore": "src/\n",
    "packflow.jsonc": FILES["packflow.jsonc"].replace("}", ', "exclude": ["src"] }'),
  });
  const { files } = await packageProject({ folder: project.folder, output: project.folder, dryRun: true });
  assert.ok(files.some(({ path }) => path === "src/double.ts"));
});

Deno.test("names the secrets it leaves out, and the warnings of the check", async () => {
  await using project = await writeBackendProject({ ...FILES, ".env": "KEY=1", "README.md": "" });
  const { left, warnings } = await packageProject({ folder: project.folder, dryRun: true });
  assert.deepEqual(left, [{ path: ".env", reason: "it may hold a secret", told: true }]);
  assert.deepEqual(warnings.map(({ code, file }) => `${code} ${file}`), ["check.recommended_file README.md"]);
});

Deno.test("makes no package of a project with errors, and tells them", async () => {
  await using project = await writeBackendProject({ ...FILES, "src/double.ts": "export const double = ;" });
  await assert.rejects(packageProject({ folder: project.folder, output: project.folder }), (error) => {
    assert.ok(error instanceof DiagnosticsError && error.code === "check.failed");
    assert.match(error.message, /^Cannot package "double" as it must be valid: it has 1 error:\n {2}\S/);
    assert.deepEqual(error.diagnostics.map(({ code, file }) => `${code} ${file}`), [
      "backend.syntax_error src/double.ts",
    ]);
    return true;
  });
  assert.equal(
    [...paths(project.folder)].some((path) => path.endsWith(".gz") || path.endsWith(".tmp")),
    false,
  );
});

Deno.test("tells what is wrong with the manifest as any other finding, but not that there is no project", async () => {
  for (const manifest of ["{", '{ "name": "double", "verison": "1.0.0", "backend": 1 }']) {
    await using project = await writeBackendProject({ ...FILES, "packflow.jsonc": manifest });
    await assert.rejects(packageProject({ folder: project.folder, output: project.folder }), (error) => {
      assert.ok(error instanceof DiagnosticsError && error.code === "check.failed", String(error));
      assert.ok(error.diagnostics.every(({ code, line }) => code.startsWith("manifest.") && line === 1));
      return true;
    });
  }
  await using empty = await writeProject({ x: "" });
  await assert.rejects(packageProject({ folder: empty.folder }), { code: "project.not_found" });
});

Deno.test("makes the same package in every format, which its output's name tells too", async () => {
  await using project = await writeBackendProject(FILES);
  await using output = await writeProject({ x: "" });
  const digests = new Set<string>();
  for (const format of ["tar.gz", "zip", "oci"] as const) {
    const made = await packageProject({ folder: project.folder, output: output.folder, format });
    assert.deepEqual([made.path, made.format], [`${output.folder}/double-1.2.3.${format}`, format]);
    const verified = await readPackage(made.path);
    assert.deepEqual([verified.format, verified.size, verified.sha256], [format, made.size, made.sha256]);
    digests.add(verified.manifest.digest);
    const named = await packageProject({
      folder: project.folder,
      output: `${output.folder}/x.${format}`,
      dryRun: true,
    });
    assert.deepEqual([named.format, named.sha256, named.size], [format, made.sha256, made.size]);
    const again = await packageProject({
      folder: project.folder,
      output: made.path,
      format,
      expected: made.sha256,
    });
    assert.equal(again.path, made.path);
  }
  assert.equal(digests.size, 1);
});

Deno.test("writes nothing where the package does not come to the SHA-256 it must have", async () => {
  await using project = await writeBackendProject(FILES);
  await using output = await writeProject({ "old.zip": "old" });
  const { sha256 } = await packageProject({ folder: project.folder, format: "zip", dryRun: true });
  for (const name of ["new.tar.gz", "old.zip", "new.oci"]) {
    for (const dryRun of [false, true]) {
      const expected = "0".repeat(64);
      await assert.rejects(
        packageProject({ folder: project.folder, output: `${output.folder}/${name}`, expected, dryRun }),
        (error: Error & { code: string }) => {
          assert.equal(error.code, "check.digest_differs");
          assert.match(error.message, /must be 0{64}: current value is [0-9a-f]{64}$/);
          return name !== "old.zip" || error.message.includes(sha256);
        },
      );
    }
  }
  assert.deepEqual([...paths(output.folder)], ["old.zip"]);
  assert.equal(await Deno.readTextFile(`${output.folder}/old.zip`), "old");
});

Deno.test("warns of what goes in against a pattern", async () => {
  await using project = await writeBackendProject({ ...FILES, ".gitignore": "src/\n" });
  const { warnings } = await packageProject({ folder: project.folder, dryRun: true });
  assert.deepEqual(warnings.map(({ code, message }) => `${code} ${message}`), [
    'check.kept_in Kept "src/double.ts" in as the package needs it, although .gitignore:1 names it',
  ]);
});

Deno.test("says where it cannot write, and leaves nothing behind", async () => {
  await using project = await writeBackendProject(FILES);
  const write = (output: string) => packageProject({ folder: project.folder, output });
  for (
    const output of ["gone/x.tar.gz", "inference.ts/x.tar.gz"].map((path) => `${project.folder}/${path}`)
  ) {
    await assert.rejects(write(output), { code: "sink.not_writable" }, output);
  }
  await assert.rejects(write("/dev/null"), {
    code: "sink.not_writable",
    message: /must be a file or a folder/,
  });
  await assert.rejects(write("/proc/x.tar.gz"), { code: "sink.not_writable" });
  assert.equal([...paths(project.folder)].some((path) => path.endsWith(".tmp")), false);
});

function* paths(folder: string, prefix = ""): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(`${folder}/${prefix}`)) {
    if (isDirectory) yield* paths(folder, `${prefix}${name}/`);
    else yield `${prefix}${name}`;
  }
}
