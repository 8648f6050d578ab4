import assert from "node:assert/strict";
import * as packflow from "packflow";

Deno.test("the SDK exports these names, and changes them on purpose only", () => {
  assert.deepEqual(Object.keys(packflow).sort(), [
    "BackendConfig",
    "ERROR_CODES",
    "InferenceBackend",
    "OnnxBackend",
    "OnnxConfig",
    "PackflowError",
    "ensureValidOutput",
    "flattenRecord",
    "getField",
    "loadBackend",
    "setField",
    "toNative",
    "z",
  ]);
});
