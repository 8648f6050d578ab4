import type { EventRecord, JsonObject } from "../../lib/base/json.ts";
import { ensureValidOutput, toNative } from "../../lib/base/native_types.ts";
import { BackendConfig } from "../../lib/config/backend_config.ts";
import { parseBackendReference } from "../../lib/config/backend_reference.ts";
import { resolveLayers } from "../../lib/config/resolve_config.ts";
import { getField, setField } from "../../lib/preprocess/field_path.ts";
import { flattenRecord } from "../../lib/preprocess/flatten.ts";
import { createPreprocessor } from "../../lib/preprocess/preprocessor.ts";
import { utilsDifferences } from "./differences.ts";
import { runParity } from "./parity.ts";

// deno-lint-ignore no-explicit-any
type Utility = (args: any[], named: Record<string, any>) => unknown;

/** What ours is called for each function of the original. Ours says undefined for a field that is not there. */
const UTILITIES: Record<string, Utility> = {
  get_nested_field: ([record, path], { delimiter }) => getField(record, path, delimiter) ?? null,
  get_nested_field_direct: ([record, path, delimiter]) => getField(record, path, delimiter) ?? null,
  set_nested_field_direct: ([record, path, value, delimiter]) =>
    setField(record, delimiter === undefined ? path : path.split(delimiter), value),
  flatten_dict: ([record], { delimiter = ".", flattenLists = false }) =>
    flattenRecord(record, { delimiter, lists: flattenLists }),
  flatten_records: ([records], { delimiter = ".", flattenLists = false }) =>
    preprocess(records, { flattenNestedInputs: true, nestedFieldDelimiter: delimiter, flattenLists }),
  records_to_ndarray: ([records, featureNames], { dtype = "float64" }) =>
    preprocess(records, { inputFormat: "tensor", featureNames, tensorType: dtype }),
  ensure_native_types: ([value]) => toNative(value),
  ensure_valid_output: ([output], { parentKey }) => ensureValidOutput(output, parentKey),
  inference_backend_parts: ([text]) => {
    const reference = parseBackendReference(text);
    return reference.kind === "module" ? [reference.module, reference.name] : reference;
  },
};

async function preprocess(records: EventRecord[], args: JsonObject): Promise<unknown> {
  const config = await resolveLayers(BackendConfig, { args, overrideFile: undefined });
  return createPreprocessor(config).process(records);
}

Deno.test("the helpers for fields and results act as the original's do", () =>
  runParity({
    file: "utils",
    adapter: (test) => {
      const utility = UTILITIES[test.fn ?? ""];
      if (utility === undefined) {
        throw new Error(`Cannot run the case as there is no counterpart of "${test.fn}"`);
      }
      return utility(test.input, test.config);
    },
    differences: utilsDifferences,
  }));
