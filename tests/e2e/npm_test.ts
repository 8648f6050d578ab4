/** A project with real npm packages: one of ES modules, one of CommonJS that brings others along. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { cyclonedxProblems } from "../helpers/cyclonedx.ts";
import { type Packflow, packflowTests } from "../helpers/packflow.ts";

const test = await packflowTests();

const FILES = {
  "packflow.jsonc": '{ "name": "checked", "description": "Checks rows", "maintainers": ["ada"] }',
  "deno.json": '{ "imports": { "ajv": "npm:ajv@8.20.0", "d3-dsv": "npm:d3-dsv@3.0.2", "~/": "./src/" } }',
  "inference.ts": `import { InferenceBackend, type Records } from "packflow";
import { Ajv } from "ajv";
import { rowsOf } from "~/rows.ts";

const check = new Ajv().compile({ type: "object", required: ["a"], properties: { a: { pattern: "^[0-9]+$" } } });

export class Backend extends InferenceBackend {
  override execute(events: Records) {
    return events.map(({ text }) => {
      if (text === "boom") throw new Error("boom");
      const rows = rowsOf(String(text));
      return { rows: rows.length, valid: rows.filter((row) => check(row)).length };
    });
  }
}
`,
  "src/rows.ts": `import { dsvFormat } from "d3-dsv";
export const rowsOf = (text: string) => dsvFormat(";").parse(text);
`,
  "golden.ndjson": '{"input": {"text": "a;b\\n1;2\\nx;3"}, "output": {"rows": 2, "valid": 1}}\n',
  "README.md": "Checks rows",
  "MODEL_CARD.md": "Checks rows",
  "LICENSE": "None",
};

const EVENTS = '{"text":"a;b\\n1;2\\nx;3"}\n{"text":"a\\n7"}\n';
const ANSWERS = '{"rows":2,"valid":1}\n{"rows":1,"valid":1}\n';

/** Writes the project and installs its packages from Deno's cache, as a user does. */
async function writeNpmProject(folder: string): Promise<void> {
  for (const [path, text] of Object.entries(FILES)) {
    await Deno.mkdir(join(folder, path, ".."), { recursive: true });
    await Deno.writeTextFile(join(folder, path), text);
  }
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["install", "--quiet", "--node-modules-dir=auto"],
    cwd: folder,
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

async function packageOf(packflow: Packflow, folder: string, output: string): Promise<string> {
  const made = await packflow.json(["package", folder, "--output", output], { cwd: join(output, "..") });
  assert.equal(made.ok, true);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", await Deno.readFile(output))).toHex();
}

test("npm packages work in validate, test, run and package", async (packflow, cwd) => {
  const project = join(cwd, "project");
  await writeNpmProject(project);
  assert.deepEqual((await packflow.json(["validate", project], { cwd })).diagnostics, []);
  await packflow.run(["test", project], { cwd });
  const ran = await packflow.run(["run", project], { cwd, stdin: EVENTS });
  assert.equal(ran.stdout, ANSWERS);

  const first = await packageOf(packflow, project, join(cwd, "checked.tar.gz"));
  // gone, so that nothing but the package can bring the packages
  await Deno.remove(project, { recursive: true });
  // a proxy that nobody listens at, and an empty cache
  const env = {
    HTTP_PROXY: "http://127.0.0.1:9",
    HTTPS_PROXY: "http://127.0.0.1:9",
    DENO_NO_UPDATE_CHECK: "1",
  };
  const alone = await packflow.run(["run", "checked.tar.gz"], { cwd, stdin: EVENTS, env });
  assert.equal(alone.stdout, ANSWERS);

  await packflow.run(["unpack", "checked.tar.gz", "unpacked"], { cwd });
  assert.equal(await Deno.stat(join(cwd, "unpacked", "node_modules")).catch(() => "none"), "none");
  await packflow.run(["test", "unpacked"], { cwd });
  assert.equal(await packageOf(packflow, join(cwd, "unpacked"), join(cwd, "again.tar.gz")), first);

  const sbom = JSON.parse(await Deno.readTextFile(join(cwd, "unpacked", ".packflow", "sbom.cdx.json")));
  assert.deepEqual(await cyclonedxProblems(sbom), []);
  const purls = sbom.components.flatMap(({ purl }: { purl?: string }) => purl ?? []);
  assert.ok(purls.includes("pkg:npm/ajv@8.20.0") && purls.includes("pkg:npm/d3-dsv@3.0.2"), `${purls}`);
  assert.ok(purls.some((purl: string) => purl.startsWith("pkg:npm/fast-deep-equal@")), `${purls}`);
});

test("an error in a package still points at the project's own line", async (packflow, cwd) => {
  const project = join(cwd, "project");
  await writeNpmProject(project);
  await packageOf(packflow, project, join(cwd, "checked.tar.gz"));
  for (const path of [project, "checked.tar.gz"]) {
    const { stderr } = await packflow.run(["run", path], { cwd, stdin: '{"text":"boom"}\n', code: "any" });
    assert.match(stderr, /inference\.ts:10:34/, path);
  }
});

test(
  "what is missing or of another version is told with file, line and what to do",
  async (packflow, cwd) => {
    const project = join(cwd, "project");
    await writeNpmProject(project);
    const json = join(project, "node_modules", "d3-dsv", "package.json");
    const text = await Deno.readTextFile(json);
    await Deno.remove(json);
    await Deno.writeTextFile(json, text.replace('"version": "3.0.2"', '"version": "3.0.1"'));
    const changed = await packflow.json(["validate", project], { cwd, code: 1 });
    const [mismatch] = changed.diagnostics;
    assert.deepEqual([mismatch?.code, mismatch?.file, mismatch?.line], [
      "loader.lock_mismatch",
      "src/rows.ts",
      1,
    ]);
    await Deno.remove(join(project, "node_modules"), { recursive: true });
    const [missing] = (await packflow.json(["validate", project], { cwd, code: 1 })).diagnostics;
    assert.equal(missing?.code, "loader.not_installed");
    // modules are read side by side: either of those that miss a package may be the first
    assert.match(`${missing.file}:${missing.line}`, /^(inference\.ts:2|src\/rows\.ts:1)$/);
  },
);
