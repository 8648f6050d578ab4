import type { JsonObject } from "../../lib/base/json.ts";
import { BackendConfig } from "../../lib/config/backend_config.ts";
import { resolveLayers } from "../../lib/config/resolve_config.ts";
import { z } from "../../lib/deps/zod.ts";
import { camelCase, ourConfig } from "./decode.ts";
import { configHierarchyDifferences } from "./differences.ts";
import { type ParityCase, runParity } from "./parity.ts";

const MODELS: Record<string, z.ZodType<Record<string, unknown>>> = {
  base: BackendConfig,
  extended: BackendConfig.extend({
    thresholds: z.record(z.string(), z.unknown()).default({ low: 1, high: 9 }),
    labels: z.array(z.string()).default(["a", "b"]),
    note: z.string().default("default"),
  }),
  required: BackendConfig.extend({ modelPath: z.string(), topK: z.number().int().default(3) }),
};

/** Options that the original does not have. */
const OUR_OWN = ["onMissing", "tensorType"];

Deno.test("options come from the layers that the original takes them from", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await runParity({
      file: "config_hierarchy",
      adapter: (test) => resolve(test, folder),
      differences: configHierarchyDifferences,
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

async function resolve(test: ParityCase, folder: string): Promise<unknown> {
  const { backend_config: manifest, kwargs, file } = test.input;
  const schema = MODELS[test.raw.model];
  if (schema === undefined) throw new Error(`Cannot run the case as there is no model "${test.raw.model}"`);
  const config = await resolveLayers(schema, {
    ...(manifest ? { manifest: ourConfig(manifest) as JsonObject } : {}),
    args: ourConfig(kwargs) as JsonObject,
    overrideFile: await writeOverride(file, folder),
  });
  // The version that read the override file had no outputKeys yet.
  const extra = test.group === "env_file" ? [...OUR_OWN, "outputKeys"] : OUR_OWN;
  return Object.fromEntries(
    Object.entries(config)
      .filter(([name]) => !extra.includes(name))
      .map(([name, value]) => [snakeCase(name), value === "tensor" ? "numpy" : value]),
  );
}

async function writeOverride(file: { kind: string; text?: string } | null | undefined, folder: string) {
  if (!file) return undefined;
  if (file.kind === "empty-var") return "";
  if (file.kind === "directory") return folder;
  if (file.kind === "missing") return `${folder}/none.json`;
  const ours = (file.text ?? "").replace(/"[a-z_]+"(?=:)/g, camelCase).replace('"numpy"', '"tensor"');
  await Deno.writeTextFile(`${folder}/config.json`, ours);
  return `${folder}/config.json`;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
