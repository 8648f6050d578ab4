import type { ErrorCode } from "./error_codes.ts";
import { PackflowError } from "./errors.ts";
import { isObject, type JsonObject, type JsonValue, kindOf } from "./json.ts";
import { setOwn } from "./own_keys.ts";

/** How many levels of objects and arrays a value may nest. */
export const MAX_DEPTH = 512;

/** The arrays of the language whose elements are numbers. */
type NumberArray = ArrayBufferView & ArrayLike<number | bigint> & { map: unknown };

/**
 * Turns the numeric types of JavaScript into plain JSON values: typed arrays into arrays, tensors (`{data, shape}` with
 * a typed array in `data`) into nested arrays, sets into arrays, a bigint into a number if that keeps its value.
 * Other values stay as they are, and what needs no change is returned itself, not copied.
 *
 * NaN and Infinity pass, though JSON has no notation for them: `checkIo` refuses them.
 *
 * @param value Anything, such as what an inference hook returns. It is not changed.
 * @throws {PackflowError} `backend.not_json` for undefined, functions, dates, instances of classes, bigints beyond
 * 2^53, values that hold themselves or nest deeper than 512 levels; the place's `field` is the path to it.
 *
 * @example
 * ```ts
 * import { toNative } from "packflow";
 *
 * const tensor = { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] };
 * console.assert(JSON.stringify(toNative({ tensor, id: 7n })) === '{"tensor":[[1,2],[3,4]],"id":7}');
 * ```
 */
export function toNative(value: unknown): JsonValue {
  return convert(value, [], value);
}

/**
 * The records in what an `execute` returned: one object per event. An object stays, a list of one element gives that
 * element, and what is no object then goes under `key`.
 *
 * @param output An array, a typed array or a tensor, one element per event.
 * @param key The name for results that are not objects.
 * @throws {PackflowError} `backend.wrong_output` where `output` is no list, otherwise as {@linkcode toNative}.
 *
 * @example
 * ```ts
 * import { ensureValidOutput } from "packflow";
 *
 * const scores = ensureValidOutput(Float32Array.of(0.25, 0.5), "score");
 * console.assert(JSON.stringify(scores) === '[{"score":0.25},{"score":0.5}]');
 * ```
 */
export function ensureValidOutput(output: unknown, key = "output"): JsonObject[] {
  const rows = toNative(output);
  if (!Array.isArray(rows)) {
    const must = "they must be an array with one element per event";
    throw refusal(`results as ${must}: ${currently(output)}`, [], "backend.wrong_output");
  }
  return rows.map((row) => {
    if (isObject(row)) return row;
    const single = Array.isArray(row) && row.length === 1 ? row[0] : row;
    const record: JsonObject = {};
    setOwn<JsonValue>(record, key, single ?? null);
    return record;
  });
}

function convert(value: unknown, path: string[], root: unknown): JsonValue {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return value;
    case "bigint":
      return safeNumber(value, path);
    case "object":
      return value === null ? null : convertObject(value, path, root);
    default:
      throw refusal(`${named(path)} as it must be a JSON value: ${currently(value)}`, path);
  }
}

function convertObject(value: object, path: string[], root: unknown): JsonValue {
  if (path.length >= MAX_DEPTH) throw tooDeep(root);
  if (Array.isArray(value)) return convertItems(value, path, root);
  if (isNumberArray(value)) return numbersOf(value, path);
  if (value instanceof Set) return convertItems([...value], path, root);
  const tensor = asTensor(value);
  if (tensor !== undefined) return nest(numbersOf(tensor.data, path), tensor.shape);
  if (!isPlainObject(value)) {
    throw refusal(`${named(path)} as it must be a JSON value: ${currently(value)}`, path);
  }
  return convertFields(value, path, root);
}

function convertItems(items: readonly unknown[], path: string[], root: unknown): JsonValue[] {
  let changed: JsonValue[] | undefined;
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (isScalar(item)) {
      changed?.push(item);
      continue;
    }
    path.push(String(index));
    const native = convert(item, path, root);
    path.pop();
    // Until the first change the items so far are native as they are.
    if (changed === undefined && native !== item) changed = items.slice(0, index) as JsonValue[];
    changed?.push(native);
  }
  return changed ?? (items as JsonValue[]);
}

function convertFields(fields: Record<string, unknown>, path: string[], root: unknown): JsonObject {
  let changed: JsonObject | undefined;
  for (const key of Object.keys(fields)) {
    const field = fields[key];
    if (isScalar(field)) continue;
    path.push(key);
    const native = convert(field, path, root);
    path.pop();
    if (native === field) continue;
    changed ??= { ...fields } as JsonObject;
    setOwn<JsonValue>(changed, key, native);
  }
  return changed ?? (fields as JsonObject);
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return typeof value === "number" || typeof value === "string" || typeof value === "boolean" ||
    value === null;
}

function isNumberArray(value: unknown): value is NumberArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function numbersOf(array: NumberArray, path: readonly string[]): number[] {
  return Array.from(array, (item) => typeof item === "bigint" ? safeNumber(item, path) : item);
}

function safeNumber(value: bigint, path: readonly string[]): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw refusal(
    `${named(path)} as it must be at most 2^53 - 1 to be a number: current value is ${value}`,
    path,
  );
}

function asTensor(value: object): { data: NumberArray; shape: readonly number[] } | undefined {
  if (!("data" in value && "shape" in value) || !isNumberArray(value.data)) return undefined;
  const { data, shape } = value;
  if (!Array.isArray(shape) || !shape.every((size) => Number.isInteger(size) && size >= 0)) return undefined;
  return shape.reduce((product, size) => product * size, 1) === data.length ? { data, shape } : undefined;
}

function nest(flat: readonly number[], shape: readonly number[]): JsonValue {
  let level: JsonValue[] = [...flat];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 0;
    const count = shape.slice(0, axis).reduce((product, inner) => product * inner, 1);
    const below = level;
    level = Array.from({ length: count }, (_, index) => below.slice(index * size, (index + 1) * size));
  }
  return level[0] ?? null;
}

/** Plain in any realm: made by a literal, JSON.parse or Object.create(null). */
function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function refusal(what: string, path: readonly string[], code: ErrorCode = "backend.not_json"): PackflowError {
  return new PackflowError(
    code,
    `Cannot convert ${what}`,
    path.length === 0 ? {} : { place: { field: path.join(".") } },
  );
}

function named(path: readonly string[]): string {
  return path.length === 0 ? "the value" : `"${path.join(".")}"`;
}

function currently(value: unknown): string {
  const name = isObject(value) ? Object.getPrototypeOf(value)?.constructor?.name : undefined;
  const kind = kindOf(value);
  return `current value is ${name === undefined || name === "Object" ? kind : `an instance of ${name}`}`;
}

function tooDeep(root: unknown): PackflowError {
  return holdsItself(root, new Set())
    ? refusal("the value as it must not hold itself", [])
    : refusal(`the value as it must nest at most ${MAX_DEPTH} levels`, []);
}

/** Only asked once a value has proved too deep: looking out for cycles all along would slow every conversion. */
function holdsItself(value: unknown, above: Set<object>, cleared = new Set<object>()): boolean {
  if (typeof value !== "object" || value === null || cleared.has(value) || above.size > MAX_DEPTH) {
    return false;
  }
  if (above.has(value)) return true;
  above.add(value);
  const found = Object.values(value).some((inner) => holdsItself(inner, above, cleared));
  above.delete(value);
  cleared.add(value);
  return found;
}
