import type { JsonObject } from "../base/json.ts";
import { readBenchEvents } from "../bench/bench_events.ts";
import { openIsolatedBackend } from "../isolate/isolated_backend.ts";
import { type AnswerFields, joinFields, typeOfTensor, typeOfValue } from "../project/answer_type.ts";
import { openProject } from "../project/open_package.ts";
import { checkKeptFields, type KeptField, keptValues, parseKeptField } from "../records/kept_fields.ts";
import { chooseKeys } from "../records/result_keys.ts";
import { type DeviceOptions, isolatedOptionsOf } from "./device_options.ts";
import type { RunOptions } from "./run_options.ts";
import { trustOf, type TrustOptions } from "./trust_options.ts";

/** What `packflow schema` takes of a project. */
export interface AnswerSchemaOptions
  extends TrustOptions, DeviceOptions, Pick<RunOptions, "keep" | "outputKeys" | "sandbox"> {
  /** Events to try the project with. */
  readonly input?: string | undefined;
}

/** Enough to see what answers are like. */
const MOST_EVENTS = 1000;
/** What stands in an answer's place under `--on-error emit`. */
const ERROR: AnswerFields = {
  error: { kind: "object", fields: { code: { kind: "text" }, message: { kind: "text" } } },
};

/**
 * The columns of a project's answers as `packflow run` writes them: kept fields, the answer's own, and `error`. A
 * model tells the types of its outputs; of code they are those of its answers to sample events.
 *
 * @throws {PackflowError} What opening and loading a project throws, and reading events.
 */
export async function answerSchema(path: string, options: AnswerSchemaOptions): Promise<AnswerFields> {
  const keep = (options.keep ?? []).map(parseKeptField);
  checkKeptFields(keep, options.outputKeys);
  const trust = trustOf(options);
  await using project = await openProject(path, trust === undefined ? {} : { trust });
  await using backend = await openIsolatedBackend(project.folder, isolatedOptionsOf(options));
  const { inputs, outputs } = await backend.describe();
  const isModel = inputs.every(({ fields }) => fields !== undefined);
  const events = isModel && keep.length === 0 && options.input === undefined
    ? []
    : (await readBenchEvents(project.folder, options.input)).events.slice(0, MOST_EVENTS);
  const answers = isModel
    ? Object.fromEntries(outputs.map((output) => [output.name, typeOfTensor(output)]))
    : (await backend.infer(events)).map(fieldsOf).reduce(joinFields, {});
  const kept = events.map((event) => fieldsOf(keptObject(event, keep))).reduce(joinFields, {});
  return {
    ...kept,
    ...chosen(answers, options.outputKeys),
    ...(Object.hasOwn(answers, "error") ? {} : ERROR),
  };
}

function keptObject(event: JsonObject, keep: readonly KeptField[]): JsonObject {
  const values = keptValues(event, keep);
  return Object.fromEntries(keep.map(({ name }, index) => [name, values[index] ?? null]));
}

function fieldsOf(answer: JsonObject): AnswerFields {
  const type = typeOfValue(answer);
  return type.kind === "object" ? type.fields : {};
}

/** The columns that were asked for, in that order; refuses names that no answer has. */
function chosen(fields: AnswerFields, outputKeys: readonly string[] | undefined): AnswerFields {
  if (outputKeys === undefined) return fields;
  chooseKeys(fields, outputKeys);
  return Object.fromEntries(outputKeys.flatMap((name) => {
    const type = fields[name];
    return type === undefined ? [] : [[name, type]];
  }));
}
