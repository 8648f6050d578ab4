/** Reading and writing keys so that `__proto__`, `constructor` and the like are data as any other key. */

/** The value of an object's own key; undefined where it has none, whatever its prototype holds. */
export function getOwn<Value>(object: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets an own key of an object, never its prototype. */
export function setOwn<Value>(object: Record<string, Value>, key: string, value: Value): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[key] = value;
  }
}
