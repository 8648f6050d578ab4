import { PackflowError } from "../base/errors.ts";
import { type EventRecord, type JsonValue, kindOf } from "../base/json.ts";
import type { BackendConfig } from "../config/backend_config.ts";
import { createFeatureReader, type Feature, type FeatureReader } from "./features.ts";
import { missingField } from "./selection.ts";

/**
 * A batch as one tensor: row by row, the features of each event in order. An array feature takes as many columns as it
 * has elements.
 */
export interface TensorBatch {
  /** Event 0's features, then event 1's... */
  readonly data: Float32Array | Float64Array;
  /** Number of events, and of columns. */
  readonly shape: readonly [events: number, columns: number];
}

type Values = (JsonValue | undefined)[];

/** Prepares a function that puts the features of a batch into one tensor. Booleans become 1 and 0. */
export function createTensorize(
  config: BackendConfig,
): (records: readonly EventRecord[], at: Cursor) => TensorBatch {
  // A tensor has no names, so that a key spelt like a path, as CSV files have them, is what was meant.
  const reader = createFeatureReader(config, true);
  const { features } = reader;
  if (features.length === 0) {
    throw new PackflowError(
      "config.invalid",
      'Cannot use inputFormat "tensor" as featureNames must name the columns: current value is []',
      { place: { field: "featureNames" } },
    );
  }
  const ArrayType = config.tensorType === "float64" ? Float64Array : Float32Array;
  const missingIsNaN = config.onMissing === "null";
  const values: Values = features.map(() => undefined);
  return (records, cursor) => {
    const data = new ArrayType(records.length * features.length);
    const task = { reader, records, values, missingIsNaN, cursor };
    if (fillScalars(task, data)) return { data, shape: [records.length, features.length] };
    const widths = measure(task);
    const columns = widths.reduce((sum, width) => sum + width, 0);
    const spliced = new ArrayType(records.length * columns);
    fillSpliced(task, spliced, widths);
    return { data: spliced, shape: [records.length, columns] };
  };
}

/** Where in a batch the work is, for the place of an error. */
export interface Cursor {
  eventIndex: number;
}

interface Task {
  readonly reader: FeatureReader;
  readonly records: readonly EventRecord[];
  /** The features of the record at hand. */
  readonly values: Values;
  readonly missingIsNaN: boolean;
  readonly cursor: Cursor;
}

/** Fills one column per feature; false at the first array, which takes more or fewer. */
function fillScalars(task: Task, data: Float32Array | Float64Array): boolean {
  const { reader, records, values, cursor } = task;
  const count = values.length;
  for (let row = 0, at = 0; row < records.length; row++) {
    cursor.eventIndex = row;
    const record = records[row];
    if (record === undefined) continue;
    reader.read(record, values);
    for (let index = 0; index < count; index++, at++) {
      const value = values[index];
      if (typeof value === "number") data[at] = value;
      else if (Array.isArray(value)) return false;
      else data[at] = scalar(value, index, task);
    }
  }
  return true;
}

function scalar(value: JsonValue | undefined, index: number, { reader, missingIsNaN }: Task): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  const feature = featureAt(reader, index);
  if (value !== null && value !== undefined) throw notNumeric(feature, value);
  if (missingIsNaN) return NaN;
  throw missingField(feature, value);
}

/** The columns of each feature, by the first event that holds it. */
function measure({ reader, records, values }: Task): number[] {
  const widths: (number | undefined)[] = values.map(() => undefined);
  for (const record of records) {
    if (!widths.includes(undefined)) break;
    reader.read(record, values);
    for (const [index, value] of values.entries()) {
      if (value !== null && value !== undefined) {
        widths[index] ??= Array.isArray(value) ? countItems(value) : 1;
      }
    }
  }
  return widths.map((width) => width ?? 1);
}

function countItems(items: readonly JsonValue[]): number {
  return items.reduce<number>((sum, item) => sum + (Array.isArray(item) ? countItems(item) : 1), 0);
}

function fillSpliced(task: Task, data: Float32Array | Float64Array, widths: readonly number[]): void {
  const { reader, records, values, cursor } = task;
  let at = 0;
  for (const [row, record] of records.entries()) {
    cursor.eventIndex = row;
    reader.read(record, values);
    for (const [index, value] of values.entries()) {
      const width = widths[index] ?? 1;
      const held = Array.isArray(value) ? countItems(value) : 1;
      const isGap = value === null || value === undefined;
      if (held !== width && !isGap) throw wrongLength(featureAt(reader, index), held, width);
      if (Array.isArray(value)) fillItems(value, data.subarray(at, at + width), { task, index });
      else data.fill(scalar(value, index, task), at, at + width);
      at += width;
    }
  }
}

/** Copies the numbers of nested arrays, row by row. */
function fillItems(
  items: readonly JsonValue[],
  into: Float32Array | Float64Array,
  from: { task: Task; index: number },
): number {
  let at = 0;
  for (const item of items) {
    if (Array.isArray(item)) at += fillItems(item, into.subarray(at), from);
    else into[at++] = scalar(item, from.index, from.task);
  }
  return at;
}

function featureAt({ features }: FeatureReader, index: number): Feature {
  const feature = features[index];
  if (feature === undefined) {
    throw new RangeError(`Cannot find feature ${index} as there are ${features.length}`);
  }
  return feature;
}

function notNumeric({ name }: Feature, value: JsonValue): PackflowError {
  const current = typeof value === "string" ? JSON.stringify(value.slice(0, 50)) : `of type ${kindOf(value)}`;
  return new PackflowError(
    "event.not_numeric",
    `Cannot put feature "${name}" into the tensor as it must be a number, a boolean or an array of these: ` +
      `current value is ${current}`,
    { place: { field: name } },
  );
}

function wrongLength({ name }: Feature, got: number, expected: number): PackflowError {
  return new PackflowError(
    "event.wrong_length",
    `Cannot put feature "${name}" into the tensor as it must hold ${expected} numbers like the events before: ` +
      `current value holds ${got}`,
    { place: { field: name } },
  );
}
