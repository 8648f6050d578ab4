/** Equality of data as the golden vectors mean it. */

/**
 * Whether two values hold the same data: own keys in any order, NaN equals NaN, typed arrays by their numbers
 * whatever their type, tensors by shape and numbers.
 */
export function sameData(one: unknown, other: unknown): boolean {
  if (Object.is(one, other) || (one === 0 && other === 0)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (ArrayBuffer.isView(one) || ArrayBuffer.isView(other)) return sameNumbers(one, other);
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  if (one instanceof Set && other instanceof Set) return sameData([...one], [...other]);
  if (one instanceof Map && other instanceof Map) return sameData([...one], [...other]);
  if (one instanceof Date && other instanceof Date) return one.getTime() === other.getTime();
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  const [a, b] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
  return keys.every((key) => b.has(key) && sameData(a.get(key), b.get(key)));
}

function sameNumbers(one: object, other: object): boolean {
  if (!ArrayBuffer.isView(one) || !ArrayBuffer.isView(other)) return false;
  const [a, b] = [one, other].map((view) =>
    Array.from(view as unknown as ArrayLike<number | bigint>, Number)
  );
  return a !== undefined && b !== undefined && a.length === b.length &&
    a.every((value, i) => Object.is(value, b[i]));
}

/** The keys of an object, or of each element of an array, in order. */
export function keyOrder(output: unknown): unknown {
  if (Array.isArray(output)) return output.map(keysOf);
  return keysOf(output);
}

function keysOf(value: unknown): string[] {
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}
