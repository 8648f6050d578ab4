import type { EventRecord } from "../../lib/base/json.ts";
import { resolveLayers } from "../../lib/config/resolve_config.ts";
import { BackendConfig } from "../../lib/config/backend_config.ts";
import { createPreprocessor } from "../../lib/preprocess/preprocessor.ts";
import { recordsDifferences } from "./differences.ts";
import { runParity } from "./parity.ts";

Deno.test("the records format prepares events as the original does", () =>
  runParity({
    file: "records_preprocessor",
    adapter: async (test) => {
      const args = { ...test.config, inputFormat: "records" };
      const config = await resolveLayers(BackendConfig, { args, overrideFile: undefined });
      return createPreprocessor(config).process(test.input as EventRecord[]);
    },
    differences: recordsDifferences,
  }));
