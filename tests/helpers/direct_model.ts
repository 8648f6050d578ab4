import type { DirectModel } from "../../lib/backend/direct_model.ts";
import { isObject } from "../../lib/base/json.ts";

/** A direct model without a model: its row holds the numbers of some keys of the event, NaN where one is missing. */
export function fakeDirectModel(keys: readonly string[], topLevel = true): DirectModel {
  return {
    columns: keys.length,
    outputs: ["y"],
    topLevel,
    nullIsNaN: topLevel,
    fill(event, data, row) {
      for (const [index, key] of keys.entries()) {
        const path = topLevel ? [key] : key.split(".");
        const value = path.reduce<unknown>((inner, name) => isObject(inner) ? inner[name] : undefined, event);
        if (value !== undefined && value !== null && typeof value !== "number") return false;
        data[row * keys.length + index] = value ?? NaN;
      }
      return true;
    },
    run: (data, events) =>
      Promise.resolve({
        y: { type: "float32", data: data.slice(0, events * keys.length), dims: [events, keys.length] },
      }),
  };
}
