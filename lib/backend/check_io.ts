import { PackflowError } from "../base/errors.ts";
import { type EventRecord, isObject, type JsonObject, kindOf } from "../base/json.ts";
import type { BackendPipeline } from "./backend_pipeline.ts";

/** Results may differ by rounding between batch sizes: kernels add in another order. */
const TOLERANCE = 1e-5;

/** Deeper results are refused: they break `postMessage` and many JSON readers. */
const MAX_DEPTH = 512;

/** Checks a backend's promises on sample events; returns the results. See `InferenceBackend.checkIo`. */
export async function checkIo(
  pipeline: BackendPipeline,
  sample: EventRecord | readonly EventRecord[],
  outputKeys: readonly string[],
): Promise<JsonObject | JsonObject[]> {
  const before = JSON.stringify(sample);
  await pipeline.reset();
  const { output } = await pipeline.infer(sample);
  const events: readonly EventRecord[] = Array.isArray(sample) ? sample : [sample];
  const results = Array.isArray(output) ? output : [output];
  results.forEach((result, index) => checkResult(result, index));
  checkOutputKeys(results, outputKeys);
  checkUnchanged(events, before, Array.isArray(sample));
  await pipeline.reset();
  for (const [index, event] of events.entries()) {
    const single = (await pipeline.infer(event)).output;
    const path = firstDifference(results[index], single, "");
    if (path === undefined) continue;
    throw failure({ index, path }, "its answer in a batch must equal its answer alone", "they differ");
  }
  await pipeline.reset();
  return output;
}

function checkResult(result: unknown, index: number): void {
  if (!isPlainObject(result)) {
    throw failure(
      { index, path: "" },
      "its result must be a plain object",
      `current value is ${describe(result)}`,
    );
  }
  checkJson(result, { index, path: "", parents: [] });
}

/** Where in a result a value is. */
interface Spot {
  /** The event's index. */
  readonly index: number;
  readonly path: string;
  /** The objects and arrays around it. */
  readonly parents: readonly unknown[];
}

function checkJson(value: unknown, spot: Spot): void {
  if (value === null || typeof value === "string" || typeof value === "boolean") return;
  const { index, path, parents } = spot;
  if (typeof value === "number") {
    if (Number.isFinite(value)) return;
    throw failure(spot, "numbers in a result must be finite", `current value is ${value}`);
  }
  if (parents.length > MAX_DEPTH || parents.includes(value)) {
    throw failure(spot, `a result must nest at most ${MAX_DEPTH} levels`, "it is deeper or cyclic");
  }
  const inside = [...parents, value];
  if (Array.isArray(value)) {
    value.forEach((item, at) => checkJson(item, { index, path: `${path}[${at}]`, parents: inside }));
  } else if (isPlainObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      checkJson(item, { index, path: path === "" ? key : `${path}.${key}`, parents: inside });
    }
  } else {
    throw failure(spot, "a result must hold JSON values only", `current value is ${describe(value)}`);
  }
}

function checkOutputKeys(results: readonly JsonObject[], outputKeys: readonly string[]): void {
  if (results.length === 0) return;
  const missing = outputKeys.filter((key) => !results.some((result) => Object.hasOwn(result, key)));
  if (missing.length === 0) return;
  throw new PackflowError(
    "check.io",
    `Cannot accept the results as they must have the keys of outputKeys: missing "${missing.join('", "')}"`,
  );
}

function checkUnchanged(events: readonly EventRecord[], before: string, batch: boolean): void {
  const was: unknown = JSON.parse(before);
  const wasEvents: unknown[] = batch && Array.isArray(was) ? was : [was];
  for (const [index, event] of events.entries()) {
    const path = firstDifference(wasEvents[index], event, "");
    if (path === undefined) continue;
    throw failure({ index, path }, "a backend must leave its input as it was", "it was changed");
  }
}

/** The path of the first place where two JSON values differ beyond rounding; undefined where they agree. */
function firstDifference(a: unknown, b: unknown, path: string): string | undefined {
  if (typeof a === "number" && typeof b === "number") {
    const close = Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(a), Math.abs(b));
    return close ? undefined : path;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return path;
    return firstDefined(a.map((_, at) => at), (at) => firstDifference(a[at], b[at], `${path}[${at}]`));
  }
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    const strangers = Object.keys(b).find((key) => !Object.hasOwn(a, key));
    const at = (key: string) => (path === "" ? key : `${path}.${key}`);
    if (strangers !== undefined) return at(strangers);
    return firstDefined(
      keys,
      (key) => firstDifference(a[key], Object.hasOwn(b, key) ? b[key] : undefined, at(key)),
    );
  }
  return Object.is(a, b) ? undefined : path;
}

function firstDefined<Item, Found>(
  items: readonly Item[],
  find: (item: Item) => Found | undefined,
): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describe(value: unknown): string {
  if (isObject(value)) return `an instance of ${value.constructor?.name ?? "an unknown class"}`;
  return kindOf(value);
}

function failure(spot: Pick<Spot, "index" | "path">, rule: string, current: string): PackflowError {
  const { index, path } = spot;
  const where = path === "" ? "" : ` at "${path}"`;
  return new PackflowError("check.io", `Cannot accept event ${index}${where} as ${rule}: ${current}`, {
    place: { eventIndex: index, ...(path === "" ? {} : { field: path }) },
  });
}
