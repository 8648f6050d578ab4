import type { JsonObject, JsonValue } from "../../lib/base/json.ts";
import { BackendConfig } from "../../lib/config/backend_config.ts";
import { type Arbitrary, fc } from "./fast_check.ts";

const names = fc.constantFrom(
  "a",
  "b",
  "c",
  "a.b",
  "a.c",
  "b.a",
  "a.b.c",
  "c.a.b",
  "constructor",
  "a.toString",
);

const scalars = fc.constantFrom(0, 1, 2.5, "", "s", true, null);

/** Events whose fields the paths of {@linkcode preprocessConfigs} often meet; some keys hold a dot. */
export const events: Arbitrary<JsonObject> = fc.letrec<{ object: JsonObject }>((tie) => ({
  object: fc.dictionary(
    fc.constantFrom("a", "b", "c", "a.b", "constructor", "toString"),
    fc.oneof({ maxDepth: 3, depthSize: "small" }, scalars, fc.constant<JsonValue>([1, 2]), tie("object")),
    { maxKeys: 5 },
  ).map((object) => ({ ...object })),
})).object;

/** Options of the records format, of which some contradict each other. */
export const preprocessConfigs: Arbitrary<BackendConfig> = fc.record({
  renameFields: fc.dictionary(names, names, { maxKeys: 3 }).map((fields) => ({ ...fields })),
  featureNames: fc.array(names, { maxLength: 4 }),
  flattenNestedInputs: fc.boolean(),
  flattenLists: fc.boolean(),
  ignoreDelimiterCollisions: fc.boolean(),
  onMissing: fc.constantFrom("skip", "null", "error"),
}).map((options) => BackendConfig.parse(options));
