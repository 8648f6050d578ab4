import { PackflowError } from "../base/errors.ts";
import { isObject, kindOf } from "../base/json.ts";
import { nearestName } from "../base/nearest_name.ts";
import { setOwn } from "../base/own_keys.ts";
import type { BlockOptions, RecordFault } from "./block.ts";
import type { KeptField } from "./kept_fields.ts";

/** Makes the texts of results in the output's format. */
export interface ResultTexts {
  /** The columns of the rows, as soon as they are known; only where the output is CSV. */
  readonly columns?: readonly string[] | undefined;
  /**
   * @param kept The kept fields of the event, as JSON.
   * @throws {PackflowError} `backend.not_json`, `backend.key_taken`, `backend.missing_key`, `backend.other_keys`.
   */
  of(result: unknown, kept: readonly string[]): string;
  /** What stands in the place of a failed record under "emit"; nothing is kept of a record that is no event. */
  ofFault(fault: Pick<RecordFault, "code" | "message">, kept?: readonly string[]): string;
}

/** The options that say what results hold. */
export type ResultOptions = Pick<
  BlockOptions,
  "outputFormat" | "onError" | "keep" | "outputKeys" | "columns"
>;

/**
 * The result with the keys that were asked for alone, in their order.
 *
 * @throws {PackflowError} `backend.missing_key`, `backend.not_json`.
 */
export function chooseKeys(result: unknown, outputKeys: readonly string[] | undefined): unknown {
  if (outputKeys === undefined) return result;
  if (!isObject(result)) {
    throw new PackflowError(
      "backend.not_json",
      `Cannot write the result as it must be an object: current value is of kind ${kindOf(result)}`,
    );
  }
  const chosen: Record<string, unknown> = {};
  for (const key of outputKeys) {
    if (!Object.hasOwn(result, key)) throw missingKey(key, Object.keys(result));
    setOwn(chosen, key, result[key]);
  }
  return chosen;
}

/** @throws {PackflowError} `backend.key_taken`. */
export function refuseTakenKeys(result: unknown, keep: readonly KeptField[]): void {
  for (const { path, name } of keep) {
    if (!isObject(result) || !Object.hasOwn(result, name)) continue;
    throw new PackflowError(
      "backend.key_taken",
      `Cannot keep field "${path}" of the event as the result must not have the key "${name}" itself`,
      { place: { field: name } },
    );
  }
}

function missingKey(key: string, keys: readonly string[]): PackflowError {
  const near = nearestName(key, keys);
  return new PackflowError(
    "backend.missing_key",
    `Cannot write the result as it must have the key "${key}"` +
      (near === undefined ? "" : ` (did you mean "${near}"?)`),
    { place: { field: key } },
  );
}
