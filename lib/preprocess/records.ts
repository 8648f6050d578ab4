import type { EventRecord } from "../base/json.ts";
import type { BackendConfig } from "../config/backend_config.ts";
import { flatten } from "./flatten.ts";
import { createRename, parseRenamings } from "./rename.ts";
import { createSelection } from "./selection.ts";

/** What the options ask to be done to each event, as a copy of it; undefined where that is nothing. */
export function createRecordPreparation(
  config: BackendConfig,
): ((record: EventRecord) => EventRecord) | undefined {
  if (config.featureNames.length > 0) return createSelection(config);
  const { nestedFieldDelimiter, flattenNestedInputs, flattenLists } = config;
  const how = { delimiter: nestedFieldDelimiter, lists: flattenLists };
  // A flat record has one key per field, whatever is in it.
  const renamings = parseRenamings(
    config.renameFields,
    flattenNestedInputs ? undefined : nestedFieldDelimiter,
  );
  if (renamings.length === 0) return flattenNestedInputs ? (record) => flatten(record, how) : undefined;
  const rename = createRename(renamings, config.ignoreDelimiterCollisions);
  return flattenNestedInputs ? (record) => rename(flatten(record, how)) : rename;
}
