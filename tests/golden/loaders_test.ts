import { messageOf, PackflowError } from "../../lib/base/errors.ts";
import type { JsonObject } from "../../lib/base/json.ts";
import { loadBackend } from "../../lib/loader/load_backend.ts";
import { writeProject } from "../helpers/project_fixture.ts";
import { loadersDifferences } from "./differences.ts";
import { ourConfig } from "./decode.ts";
import { type ParityCase, runParity } from "./parity.ts";

const OK = `import { InferenceBackend, type Records } from "packflow";
export class Backend extends InferenceBackend {
  override execute(inputs: Records) { return inputs; }
}
`;

/** The modules of the vectors as TypeScript. */
const MODULES: Readonly<Record<string, string>> = {
  ok: OK,
  instance: `${OK}export const backend = await Backend.create({ config: { featureNames: ["pre"] } });`,
  not_backend: "export class Backend {}",
  function: "export function Backend() {}",
  value: "export const Backend = 5;",
  none: "export const Backend = null;",
  syntax_error: "export class Backend extends {",
  throws_on_import: 'throw new Error("import boom");',
  missing_dependency: 'import "no-such-package-xyz";',
  init_throws: OK.replace(
    "override execute",
    'override initialize() { throw new Error("init boom"); }\n  override execute',
  ),
  abstract: OK.replace(/ {2}override execute.*\n/, ""),
  sibling_import: `import "./helper_mod.ts";\n${OK}`,
  helper: "export const helper = 1;",
  empty: "",
};

/** "pkg.mod:Backend" as ours: "pkg/mod.ts:Backend". */
function ourReference(path: string): string {
  const [module = "", name = ""] = path.split(":");
  return `${module.replaceAll(".", "/")}.ts:${name}`;
}

function ourManifest(yaml: Readonly<Record<string, unknown>>): string {
  const { inference_backend, backend_config, loader, ...rest } = yaml;
  return JSON.stringify({
    ...rest,
    ...(typeof inference_backend === "string" ? { backend: ourReference(inference_backend) } : {}),
    ...(backend_config === undefined ? {} : { config: ourConfig(backend_config as JsonObject) }),
    // One way to load takes the place of both of the original's; any other value stays an error.
    ...(loader === undefined || loader === "local" || loader === "module" ? {} : { loader }),
  });
}

async function adapter({ op, input, config }: ParityCase): Promise<unknown> {
  const files: Record<string, string> = {};
  for (const [path, module] of Object.entries<string>(input.files)) {
    files[path.replace(/\.py$/, ".ts")] = MODULES[module] ?? `throw new Error("no module ${module}");`;
  }
  if (op !== "from_project") files["packflow.jsonc"] = '{ "name": "p" }';
  else if (input.yaml !== null) files["packflow.jsonc"] = ourManifest(input.yaml);
  await using project = await writeProject(files);
  try {
    await using backend = await loadBackend(project.folder, {
      config: config as JsonObject,
      ...(input.path === null ? {} : { reference: ourReference(input.path) }),
    });
    return {
      class_name: backend.constructor.name,
      feature_names: backend.config.featureNames,
      call: await backend.infer([{ pre: 1, q: 2 }]),
    };
  } catch (error) {
    if (!(error instanceof PackflowError)) throw error;
    throw new PackflowError(error.code, messageOf(error).replaceAll("packflow.jsonc", "packflow.yaml"));
  }
}

Deno.test("loading acts like the original's loaders", () =>
  runParity({
    file: "loaders",
    adapter,
    differences: loadersDifferences,
    errorClasses: { config_error: ["config", "manifest"] },
  }));
