import type { DirectModel } from "../backend/direct_model.ts";
import type { EventRecord } from "../base/json.ts";

/**
 * The shape of a record: everything but its scalar values, byte by byte.
 *
 * A record that has the same bytes around its values, and values that are good JSON, is good JSON with the same keys in
 * the same places as the record that the template was learnt from: the same values make up its row.
 */
export interface RecordTemplate {
  /** The bytes between the values, one after the other. */
  readonly literal: Uint8Array;
  /** The same bytes, to be compared four at a time. */
  readonly words: DataView;
  /** Where in `literal` the bytes before each value end. What is left stands after the last value. */
  readonly ends: Int32Array;
  /** The column of the row that each value makes up; -1 for a value of no interest. */
  readonly columns: Int32Array;
  /** Whether each value may be null. */
  readonly nullable: Uint8Array;
  /** Columns that are NaN, as the record lacks the field for them. */
  readonly missing: readonly number[];
}

/** A scalar value in the text of a record. */
interface Value {
  readonly start: number;
  readonly end: number;
  readonly kind: "number" | "boolean" | "null" | "string";
  readonly depth: number;
}

/** A record of more values is read the ordinary way each time: matching it would gain nothing. */
const MOST_VALUES = 4096;
/** What the first value counts as in a trial; 0 and 1 would be mistaken for false and true. */
const FIRST_MARK = 2;

/** Learns the shape of a record that is an event and fits the model; undefined if it has none that is certain. */
export function learnTemplate(text: string, model: DirectModel): RecordTemplate | undefined {
  const values = findValues(text, model.topLevel);
  if (values.length > MOST_VALUES) return undefined;
  const columns = new Int32Array(values.length).fill(-1);
  const missing = findColumns(text, values, { model, columns });
  if (missing === undefined) return undefined;
  const encoder = new TextEncoder();
  const ends = new Int32Array(values.length);
  const nullable = new Uint8Array(values.length);
  let literal = "";
  let length = 0;
  let at = 0;
  for (const [index, { start, end, depth }] of values.entries()) {
    const before = text.slice(at, start);
    literal += before;
    length += encoder.encode(before).length;
    ends[index] = length;
    const mayBeNull = columns[index] === -1 ? model.topLevel : model.nullIsNaN && depth === 1;
    nullable[index] = mayBeNull ? 1 : 0;
    at = end;
  }
  const bytes = encoder.encode(literal + text.slice(at));
  return { literal: bytes, words: viewOf(bytes), ends, columns, nullable, missing };
}

/** Reads several bytes at a time from an array of bytes. */
export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/**
 * Finds which column each value makes up by putting its index in its place and looking where that ends up.
 *
 * @returns The columns that are NaN; undefined where the columns do not come from one value each.
 */
function findColumns(
  text: string,
  values: readonly Value[],
  { model, columns }: { model: DirectModel; columns: Int32Array },
): number[] | undefined {
  let trial = "";
  let at = 0;
  for (const [index, { start, end, kind }] of values.entries()) {
    trial += text.slice(at, start) +
      (kind === "string" ? text.slice(start, end) : String(index + FIRST_MARK));
    at = end;
  }
  const event: EventRecord = JSON.parse(trial + text.slice(at));
  const row = new Float32Array(model.columns);
  if (!model.fill(event, row, 0)) return undefined;
  const missing: number[] = [];
  for (const [column, mark] of row.entries()) {
    const index = mark - FIRST_MARK;
    if (Number.isNaN(mark)) missing.push(column);
    else if (columns[index] === -1) columns[index] = column;
    else return undefined;
  }
  return missing;
}

const NUMBER = /[-+.0-9eE]+/y;

/** The scalar values of good JSON, in order. Where keys inside objects count, null is a part of the shape. */
function findValues(text: string, topLevel: boolean): Value[] {
  const values: Value[] = [];
  let depth = 0;
  for (let at = 0; at < text.length;) {
    const kind = kindAt(text, at);
    const end = kind === undefined ? at + 1 : endOf(text, at, kind);
    const bracket = text[at] ?? "";
    if (kind === undefined) depth += "{[".includes(bracket) ? 1 : "}]".includes(bracket) ? -1 : 0;
    else if (kind === "string" ? !isKey(text, end) : kind !== "null" || topLevel) {
      values.push({ start: at, end, kind, depth });
    }
    at = end;
  }
  return values;
}

function kindAt(text: string, at: number): Value["kind"] | undefined {
  const character = text[at] ?? "";
  if (character === '"') return "string";
  if (character === "t" || character === "f") return "boolean";
  if (character === "n") return "null";
  return character === "-" || (character >= "0" && character <= "9") ? "number" : undefined;
}

function endOf(text: string, start: number, kind: Value["kind"]): number {
  if (kind === "null") return start + 4;
  if (kind === "boolean") return start + (text[start] === "t" ? 4 : 5);
  if (kind === "number") {
    NUMBER.lastIndex = start;
    NUMBER.test(text);
    return NUMBER.lastIndex;
  }
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function isKey(text: string, end: number): boolean {
  let at = end;
  while (" \t\n\r".includes(text[at] ?? "x")) at++;
  return text[at] === ":";
}
