/** A JSON scalar. */
export type JsonPrimitive = string | number | boolean | null;

/** Any value that JSON can carry. */
export type JsonValue = JsonPrimitive | JsonValue[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  /** The value of each key. */
  [key: string]: JsonValue;
}

/** One event: a JSON object, a row. */
export type EventRecord = JsonObject;

/** A batch of events, in order: what `execute` receives unless the backend asks for tensors. */
export type Records = EventRecord[];

/** Whether a value is an object that is neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Tells objects apart, in what was read from JSON. */
export function isJsonObject(value: unknown): value is JsonObject {
  return isObject(value);
}

/** Names a value's kind as messages do: "null", "array", "object", "string", "number"... */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value;
}
