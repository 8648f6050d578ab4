import { PackflowError } from "../base/errors.ts";
import { type EventRecord, isObject, type JsonObject, type JsonValue, kindOf } from "../base/json.ts";
import { getOwn, setOwn } from "../base/own_keys.ts";

/** A field's path, split once. */
export interface FieldPath {
  /** The path as it was written. */
  readonly name: string;
  /** The keys to follow, from the outside in. */
  readonly segments: readonly string[];
  /** Keys that hold the delimiter and lie on this path: reading past one would miss it without a word. */
  readonly hiddenKeys: readonly { readonly depth: number; readonly key: string }[];
}

/** Splits a path; without a delimiter the name is one key. */
export function parsePath(name: string, delimiter?: string): FieldPath {
  const segments = delimiter === undefined ? [name] : name.split(delimiter);
  const hiddenKeys = segments.flatMap((_, depth) =>
    segments.slice(depth + 1).map((_, more) => ({
      depth,
      key: segments.slice(depth, depth + more + 2).join(delimiter),
    }))
  );
  return { name, segments, hiddenKeys };
}

/**
 * The value at a path, undefined where the record has none. Objects are followed, arrays are not.
 *
 * @param keysFirst What to do about a key that is itself spelt like the path: true reads it first, unless it holds
 * null; false refuses it, as nobody can tell which field was meant.
 * @throws {PackflowError} `event.delimiter_collision`.
 */
export function readPath(record: EventRecord, path: FieldPath, keysFirst: boolean): JsonValue | undefined {
  if (path.segments.length === 1) return getOwn(record, path.name);
  const literal = getOwn(record, path.name);
  if (literal !== undefined) {
    if (!keysFirst) throw collision(path, path.name);
    if (literal !== null) return literal;
  }
  const value = followPath(record, path.segments);
  if (value !== undefined) return value;
  if (!keysFirst) refuseHiddenKeys(record, path);
  return literal;
}

/** The value that the keys lead to, from the outside in. */
export function followPath(record: EventRecord, segments: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = record;
  for (let depth = 0; depth < segments.length; depth++) {
    if (!isObject(value)) return undefined;
    value = getOwn<JsonValue>(value, segments[depth] ?? "");
  }
  return value;
}

/** Whether one path lies inside the field that the other names. */
export function isInside(path: FieldPath, outer: FieldPath): boolean {
  return path.segments.length > outer.segments.length &&
    outer.segments.every((segment, depth) => path.segments[depth] === segment);
}

/**
 * The value of a field, by its path.
 *
 * @param record An event. A key that is spelt like the whole path is found before the path is followed,
 * unless it holds null.
 * @param path Keys from the outside in, such as `source.ip` or `["source", "ip"]`; elements of arrays have no path.
 * @param delimiter What separates the keys of a path that is text.
 * @returns The value; undefined where the record has no such field, null where it holds null.
 * @throws {PackflowError} `event.not_object` where the record is no object.
 *
 * @example
 * ```ts
 * import { getField } from "packflow";
 *
 * const event = { source: { ip: "10.0.0.1" } };
 * console.assert(getField(event, "source.ip") === "10.0.0.1");
 * console.assert(getField(event, "source/ip", "/") === "10.0.0.1");
 * console.assert(getField(event, ["source", "port"]) === undefined);
 * ```
 */
export function getField(
  record: EventRecord,
  path: string | readonly string[],
  delimiter = ".",
): JsonValue | undefined {
  if (!isObject(record)) throw notObject(record);
  if (typeof path !== "string") return followPath(record, path);
  const literal = getOwn<JsonValue>(record, path);
  const found = literal !== undefined && literal !== null;
  if (found || delimiter === "" || !path.includes(delimiter)) return literal;
  const value = followPath(record, path.split(delimiter));
  return value === undefined ? literal : value;
}

/**
 * A copy of a record with one field set, by its path. Objects on the way are made where they are missing.
 *
 * @param record An event. It is not changed; parts that the path does not touch are shared with the copy.
 * @param path Keys from the outside in: text such as `source.ip`, or the keys, such as `["source", "ip"]`, where one
 * holds a dot.
 * @param value The field's new value.
 * @throws {PackflowError} `event.not_object` where the record, or a value on the way, is no object.
 *
 * @example
 * ```ts
 * import { setField } from "packflow";
 *
 * const event = { source: { ip: "10.0.0.1" } };
 * const more = setField(event, "source.port", 443);
 * console.assert(JSON.stringify(more) === '{"source":{"ip":"10.0.0.1","port":443}}');
 * console.assert(JSON.stringify(event) === '{"source":{"ip":"10.0.0.1"}}');
 * ```
 */
export function setField(
  record: EventRecord,
  path: string | readonly string[],
  value: JsonValue,
): EventRecord {
  if (!isObject(record)) throw notObject(record);
  const keys = typeof path === "string" ? path.split(".") : path;
  const copy: JsonObject = { ...record };
  let inner = copy;
  for (const [depth, key] of keys.slice(0, -1).entries()) {
    const below = getOwn(inner, key);
    if (below !== undefined && !isObject(below)) throw blocked(keys, depth, below);
    const next: JsonObject = { ...below };
    setOwn<JsonValue>(inner, key, next);
    inner = next;
  }
  const last = keys.at(-1);
  if (last !== undefined) setOwn(inner, last, value);
  return copy;
}

function refuseHiddenKeys(record: EventRecord, path: FieldPath): void {
  for (const { depth, key } of path.hiddenKeys) {
    const holder = followPath(record, path.segments.slice(0, depth));
    if (isObject(holder) && Object.hasOwn(holder, key)) throw collision(path, key);
  }
}

function collision(path: FieldPath, key: string): PackflowError {
  return new PackflowError(
    "event.delimiter_collision",
    `Cannot read field "${path.name}" as no key may hold the delimiter of paths: the event has the key "${key}"`,
    { place: { field: path.name } },
  );
}

function notObject(value: unknown): PackflowError {
  return new PackflowError(
    "event.not_object",
    `Cannot use the event as it must be an object: current value is ${kindOf(value)}`,
  );
}

function blocked(keys: readonly string[], depth: number, value: JsonValue): PackflowError {
  const at = keys.slice(0, depth + 1).join(".");
  return new PackflowError(
    "event.not_object",
    `Cannot set field "${keys.join(".")}" as "${at}" must be an object: current value is ${kindOf(value)}`,
    { place: { field: at } },
  );
}
