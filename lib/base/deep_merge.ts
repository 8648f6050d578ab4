import { PackflowError } from "./errors.ts";
import { isObject, type JsonObject, type JsonValue } from "./json.ts";
import { MAX_DEPTH } from "./native_types.ts";
import { setOwn } from "./own_keys.ts";

/**
 * Merges two objects into a new one. Where both hold an object under a key these are merged in turn; any other value
 * of `over`, an array or null included, replaces that of `base`. Keys of `base` come first. Neither is changed.
 */
export function deepMerge(base: JsonObject, over: JsonObject): JsonObject {
  return merge(base, over, 1);
}

function merge(base: JsonObject, over: JsonObject, depth: number): JsonObject {
  if (depth > MAX_DEPTH) {
    throw new PackflowError(
      "config.invalid",
      `Cannot merge options as they must nest at most ${MAX_DEPTH} levels`,
    );
  }
  const merged: JsonObject = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = Object.hasOwn(merged, key) ? merged[key] : undefined;
    const both = isObject(below) && isObject(value);
    setOwn<JsonValue>(merged, key, both ? merge(below, value, depth + 1) : value);
  }
  return merged;
}
