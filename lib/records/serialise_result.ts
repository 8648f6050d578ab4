import { PackflowError } from "../base/errors.ts";
import { isObject, kindOf } from "../base/json.ts";
import { messageOf } from "../base/errors.ts";

/**
 * The JSON text of a result.
 *
 * @throws {PackflowError} `backend.not_json` unless it is an object that JSON can carry: NaN and Infinity, which
 * JSON.stringify turns into null, are refused with their path.
 */
export function serialiseResult(result: unknown): string {
  if (!isObject(result)) {
    throw notJson(`it must be an object: current value is of kind ${kindOf(result)}`);
  }
  let text: string | undefined;
  try {
    text = JSON.stringify(result);
  } catch (cause) {
    throw notJson(`it must be made of JSON values: ${messageOf(cause)}`, { cause });
  }
  if (text === undefined) throw notJson("it must be made of JSON values: current value has none");
  // Whatever JSON cannot carry has become null in the text, so most results need no walk.
  if (text.includes("null")) refuseLostValues(result);
  return text;
}

function refuseLostValues(result: object): void {
  const lost = findLostValue(result, "");
  if (lost === undefined) return;
  throw notJson(`"${lost.path}" must be a JSON value: current value is ${lost.value}`, { field: lost.path });
}

/** The first value inside that is not null but reads as null in JSON. JSON.stringify has ruled out cycles. */
function findLostValue(value: unknown, path: string): { path: string; value: string } | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : { path, value: String(value) };
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const lost = item === undefined || typeof item === "function" || typeof item === "symbol"
        ? { path: `${path}[${index}]`, value: typeof item }
        : findLostValue(item, `${path}[${index}]`);
      if (lost !== undefined) return lost;
    }
    return undefined;
  }
  if (!isObject(value)) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const lost = findLostValue(item, path === "" ? key : `${path}.${key}`);
    if (lost !== undefined) return lost;
  }
  return undefined;
}

function notJson(reason: string, { cause, field }: { cause?: unknown; field?: string } = {}): PackflowError {
  return new PackflowError("backend.not_json", `Cannot write the result as ${reason}`, {
    ...(cause === undefined ? {} : { cause }),
    ...(field === undefined ? {} : { place: { field } }),
  });
}
