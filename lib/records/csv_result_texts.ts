import { PackflowError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import type { RecordFault } from "./block.ts";
import { type CsvFields, rowWriter } from "./csv_format.ts";
import type { KeptField } from "./kept_fields.ts";
import { chooseKeys, refuseTakenKeys, type ResultOptions, type ResultTexts } from "./result_keys.ts";
import { serialiseResult } from "./serialise_result.ts";

/** The column of errors under "emit". */
const ERROR_COLUMN = "error";

/**
 * Makes rows of CSV of results: the kept fields, then the keys of the first result, or those that were asked for.
 *
 * A later result may lack a key, which leaves its field empty, but not have another one. Numbers, true and false are
 * written as in JSON, null as nothing, text as it is, anything else as JSON. Under "emit" a last column holds errors.
 */
export class CsvResultTexts implements ResultTexts {
  readonly #keep: readonly KeptField[];
  readonly #outputKeys: readonly string[] | undefined;
  readonly #hasErrors: boolean;
  readonly #writeRow: (fields: CsvFields) => string;
  #columns: readonly string[] | undefined;
  #resultKeys: readonly string[] = [];

  constructor({ keep = [], outputKeys, onError, columns }: ResultOptions, delimiter: string) {
    this.#keep = keep;
    this.#outputKeys = outputKeys;
    this.#hasErrors = onError === "emit";
    this.#writeRow = rowWriter(delimiter);
    if (columns !== undefined) {
      this.#setResultKeys(columns.slice(keep.length, this.#hasErrors ? -1 : undefined));
    } else if (outputKeys !== undefined) this.#setResultKeys(outputKeys);
  }

  get columns(): readonly string[] | undefined {
    return this.#columns;
  }

  of(result: unknown, kept: readonly string[]): string {
    const chosen = chooseKeys(result, this.#outputKeys);
    refuseTakenKeys(chosen, this.#keep);
    const values = plainValues(chosen);
    if (this.#columns === undefined) this.#learn(Object.keys(values));
    const keys = this.#resultKeys;
    const fields = keys.map((key) => Object.hasOwn(values, key) ? fieldOf(values[key]) : null);
    if (this.#outputKeys === undefined) refuseOtherKeys(values, keys);
    return this.#writeRow([...kept.map(keptField), ...fields, ...(this.#hasErrors ? [null] : [])]);
  }

  ofFault({ code, message }: Pick<RecordFault, "code" | "message">, kept: readonly string[] = []): string {
    const fields = this.#keep.map((_, index) => keptField(kept[index] ?? "null"));
    return this.#writeRow([
      ...fields,
      ...this.#resultKeys.map(() => null),
      JSON.stringify({ code, message }),
    ]);
  }

  #learn(keys: readonly string[]): void {
    if (keys.length === 0 && this.#keep.length === 0) {
      throw new PackflowError(
        "backend.other_keys",
        "Cannot write the result as a row as it must have a key at least",
      );
    }
    this.#setResultKeys(keys);
  }

  #setResultKeys(keys: readonly string[]): void {
    const kept = this.#keep.map(({ name }) => name);
    this.#resultKeys = keys;
    this.#columns = [...kept, ...keys, ...(this.#hasErrors ? [ERROR_COLUMN] : [])];
  }
}

/** The field of a value that is given as JSON; numbers keep their digits. */
function keptField(json: string): string | null {
  if (json === "null") return null;
  return json.startsWith('"') ? String(JSON.parse(json)) : json;
}

/**
 * The values of a result as JSON has them, those that it drops left out.
 *
 * @throws {PackflowError} `backend.not_json`, as in any other output.
 */
function plainValues(result: unknown): Record<string, unknown> {
  if (isObject(result) && Object.values(result).every(isPlain)) return result;
  const values: unknown = JSON.parse(serialiseResult(result));
  return isObject(values) ? values : {};
}

/** Whether JSON gives back the very value: scalars and arrays of numbers, the most common results by far. */
function isPlain(value: unknown): boolean {
  return typeof value === "string" || typeof value === "boolean" || value === null ||
    Number.isFinite(value) ||
    (Array.isArray(value) && value.every(Number.isFinite));
}

function fieldOf(value: unknown): string | null {
  if (value === null) return null;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function refuseOtherKeys(values: Record<string, unknown>, keys: readonly string[]): void {
  const other = Object.keys(values).find((key) => !keys.includes(key));
  if (other === undefined) return;
  throw new PackflowError(
    "backend.other_keys",
    `Cannot write the result as a row as it must have no key that the first result lacks: it has "${other}"`,
    { place: { field: other } },
  );
}
