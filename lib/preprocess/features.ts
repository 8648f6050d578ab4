import { PackflowError } from "../base/errors.ts";
import type { EventRecord, JsonValue } from "../base/json.ts";
import type { BackendConfig } from "../config/backend_config.ts";
import { type FieldPath, isInside, parsePath, readPath } from "./field_path.ts";
import { flatten, wantPaths } from "./flatten.ts";
import { createRename, parseRenamings, type Renaming } from "./rename.ts";

/** A feature by its path. */
export interface Feature extends FieldPath {
  /** Whether another field may have got this name. */
  readonly renamed: boolean;
}

/** Reads the features of a record, in order. */
export interface FeatureReader {
  readonly features: readonly Feature[];
  /**
   * Writes each feature's value into `values`: undefined where the record lacks it, null where it holds null.
   *
   * @returns The record in which features go by their own names.
   */
  read(record: EventRecord, values: (JsonValue | undefined)[]): EventRecord;
}

/**
 * Splits every path once and finds the shortest way to the features that the options ask for.
 *
 * @param keysFirst See {@linkcode readPath}.
 */
export function createFeatureReader(config: BackendConfig, keysFirst: boolean): FeatureReader {
  const { nestedFieldDelimiter, flattenNestedInputs, flattenLists } = config;
  // A flat record has one key per field, whatever is in it.
  const delimiter = flattenNestedInputs ? undefined : nestedFieldDelimiter;
  const features = config.featureNames.map((name) => parsePath(name, delimiter));
  const renamings = parseRenamings(config.renameFields, delimiter);
  for (const feature of features) refuseOldName(feature, renamings, nestedFieldDelimiter);
  const reader = renamings.length > 0 && features.some((feature) => isEntangled(feature, renamings))
    ? createRenamedReader(features, renamings, keysFirst)
    : createDirectReader(features, renamings, keysFirst);
  if (!flattenNestedInputs) return reader;
  const sources = renamings.flatMap((renaming) => renaming.sources);
  const wanted = wantPaths([...features, ...sources].map(({ name }) => name), nestedFieldDelimiter);
  const how = { delimiter: nestedFieldDelimiter, lists: flattenLists };
  return { ...reader, read: (record, values) => reader.read(flatten(record, how, wanted), values) };
}

/** Each feature straight from where it lies in the event: its sources from the last on, then its own name. */
function createDirectReader(
  features: readonly FieldPath[],
  renamings: readonly Renaming[],
  keysFirst: boolean,
): FeatureReader {
  const moved = new Set(renamings.flatMap(({ sources }) => sources.map(({ name }) => name)));
  const sourcesOf = (feature: FieldPath) =>
    renamings.find(({ target }) => target.name === feature.name)?.sources ?? [];
  const ways = features.map((feature) => [
    ...sourcesOf(feature).toReversed(),
    ...moved.has(feature.name) ? [] : [feature],
  ]);
  const read: FeatureReader["read"] = (record, values) => {
    for (let index = 0; index < ways.length; index++) {
      values[index] = readFirst(record, ways[index] ?? [], keysFirst);
    }
    return record;
  };
  return {
    features: features.map((feature) => ({ ...feature, renamed: sourcesOf(feature).length > 0 })),
    read,
  };
}

function readFirst(
  record: EventRecord,
  ways: readonly FieldPath[],
  keysFirst: boolean,
): JsonValue | undefined {
  let found: JsonValue | undefined;
  for (let index = 0; index < ways.length; index++) {
    const way = ways[index];
    const value = way === undefined ? undefined : readPath(record, way, keysFirst);
    if (value !== undefined && value !== null) return value;
    if (value === null) found = null;
  }
  return found;
}

/** Renames the whole record first, for features whose objects gain or lose inner fields. */
function createRenamedReader(
  features: readonly FieldPath[],
  renamings: readonly Renaming[],
  keysFirst: boolean,
): FeatureReader {
  const rename = createRename(renamings, keysFirst);
  const direct = createDirectReader(features, [], keysFirst);
  return { ...direct, read: (record, values) => direct.read(rename(record), values) };
}

/** Whether a feature lies inside a field that is renamed, or the reverse. */
function isEntangled(feature: FieldPath, renamings: readonly Renaming[]): boolean {
  return renamings.some(({ target, sources }) =>
    [target, ...sources].some((path) => isInside(path, feature) || isInside(feature, path))
  );
}

/** A feature goes by its new name alone, so that one with an old name could never be present. */
function refuseOldName(feature: FieldPath, renamings: readonly Renaming[], delimiter: string): void {
  const covers = (path: FieldPath) => path.name === feature.name || isInside(feature, path);
  if (renamings.some(({ target }) => covers(target) || isInside(target, feature))) return;
  for (const { target, sources } of renamings) {
    const source = sources.find(covers);
    if (source === undefined) continue;
    const newName = [target.name, ...feature.segments.slice(source.segments.length)].join(delimiter);
    throw new PackflowError(
      "config.invalid",
      `Cannot select feature "${feature.name}" as featureNames must hold new names: ` +
        `renameFields makes it "${newName}"`,
      {
        place: { field: "featureNames" },
        remedy: `Put "${newName}" into featureNames, or take the renaming away`,
      },
    );
  }
}
