import type { RecordFault } from "./block.ts";
import type { KeptField } from "./kept_fields.ts";
import { chooseKeys, refuseTakenKeys, type ResultOptions, type ResultTexts } from "./result_keys.ts";
import { serialiseResult } from "./serialise_result.ts";

/** Makes the JSON texts of results: the kept fields, then the result's own keys. */
export class JsonResultTexts implements ResultTexts {
  readonly #keep: readonly KeptField[];
  readonly #keys: readonly string[];
  readonly #outputKeys: readonly string[] | undefined;

  constructor({ keep = [], outputKeys }: ResultOptions) {
    this.#keep = keep;
    this.#keys = keep.map(({ name }) => `${JSON.stringify(name)}:`);
    this.#outputKeys = outputKeys;
  }

  of(result: unknown, kept: readonly string[]): string {
    const chosen = chooseKeys(result, this.#outputKeys);
    const text = serialiseResult(chosen);
    if (this.#keep.length === 0) return text;
    refuseTakenKeys(chosen, this.#keep);
    return `{${this.#members(kept)}${text === "{}" ? "" : ","}${text.slice(1)}`;
  }

  ofFault({ code, message }: Pick<RecordFault, "code" | "message">, kept: readonly string[] = []): string {
    const error = `"error":${JSON.stringify({ code, message })}}`;
    return kept.length === 0 ? `{${error}` : `{${this.#members(kept)},${error}`;
  }

  #members(kept: readonly string[]): string {
    return kept.map((value, index) => `${this.#keys[index]}${value}`).join(",");
  }
}
