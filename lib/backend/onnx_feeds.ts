import { PackflowError } from "../base/errors.ts";
import { type EventRecord, kindOf } from "../base/json.ts";
import { nearestName } from "../base/nearest_name.ts";
import { elementCodec, type ElementWriter } from "../onnx/element_codec.ts";
import type { Tensor } from "../onnx/session.ts";
import { type FieldPath, readPath } from "../preprocess/field_path.ts";
import type { InputPlan } from "./onnx_plan.ts";

/** One input while it is filled. */
interface Filling {
  readonly plan: InputPlan;
  readonly writer: ElementWriter;
  /** Index of the event in its batch, for messages. */
  event: number;
}

/**
 * Fills one input of a model with the events of a run, in one pass and without objects in between.
 *
 * @param first Index in the batch of the first of these events, for messages.
 * @throws {PackflowError} `event.missing_field`, `event.wrong_type`, and `config.invalid` where scalar features are
 * not as many as the model declares.
 */
export function onnxFeed(plan: InputPlan, records: readonly EventRecord[], first: number): Tensor {
  const row = plan.row.length > 1 ? nestedSizes(plan, records[0]) : [flatWidth(plan, records[0])];
  const size = row.reduce((product, length) => product * length, 1);
  const writer = elementCodec(plan.type).writer(records.length * size);
  const filling: Filling = { plan, writer, event: first };
  let start = 0;
  for (const record of records) {
    if (row.length > 1) fillNested(filling, record, { row, start });
    else fillFlat(filling, record, { start, end: start + size });
    start += size;
    filling.event++;
  }
  const dims = plan.batched ? [records.length, ...(plan.row.length === 0 ? [] : row)] : [];
  return { type: plan.type, data: writer.data, dims };
}

/** How many elements a row without further nesting has: as declared, or as the first event's fields make. */
function flatWidth({ row, fields, keysFirst }: InputPlan, record: EventRecord | undefined): number {
  const [declared = 1] = row;
  if (declared !== null) return declared;
  let width = 0;
  for (const field of fields) {
    const value = record === undefined ? undefined : readPath(record, field, keysFirst);
    width += Array.isArray(value) ? value.length : 1;
  }
  return width;
}

/** The sizes of a nested row: as declared, or as the first event's arrays have them. */
function nestedSizes(
  { row, fields: [field], keysFirst }: InputPlan,
  record: EventRecord | undefined,
): number[] {
  let value: unknown = field === undefined || record === undefined
    ? undefined
    : readPath(record, field, keysFirst);
  return row.map((declared) => {
    const length = Array.isArray(value) ? value.length : 0;
    value = Array.isArray(value) ? value[0] : undefined;
    return declared ?? length;
  });
}

function fillFlat(
  filling: Filling,
  record: EventRecord,
  { start, end }: { start: number; end: number },
): void {
  const { plan, writer } = filling;
  let at = start;
  for (const field of plan.fields) {
    // Values of the prototype, such as a function for a feature named "toString", are no element of any type.
    const value = field.segments.length === 1 ? record[field.name] : readPath(record, field, plan.keysFirst);
    at = writer.set(at, value) ? at + 1 : fillSpecial(filling, record, { field, at });
  }
  if (at !== end) throw wrongWidth(filling, record, { got: at - start, expected: end - start });
}

/** Fills what is no plain element: an array spliced into the row, or a value that is not there. */
function fillSpecial(
  filling: Filling,
  record: EventRecord,
  { field, at }: { field: FieldPath; at: number },
): number {
  const { plan, writer } = filling;
  const value = readPath(record, field, plan.keysFirst);
  if (value === undefined || value === null) {
    if (plan.missingIsNaN && writer.set(at, NaN)) return at + 1;
    if (value === undefined) throw missingField(filling, record, field);
  }
  if (!Array.isArray(value) || plan.row.length === 0) throw wrongType(filling, { path: field.name, value });
  for (const [index, item] of value.entries()) {
    if (!writer.set(at + index, item)) {
      throw wrongType(filling, { path: `${field.name}[${index}]`, value: item });
    }
  }
  return at + value.length;
}

function fillNested(
  filling: Filling,
  record: EventRecord,
  to: { row: readonly number[]; start: number },
): void {
  const [field] = filling.plan.fields;
  if (field === undefined) return;
  const value = readPath(record, field, filling.plan.keysFirst);
  if (value === undefined) throw missingField(filling, record, field);
  let at = to.start;
  const fill = (item: unknown, depth: number, path: string) => {
    const length = to.row[depth];
    if (length === undefined) {
      if (!filling.writer.set(at, item)) throw wrongType(filling, { path, value: item });
      at++;
      return;
    }
    if (!Array.isArray(item) || item.length !== length) {
      throw wrongType(filling, { path, value: item, expected: `an array of ${length} items` });
    }
    for (const [index, inner] of item.entries()) fill(inner, depth + 1, `${path}[${index}]`);
  };
  fill(value, 0, field.name);
}

function missingField(
  { plan, event }: Filling,
  record: EventRecord,
  { name: path }: FieldPath,
): PackflowError {
  const near = nearestName(path, Object.keys(record));
  const message =
    `Cannot feed input "${plan.name}" from event ${event} as the event must have the field "${path}"`;
  // An input that no feature was named for asks for its own name, which few events know.
  const remedy = path === plan.name
    ? `Set featureNames to the fields that make up "${plan.name}", or map a field to it with renameFields`
    : undefined;
  return new PackflowError(
    "event.missing_field",
    near === undefined ? message : `${message}: it has "${near}"`,
    {
      place: { eventIndex: event, field: path },
      ...(remedy === undefined ? {} : { remedy }),
    },
  );
}

function wrongType(
  { plan, event }: Filling,
  { path, value, expected = elementCodec(plan.type).expected }: {
    path: string;
    value: unknown;
    expected?: string;
  },
): PackflowError {
  return new PackflowError(
    "event.wrong_type",
    `Cannot feed input "${plan.name}" from event ${event} as its field "${path}" must be ${expected}: ` +
      `current value is ${describe(value)}`,
    { place: { eventIndex: event, field: path } },
  );
}

function wrongWidth(
  { plan, event }: Filling,
  record: EventRecord,
  { got, expected }: { got: number; expected: number },
): PackflowError {
  const names = plan.fields.map(({ name }) => name);
  const array = plan.fields.find((field) => Array.isArray(readPath(record, field, plan.keysFirst)));
  if (array === undefined) {
    return new PackflowError(
      "config.invalid",
      `Cannot feed input "${plan.name}" as featureNames must make up the ${expected} elements of its row: ` +
        `current value has ${got} scalar fields, ${names.slice(0, 5).map((name) => `"${name}"`).join(", ")}` +
        (names.length > 5 ? "…" : ""),
      { place: { eventIndex: event } },
    );
  }
  return new PackflowError(
    "event.wrong_type",
    `Cannot feed input "${plan.name}" from event ${event} as its fields must make up ${expected} elements: ` +
      `they make ${got}, arrays such as "${array.name}" included`,
    { place: { eventIndex: event, field: array.name } },
  );
}

/** A value as a message shows it: short, and for anything but a scalar its kind. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length} items`;
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === "number" || typeof value === "boolean" || value === null) return String(value);
  return `of kind ${kindOf(value)}`;
}
