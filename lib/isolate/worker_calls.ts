import type { AnyBackend } from "../backend/inference_backend.ts";
import { callHook } from "../backend/backend_pipeline.ts";
import { messageOf, PackflowError } from "../base/errors.ts";
import { isObject, type JsonObject, type JsonValue } from "../base/json.ts";
import { describeBackend } from "../oip/describe.ts";

/** What the main process asks a worker outside of a stream. */
export interface CallMessage {
  readonly op: "infer" | "checkIo" | "reset" | "describe";
  /** An event, or an array of events; null for `reset` and `describe`. */
  readonly payload: JsonValue;
}

/**
 * Answers a call inside the worker: results as a reader of the output stream gets them, undefined members gone and
 * dates as text; null for `checkIo` and `reset`, whose errors are all that matters; for `describe` a description of
 * the backend.
 */
export async function answerCall(backend: AnyBackend, { op, payload }: CallMessage): Promise<JsonValue> {
  if (op === "describe") return JSON.parse(JSON.stringify(describeBackend(backend)));
  if (op === "reset") {
    await callHook(backend, "reset", () => backend.reset?.());
    return null;
  }
  const input = isEvents(payload) ? payload : isObject(payload) ? payload : {};
  if (op === "checkIo") {
    await backend.checkIo(input);
    return null;
  }
  return jsonOf(await backend.infer(input));
}

/** That each is an object is for the backend to say. */
function isEvents(value: JsonValue): value is JsonObject[] {
  return Array.isArray(value);
}

function jsonOf(result: JsonObject | JsonObject[]): JsonValue {
  try {
    return JSON.parse(JSON.stringify(result, refuseNonFinite));
  } catch (cause) {
    throw new PackflowError("check.io", `Cannot write the result as JSON: ${messageOf(cause)}`, { cause });
  }
}

/** JSON.stringify writes NaN and Infinity as null, which would then count as right. */
function refuseNonFinite(key: string, value: unknown): unknown {
  if (typeof value !== "number" || Number.isFinite(value)) return value;
  throw new RangeError(`Numbers in a result must be finite: "${key}" is ${value}`);
}
