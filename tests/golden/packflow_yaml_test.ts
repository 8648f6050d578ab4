import { messageOf, PackflowError } from "../../lib/base/errors.ts";
import { isObject } from "../../lib/base/json.ts";
import { readManifest } from "../../lib/config/read_manifest.ts";
import { writeProject } from "../helpers/project_fixture.ts";
import { parseYaml } from "../helpers/yaml.ts";
import { packflowYamlDifferences } from "./differences.ts";
import { type ParityCase, runParity } from "./parity.ts";

/** The original's keys and ours; a key of the same name stands for itself. */
const OUR_KEYS: Readonly<Record<string, string>> = { inference_backend: "backend", backend_config: "config" };

/** The content of our packflow.jsonc that says the same as a packflow.yaml. */
function manifestText(yaml: string): string {
  const value: unknown = parseYaml(yaml, { version: "1.1" });
  if (!isObject(value)) return JSON.stringify(value) ?? "";
  const { loader: _loader, python_version: _python, ...rest } = value;
  const lines = Object.entries(rest).map(([key, inner]) => {
    const ours = key === "inference_backend" && typeof inner === "string" ? withExtension(inner) : inner;
    return `${JSON.stringify(OUR_KEYS[key] ?? key)}: ${JSON.stringify(ours)}`;
  });
  return `{\n${lines.join(",\n")}\n}`;
}

function withExtension(reference: string): string {
  return reference.replace(/^([^:]+):([^:]+)$/, "$1.ts:$2");
}

/** What is in the case's file, in our notation; undefined where there is none. */
function fileOf({ id, input, raw }: ParityCase): string | Uint8Array | undefined {
  if (raw.input_kind === "missing") return undefined;
  if (id === "invalid-utf8") return Uint8Array.of(0x7b, 0xff, 0x7d);
  // The parser merges keys that stand twice, as it must for its own rules; ours reads the text.
  if (id === "duplicate-key-last-wins") return '{ "name": "first", "name": "second" }';
  return manifestText(input);
}

/** Keys that the original does not have. */
const OUR_OWN = ["include", "exclude", "partitionBy", "permissions", "run"];

async function adapter(test: ParityCase): Promise<unknown> {
  const file = fileOf(test);
  const path = test.raw.input_kind === "directory" ? "packflow.jsonc/file" : "packflow.jsonc";
  await using project = await writeProject(file === undefined ? {} : { [path]: file });
  try {
    const manifest = await readManifest(project.folder);
    const { backend, config, ...rest } = manifest;
    const same = Object.fromEntries(Object.entries(rest).filter(([key]) => !OUR_OWN.includes(key)));
    const given = isObject(parseYaml(test.input)) ? parseYaml(test.input) : {};
    return {
      ...same,
      inference_backend: backend.replace(".ts:", ":"),
      backend_config: config,
      loader: given.loader ?? "local",
      python_version: given.python_version ?? "<runtime>",
    };
  } catch (error) {
    if (!(error instanceof PackflowError)) throw error;
    const message = messageOf(error).replaceAll('"backend"', '"inference_backend"').replaceAll(
      '"config"',
      '"backend_config"',
    ).replaceAll("packflow.jsonc", "packflow.yaml");
    throw new PackflowError(error.code, message);
  }
}

Deno.test("the rules of packflow.yaml hold for packflow.jsonc", () =>
  runParity({
    file: "packflow_yaml",
    adapter,
    differences: packflowYamlDifferences,
    errorClasses: { config_error: ["manifest"] },
  }));
