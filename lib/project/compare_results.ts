import { isJsonObject, type JsonObject, type JsonValue } from "../base/json.ts";

/** A place where a result is not what was expected. */
export interface Difference {
  /** Path inside the result, such as `scores[1]`; empty for the whole. */
  readonly path: string;
  /** Undefined where the result has something nobody expected. */
  readonly expected: JsonValue | undefined;
  /** Undefined where the result lacks something. */
  readonly got: JsonValue | undefined;
}

/**
 * Every place where two results differ.
 *
 * @param tolerance How far numbers may be off: relative above 1, absolute below.
 */
export function compareResults(expected: JsonObject, got: JsonValue, tolerance: number): Difference[] {
  return [...differences(expected, got, { path: "", tolerance })];
}

interface Place {
  readonly path: string;
  readonly tolerance: number;
}

function* differences(
  expected: JsonValue | undefined,
  got: JsonValue | undefined,
  place: Place,
): Generator<Difference> {
  const { path, tolerance } = place;
  if (Array.isArray(expected) && Array.isArray(got) && expected.length === got.length) {
    for (const [index, item] of expected.entries()) {
      yield* differences(item, got[index], {
        path: `${path}[${index}]`,
        tolerance,
      });
    }
  } else if (isJsonObject(expected) && isJsonObject(got)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(got)])) {
      const inner = { path: path === "" ? key : `${path}.${key}`, tolerance };
      yield* differences(own(expected, key), own(got, key), inner);
    }
  } else if (!sameScalar(expected, got, tolerance)) {
    yield { path, expected, got };
  }
}

function sameScalar(expected: unknown, got: unknown, tolerance: number): boolean {
  if (typeof expected !== "number" || typeof got !== "number") return expected === got;
  return Math.abs(expected - got) <=
    tolerance * Math.max(1, Math.abs(expected), Math.abs(got));
}

function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
