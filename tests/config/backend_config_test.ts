import assert from "node:assert/strict";
import { BackendConfig } from "../../lib/config/backend_config.ts";
import { z } from "../../lib/deps/zod.ts";

Deno.test("every option has a default, so that no option need be given", () => {
  assert.deepEqual(BackendConfig.parse({}), {
    verbose: false,
    inputFormat: "records",
    renameFields: {},
    featureNames: [],
    flattenNestedInputs: false,
    flattenLists: false,
    nestedFieldDelimiter: ".",
    ignoreDelimiterCollisions: false,
    onMissing: "skip",
    tensorType: "float32",
    outputKeys: [],
  });
});

Deno.test("an extended schema refuses unknown names as the base does", () => {
  const extended = BackendConfig.extend({ threshold: z.number().default(0.5) });
  assert.equal(extended.parse({}).threshold, 0.5);
  assert.equal(extended.safeParse({ treshold: 1 }).success, false);
});

Deno.test("the schema can be written as JSON Schema, and describes every option", () => {
  const schema = z.toJSONSchema(BackendConfig, { io: "input" });
  for (const [name, option] of Object.entries(schema.properties ?? {})) {
    assert.ok(typeof option === "object" && option.description, name);
  }
  assert.equal(schema.additionalProperties, false);
});
