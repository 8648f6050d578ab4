import type { FieldType } from "../backend/field_types.ts";
import type { JsonValue } from "../base/json.ts";

/** Turns the text of a field into a value; undefined where the field is empty, as one that an event lacks. */
export type CsvValueReader = (text: string) => JsonValue | undefined;

/**
 * How the fields of a column are read.
 *
 * Of a column with no type each field is read by its own text: a number as JSON writes it is a number, if a double
 * keeps its digits; `true`, `false` and `null` are those; anything else is text, so that zip codes such as 01234 and
 * identifiers of twenty digits stay as they are. Whether a field stands in quotes makes no difference.
 *
 * A type makes more of a column: "text" takes every field as it is, an empty one too; "number" and "integer" also
 * read `+1`, `007`, `.5`, `5.` and spaces around a number; "boolean" also reads True, FALSE and the like. A field that
 * is not of its type stays text, which whoever needs the type will refuse. Integers beyond 2^53 stay text in
 * "integer", for what takes digits.
 */
export function csvValueReader(type?: FieldType): CsvValueReader {
  switch (type) {
    case "text":
      return (text) => text;
    case "number":
      return (text) => text === "" ? undefined : jsonNumber(text) ?? looseNumber(text) ?? text;
    case "integer":
      return (text) => text === "" ? undefined : jsonNumber(text) ?? safeInteger(looseNumber(text)) ?? text;
    case "boolean":
      return (text) => text === "" ? undefined : booleanOf(text.toLowerCase()) ?? jsonNumber(text) ?? text;
    default:
      return plainValue;
  }
}

function plainValue(text: string): JsonValue | undefined {
  const first = text.charCodeAt(0);
  if ((first >= 0x30 && first <= 0x39) || first === 0x2d) return jsonNumber(text) ?? text;
  if (text === "") return undefined;
  if (text === "null") return null;
  return booleanOf(text) ?? text;
}

function booleanOf(text: string): boolean | undefined {
  return text === "true" ? true : text === "false" ? false : undefined;
}

const JSON_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;
const LOOSE_NUMBER = /^[ \t]*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[ \t]*$/;
/** Digits that a double always keeps, so that no more than one rounding happens below. */
const SAFE_DIGITS = 15;
const POWERS = Array.from({ length: SAFE_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

/** The number of a text that JSON would read as one, unless a double would lose digits of an integer. */
function jsonNumber(text: string): number | undefined {
  const { length } = text;
  const negative = text.charCodeAt(0) === 0x2d;
  const start = negative ? 1 : 0;
  let mantissa = 0;
  let point = -1;
  if (length - start > SAFE_DIGITS || length === start) return otherJsonNumber(text);
  for (let at = start; at < length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit >= 0 && digit <= 9) mantissa = mantissa * 10 + digit;
    else if (digit === -2 && point === -1) point = at;
    else return otherJsonNumber(text);
  }
  const whole = (point === -1 ? length : point) - start;
  const isJson = whole === 1 || (whole > 1 && text.charCodeAt(start) !== 0x30);
  if (!isJson || point === length - 1) return undefined;
  // Both are exact, so that the quotient is the number nearest to the text.
  const value = point === -1 ? mantissa : mantissa / (POWERS[length - 1 - point] ?? 1);
  return negative ? -value : value;
}

function otherJsonNumber(text: string): number | undefined {
  if (!JSON_NUMBER.test(text)) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  return /[.eE]/.test(text) ? value : safeInteger(value);
}

function looseNumber(text: string): number | undefined {
  if (!LOOSE_NUMBER.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function safeInteger(value: number | undefined): number | undefined {
  return value !== undefined && Number.isSafeInteger(value) ? value : undefined;
}
