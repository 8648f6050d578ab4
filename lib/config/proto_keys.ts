/**
 * Schemas drop the key `__proto__` of records without a word, so that a field of this name could not be renamed.
 * It travels through them under another name.
 */
import { PackflowError } from "../base/errors.ts";
import { isObject, type JsonValue } from "../base/json.ts";
import { MAX_DEPTH } from "../base/native_types.ts";

const HIDDEN = "\uE000__proto__";

/** A copy in which no key is `__proto__`; the value itself, and `hidden` false, where none is. */
export function hideProto(value: JsonValue): { value: JsonValue; hidden: boolean } {
  return holdsProto(value)
    ? { value: renameKeys(value, "__proto__", HIDDEN), hidden: true }
    : { value, hidden: false };
}

/** Gives hidden keys their name back, in what a schema made of the options. */
export function showProto<Parsed>(parsed: Parsed): Parsed {
  return renameKeys(parsed, HIDDEN, "__proto__");
}

/** The key as it was given. */
export function givenKey(key: string): string {
  return key === HIDDEN ? "__proto__" : key;
}

function holdsProto(value: unknown, depth = 0): boolean {
  if (depth > MAX_DEPTH) {
    throw new PackflowError(
      "config.invalid",
      `Cannot use the options as they must nest at most ${MAX_DEPTH} levels`,
    );
  }
  if (Array.isArray(value)) return value.some((item) => holdsProto(item, depth + 1));
  if (!isObject(value)) return false;
  return Object.hasOwn(value, "__proto__") ||
    Object.values(value).some((inner) => holdsProto(inner, depth + 1));
}

/** Objects of a class, which only a schema's own transform can have made, stay as they are. */
function renameKeys<Value>(value: Value, from: string, to: string): Value;
function renameKeys(value: unknown, from: string, to: string): unknown {
  if (Array.isArray(value)) return value.map((item) => renameKeys(item, from, to));
  if (!isObject(value) || ![Object.prototype, null].includes(Object.getPrototypeOf(value))) return value;
  // fromEntries defines keys, also `__proto__`, as data.
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key === from ? to : key, renameKeys(inner, from, to)]),
  );
}
