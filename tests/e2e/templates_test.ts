/** What `packflow create` leaves for editors, `deno` and `tsc` works offline; tests/e2e/lifecycle_test.ts runs the projects. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { isObject, type JsonObject } from "../../lib/base/json.ts";
import { parseJsonWithComments } from "../../lib/config/json_with_comments.ts";
import { TEMPLATE_NAMES } from "../../lib/project/templates.ts";
import { schemaProblems } from "../helpers/json_schema.ts";
import { modelFixture } from "../helpers/model_fixture.ts";
import { packflowTests, testFromSource } from "../helpers/packflow.ts";

const test = await packflowTests();

const FROM_MODEL = ["--from", join((await modelFixture("shuttle")).folder, "model.onnx")];
const STARTS = [...TEMPLATE_NAMES.map((name) => ["--template", name]), FROM_MODEL];

/** The manifest of a project, and the schema that editors find through it. */
async function readManifest(folder: string): Promise<{ manifest: JsonObject; schema: JsonObject }> {
  const { value: manifest } = parseJsonWithComments(await Deno.readTextFile(join(folder, "packflow.jsonc")));
  assert.ok(isObject(manifest) && typeof manifest.$schema === "string");
  assert.match(manifest.$schema, /^\.\//, "no editor needs the network for it");
  const schema = JSON.parse(await Deno.readTextFile(join(folder, manifest.$schema)));
  return { manifest: manifest as JsonObject, schema };
}

test(
  "every scaffold has the schema that packflow schema prints, and a manifest that fits it",
  async (packflow, cwd) => {
    const printed = JSON.parse((await packflow.run(["schema"], { cwd })).stdout);
    for (const [index, start] of STARTS.entries()) {
      await packflow.run(["create", `p${index}`, ...start], { cwd });
      const { manifest, schema } = await readManifest(join(cwd, `p${index}`));
      assert.deepEqual(schema, printed);
      assert.deepEqual(schemaProblems(schema, manifest), [], start.join(" "));
    }
  },
);

testFromSource(
  "an editor tells what is wrong with a manifest, as packflow validate does",
  async (packflow, cwd) => {
    await packflow.run(["create", "mine", "--template", "onnx"], { cwd });
    const folder = join(cwd, "mine");
    const { manifest, schema } = await readManifest(folder);
    const { name: _, ...nameless } = manifest;
    const config = manifest.config as JsonObject;
    const broken: readonly (readonly [JsonObject, RegExp])[] = [
      [nameless, /^must have required property 'name'$/],
      [{ ...manifest, name: "1st" }, /^\/name must match pattern/],
      [{ ...manifest, verison: "1.0.0" }, /^must NOT have additional properties$/],
      [{ ...manifest, version: "1.0" }, /^\/version must match pattern/],
      [{ ...manifest, maintainers: "me" }, /^\/maintainers must be array$/],
      [{ ...manifest, run: { workers: 0 } }, /^\/run\/workers must be >= 1$/],
      [{ ...manifest, backend: "inference.py" }, /^\/backend must match pattern/],
      [{ ...manifest, config: { ...config, device: "cpu" } }, /^\/config\/device must be equal to one of/],
      [
        { ...manifest, config: { ...config, featureName: [] } },
        /^\/config must NOT have additional properties$/,
      ],
      [{ ...manifest, config: { featureNames: [] } }, /^\/config must have required property 'model'$/],
    ];
    for (const [wrong, problem] of broken) {
      assert.match(schemaProblems(schema, wrong)[0] ?? "nothing", problem);
      await Deno.writeTextFile(join(folder, "packflow.jsonc"), JSON.stringify(wrong));
      await packflow.run(["validate"], { cwd: folder, code: "any" }).then(({ code }) => {
        assert.notEqual(code, 0, `packflow validate takes ${JSON.stringify(wrong)}`);
      });
    }
    const own = {
      ...manifest,
      backend: "inference.ts:Backend",
      config: { threshold: 0.5, onMissing: "null" },
    };
    assert.deepEqual(schemaProblems(schema, own), [], "a backend may have options of its own");
  },
);

for (const template of ["minimal", "typescript", "stateful"]) {
  testFromSource(
    `${template} passes deno and tsc with an empty cache and no network`,
    async (packflow, cwd) => {
      await packflow.run(["create", "mine", "--template", template], { cwd });
      const run = async (...args: string[]) => {
        const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
          args,
          cwd: join(cwd, "mine"),
          // a proxy that is not there stands for no network
          env: { DENO_DIR: join(cwd, "cache"), HTTPS_PROXY: "http://127.0.0.1:9", NO_COLOR: "1" },
        }).output();
        const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
        assert.equal(code, 0, `${template}: deno ${args.join(" ")}: ${said}`);
        assert.doesNotMatch(said, /Download/);
      };
      for (const args of [["check", "."], ["test", "--no-prompt"], ["fmt", "--check"], ["lint"]]) {
        await run(...args);
      }
      await checkWithTsc(join(cwd, "mine"));
    },
  );
}

/** The project as an editor without Deno sees it. */
async function checkWithTsc(folder: string): Promise<void> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--no-config", "npm:typescript@6.0.3/tsc", "--project", folder],
  }).output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.equal(code, 0, `tsc: ${said}`);
}
