import { PackflowError } from "../base/errors.ts";
import type { EventRecord, JsonValue } from "../base/json.ts";
import { getField } from "../preprocess/field_path.ts";

/** A field of the event that goes into its result. Plain data. */
export interface KeptField {
  /** Path of the field, such as `user.name`; "." is the whole event. */
  readonly path: string;
  /** The key it has in the result. */
  readonly name: string;
}

/** The whole event, as a path. */
const WHOLE = ".";

/**
 * The field to keep that a user names: `id`, `user.name`, or with a key of its own `user.name=user`; `.=event` keeps
 * the whole event.
 *
 * @throws {PackflowError} `usage.invalid`.
 */
export function parseKeptField(text: string): KeptField {
  const sign = text.indexOf("=");
  const path = sign === -1 ? text : text.slice(0, sign);
  const name = sign === -1 ? text : text.slice(sign + 1);
  if (path === "" || name === "") {
    throw new PackflowError(
      "usage.invalid",
      `Cannot keep field "${text}" as it must be FIELD or FIELD=NAME, neither of them empty`,
    );
  }
  if (path === WHOLE && name === WHOLE) {
    throw new PackflowError(
      "usage.invalid",
      'Cannot keep the whole event as it must be given a key: ".=event"',
    );
  }
  return { path, name };
}

/** @throws {PackflowError} `usage.invalid` where two fields would have one key. */
export function checkKeptFields(fields: readonly KeptField[], outputKeys: readonly string[] = []): void {
  const names = [...fields.map(({ name }) => name), ...outputKeys];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new PackflowError(
    "usage.invalid",
    `Cannot write results as each key must be given once: "${twice}" is given twice by --keep and --output-keys`,
  );
}

/** The values of the kept fields of an event, null where it lacks one. Objects are followed, arrays are not. */
export function keptValues(event: EventRecord, fields: readonly KeptField[]): JsonValue[] {
  return fields.map(({ path }) => (path === WHOLE ? event : getField(event, path)) ?? null);
}

interface SourceText {
  readonly source?: string;
}
type ExactJson = {
  parse(text: string, revive: (key: string, value: unknown, context: SourceText) => unknown): EventRecord;
  rawJSON(text: string): JsonValue;
};

/**
 * The texts of the kept fields as JSON. Numbers that a double would alter, such as identifiers of twenty digits, keep
 * the digits they have in the event's own text.
 *
 * @param text The JSON text of the event, asked for only where it matters; absent where the event was no JSON.
 */
export function keptTexts(
  event: EventRecord,
  fields: readonly KeptField[],
  text?: () => string | undefined,
): string[] {
  const values = keptValues(event, fields);
  if (text === undefined || !values.some(isInexact)) return values.map((value) => JSON.stringify(value));
  const source = text();
  const exact = source === undefined ? event : parseExactly(source);
  return keptValues(exact, fields).map((value) => JSON.stringify(value));
}

/** Whether a value holds a number that may not be what was written. */
function isInexact(value: JsonValue): boolean {
  if (typeof value === "number") return Math.abs(value) > Number.MAX_SAFE_INTEGER;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(isInexact);
}

function parseExactly(text: string): EventRecord {
  // TypeScript does not know these two parts of ECMAScript yet.
  const json = JSON as unknown as ExactJson;
  return json.parse(
    text,
    (_key, value, { source }) =>
      typeof value === "number" && isInexact(value) && source !== undefined ? json.rawJSON(source) : value,
  );
}
