import assert from "node:assert/strict";
import { toFileUrl } from "../../lib/host/path.ts";
import { loadBackend } from "../../lib/loader/load_backend.ts";
import { packflowError } from "../helpers/packflow_error.ts";
import { writeProject } from "../helpers/project_fixture.ts";

const BACKEND = `import { BackendConfig, InferenceBackend, type Records, z } from "packflow";
const Config = BackendConfig.extend({ factor: z.number().default(2) });
export class Backend extends InferenceBackend<z.infer<typeof Config>> {
  static override config = Config;
  override execute(inputs: Records) {
    return inputs.map(({ x }) => ({ y: this.config.factor * Number(x), folder: this.folder }));
  }
}
export class Second extends InferenceBackend {
  override execute(inputs: Records) {
    return inputs.map(() => ({ second: true }));
  }
}
`;

function project(manifest: object, inference = BACKEND) {
  return writeProject({
    "packflow.jsonc": JSON.stringify({ name: "demo", ...manifest }),
    "inference.ts": inference,
  });
}

/** A project whose backend has these members. */
function projectWith(members: string) {
  return project(
    {},
    `import { InferenceBackend } from "packflow";\nexport class Backend extends InferenceBackend {\n${members}\n}\n`,
  );
}

Deno.test("loadBackend loads a project by folder, by manifest and by URL", async () => {
  await using demo = await project({});
  const file = `${demo.folder}/packflow.jsonc`;
  for (const path of [demo.folder, file, new URL(toFileUrl(demo.folder)), toFileUrl(file)]) {
    await using backend = await loadBackend(path);
    assert.deepEqual(await backend.infer({ x: 3 }), { y: 6, folder: demo.folder });
  }
});

Deno.test("options win over the manifest's config, which wins over defaults", async () => {
  await using demo = await project({ config: { factor: 10 } });
  assert.equal((await (await loadBackend(demo.folder)).infer({ x: 1 })).y, 10);
  assert.equal((await (await loadBackend(demo.folder, { config: { factor: 5 } })).infer({ x: 1 })).y, 5);
});

Deno.test("another backend of the project can be asked for", async () => {
  await using demo = await project({});
  const backend = await loadBackend(demo.folder, { reference: "inference.ts:Second" });
  assert.deepEqual(await backend.infer({}), { second: true });
  await packflowError(loadBackend(demo.folder, { reference: "nope" }), "backend.invalid_reference");
});

Deno.test("the backend that Packflow has needs no code", async () => {
  await using demo = await project({ backend: "packflow:OnnxBackend", config: { model: "nope.onnx" } });
  await packflowError(loadBackend(demo.folder), "model.not_found");
});

Deno.test("what is wrong with the project is told before any of its code runs", async () => {
  const code = 'Reflect.set(globalThis, "__ran", true); throw new Error("ran");';
  await using demo = await project({ versoin: "1.0.0" }, code);
  await packflowError(loadBackend(demo.folder), "manifest.invalid");
  await packflowError(loadBackend(`${demo.folder}/nope`), "project.not_found");
  assert.equal(Reflect.get(globalThis, "__ran"), undefined);
});

Deno.test("options that do not fit are told by their own error", async () => {
  await using demo = await project({});
  await packflowError(loadBackend(demo.folder, { config: { factor: "x" } }), "config.invalid");
});

Deno.test("a missing module, a missing export and a wrong one are told", async () => {
  await using demo = await project({ backend: "infrence.ts:Backend" });
  assert.match(
    (await packflowError(loadBackend(demo.folder), "backend.module_not_found")).message,
    /"inference\.ts"/,
  );
  const options = { reference: "inference.ts:Backed" };
  assert.match(
    (await packflowError(loadBackend(demo.folder, options), "backend.missing_export")).message,
    /"Backend"/,
  );
  await using other = await project({}, "export const Backend = 5;");
  await packflowError(loadBackend(other.folder), "backend.wrong_export");
});

Deno.test("a backend without execute is refused", async () => {
  await using demo = await projectWith("");
  await packflowError(loadBackend(demo.folder), "backend.wrong_export");
});

Deno.test("what initialize or the constructor throws has its place in the project's file", async () => {
  await using late = await projectWith(
    '  async initialize() {\n    throw new Error("init boom");\n  }\n  execute() {}',
  );
  const initialize = await packflowError(loadBackend(late.folder), "backend.initialize_failed");
  assert.match(initialize.message, /init boom/);
  assert.deepEqual(initialize.place, { hook: "initialize", file: "inference.ts", line: 4, column: 11 });
  await using early = await projectWith("  table = JSON.parse(5 as never).a.b;\n  execute() {}");
  const build = await packflowError(loadBackend(early.folder), "backend.initialize_failed");
  assert.match(build.message, /its constructor threw/);
  assert.equal(build.place.line, 3);
});
