import { PackflowError } from "../base/errors.ts";
import { type EventRecord, isObject, type JsonValue, kindOf } from "../base/json.ts";
import { MAX_DEPTH } from "../base/native_types.ts";
import { setOwn } from "../base/own_keys.ts";

/** How {@linkcode flattenRecord} makes paths. */
export interface FlattenOptions {
  /** What separates the keys of a path; "." when left out. */
  readonly delimiter?: string;
  /** Whether arrays are flattened too, their indexes being keys; false when left out. */
  readonly lists?: boolean;
}

/** The paths that a flat record should hold; anything else is passed over. */
export interface WantedPaths {
  readonly paths: ReadonlySet<string>;
  /** What every wanted path starts with, cut at each delimiter. */
  readonly starts: ReadonlySet<string>;
}

/**
 * A record without nested objects: each inner value under its path. Empty objects and arrays stay as values.
 *
 * @param record An event. It is not changed.
 * @throws {PackflowError} `event.not_object` where the record is no object, `event.delimiter_collision` where two
 * fields get one path, `event.too_deep` beyond 512 levels, `config.invalid` for an empty delimiter.
 *
 * @example
 * ```ts
 * import { flattenRecord } from "packflow";
 *
 * const event = { source: { ip: "10.0.0.1" }, ports: [80, 443] };
 * console.assert(JSON.stringify(flattenRecord(event)) === '{"source.ip":"10.0.0.1","ports":[80,443]}');
 * const flat = flattenRecord(event, { delimiter: "/", lists: true });
 * console.assert(JSON.stringify(flat) === '{"source/ip":"10.0.0.1","ports/0":80,"ports/1":443}');
 * ```
 */
export function flattenRecord(record: EventRecord, options: FlattenOptions = {}): EventRecord {
  const { delimiter = ".", lists = false } = options;
  if (delimiter === "") {
    throw new PackflowError("config.invalid", 'Cannot flatten with the delimiter "" as it must not be empty');
  }
  if (!isObject(record)) {
    throw new PackflowError(
      "event.not_object",
      `Cannot flatten the event as it must be an object: current value is ${kindOf(record)}`,
    );
  }
  return flatten(record, { delimiter, lists });
}

/** What a flat record is to hold, if not all. */
export function wantPaths(names: Iterable<string>, delimiter: string): WantedPaths {
  const paths = new Set(names);
  const starts = new Set<string>();
  for (const path of paths) {
    for (let at = path.indexOf(delimiter); at !== -1; at = path.indexOf(delimiter, at + 1)) {
      starts.add(path.slice(0, at));
    }
  }
  return { paths, starts };
}

/** Flattens a checked record; with `wanted`, no more than the wanted paths. */
export function flatten(
  record: EventRecord,
  how: Required<FlattenOptions>,
  wanted?: WantedPaths,
): EventRecord {
  const flat: EventRecord = {};
  collect(record, { how, wanted, flat, prefix: "", depth: 1 });
  return flat;
}

interface Walk {
  readonly how: Required<FlattenOptions>;
  readonly wanted: WantedPaths | undefined;
  readonly flat: EventRecord;
  /** Path of the value so far, with a delimiter at its end. */
  readonly prefix: string;
  readonly depth: number;
}

function collect(holder: Readonly<Record<string, JsonValue>> | readonly JsonValue[], walk: Walk): void {
  const { how, wanted, flat, prefix, depth } = walk;
  if (depth > MAX_DEPTH) {
    throw new PackflowError(
      "event.too_deep",
      `Cannot flatten the event as it must nest at most ${MAX_DEPTH} levels`,
    );
  }
  for (const [key, value] of Object.entries(holder)) {
    if (value === undefined) continue;
    const path = prefix + key;
    if (isBranch(value, how.lists)) {
      if (wanted !== undefined && !wanted.starts.has(path)) continue;
      collect(value, { how, wanted, flat, prefix: path + how.delimiter, depth: depth + 1 });
    } else if (wanted === undefined || wanted.paths.has(path)) {
      if (Object.hasOwn(flat, path)) throw twoFields(path);
      setOwn(flat, path, value);
    }
  }
}

function isBranch(value: JsonValue, lists: boolean): value is Record<string, JsonValue> | JsonValue[] {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return lists && value.length > 0;
  for (const key in value) if (Object.hasOwn(value, key)) return true;
  return false;
}

function twoFields(path: string): PackflowError {
  return new PackflowError(
    "event.delimiter_collision",
    `Cannot flatten the event as every field must have a path of its own: two fields have the path "${path}"`,
    { place: { field: path } },
  );
}
