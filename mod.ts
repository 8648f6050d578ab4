/**
 * Packflow: write inference code once, serve a single event and a batch of events with it.
 *
 * @example
 * ```ts
 * import { InferenceBackend, type Records } from "packflow";
 *
 * export class Backend extends InferenceBackend {
 *   override execute(inputs: Records) {
 *     return inputs.map((event) => ({ suspicious: Number(event.bytes) > 1_000_000 }));
 *   }
 * }
 *
 * const backend = await Backend.create();
 * console.assert((await backend.infer({ bytes: 2_000_000 })).suspicious === true);
 * ```
 *
 * @module
 */

// Write a backend
export {
  type AnyBackend,
  type Awaitable,
  type BackendClass,
  type BackendContext,
  type BackendOptions,
  InferenceBackend,
} from "./lib/backend/inference_backend.ts";
export type { ExecutionTimes, InferenceMetrics } from "./lib/backend/metrics.ts";
export { BackendConfig } from "./lib/config/backend_config.ts";
export { z } from "./lib/deps/zod.ts";

// Run a model without code
export { OnnxBackend } from "./lib/backend/onnx_backend.ts";
export { type Device, OnnxConfig } from "./lib/config/onnx_config.ts";
export type { ModelOptions } from "./lib/onnx/devices.ts";
export type {
  NonTensorInfo,
  Session,
  Tensor,
  TensorData,
  TensorInfo,
  TensorType,
} from "./lib/onnx/session.ts";

// Load a project
export { loadBackend, type LoadBackendOptions } from "./lib/loader/load_backend.ts";

// Errors
export { type ErrorPlace, PackflowError, type PackflowErrorOptions } from "./lib/base/errors.ts";
export { ERROR_CODES, type ErrorCode } from "./lib/base/error_codes.ts";

// Events, fields, values
export type { EventRecord, JsonObject, JsonPrimitive, JsonValue, Records } from "./lib/base/json.ts";
export { ensureValidOutput, toNative } from "./lib/base/native_types.ts";
export { getField, setField } from "./lib/preprocess/field_path.ts";
export { type FlattenOptions, flattenRecord } from "./lib/preprocess/flatten.ts";
export type { TensorBatch } from "./lib/preprocess/tensor.ts";
