import type { EventRecord } from "../../lib/base/json.ts";
import { BackendConfig } from "../../lib/config/backend_config.ts";
import { resolveLayers } from "../../lib/config/resolve_config.ts";
import { createPreprocessor } from "../../lib/preprocess/preprocessor.ts";
import { tensorDifferences } from "./differences.ts";
import { runParity } from "./parity.ts";

// The original guesses an array type per batch; ours is asked for float64, which holds the same numbers.
Deno.test("the tensor format holds the numbers that the original's arrays hold", () =>
  runParity({
    file: "numpy_preprocessor",
    adapter: async (test) => {
      const args = { ...test.config, inputFormat: "tensor", tensorType: "float64" };
      const config = await resolveLayers(BackendConfig, { args, overrideFile: undefined });
      return createPreprocessor(config).process(test.input as EventRecord[]);
    },
    differences: tensorDifferences,
  }));
