import assert from "node:assert/strict";
import { openApi } from "../../lib/serve/openapi.ts";
import { schemaRef } from "../../lib/serve/openapi_schemas.ts";
import { schemaProblems } from "../helpers/openapi.ts";
import { BARE, LOGINS, PHISHING } from "../helpers/served_models.ts";

const DESCRIPTION = openApi({ models: [PHISHING, LOGINS, BARE], hasToken: false });

/** What a schema of the description finds wrong. */
function problems(schema: string, value: unknown): string[] {
  return schemaProblems(DESCRIPTION, schemaRef(schema).$ref?.toString().slice(1) ?? "", value);
}

Deno.test("an event has the kinds of the sample; fields may be missing or new", () => {
  assert.deepEqual(problems("logins.Event", LOGINS.sample), []);
  assert.deepEqual(problems("logins.Event", { user: "ada", more: 1 }), []);
  assert.deepEqual(problems("logins.Event", { source: { ports: ["22"] } }), [
    "/source/ports/0 must be number",
  ]);
  assert.deepEqual(problems("logins.Event", { user: 1, note: { any: 1 } }), ["/user must be string"]);
  assert.deepEqual(problems("bare.Event", { pixels: [[1, 2], [3, 4]], name: "a", seen: true }), []);
});

Deno.test("an answer has every output, in the shape of one event", () => {
  assert.deepEqual(problems("phishing.Answer", { label: 1, probabilities: [0.25, 0.75] }), []);
  assert.deepEqual(problems("phishing.Answer", { label: "9007199254740993", probabilities: [0, 1] }), []);
  assert.deepEqual(problems("phishing.Answer", { label: 0.5, probabilities: [1] }), [
    "/label must be integer,string",
    "/probabilities must NOT have fewer than 2 items",
  ]);
  assert.deepEqual(problems("phishing.Answer", {}), [
    " must have required property 'label'",
    " must have required property 'probabilities'",
  ]);
  assert.deepEqual(problems("bare.Answer", { classes: ["a", "b", "c"] }), []);
  assert.deepEqual(problems("logins.Answer", { whatever: [1] }), []);
});

Deno.test("tensors have the names and types of the model", () => {
  const tensor = { name: "X", datatype: "FP32", shape: [1, 3], data: [1, 2, 3] };
  assert.deepEqual(problems("phishing.InferRequest", { inputs: [tensor], outputs: [{ name: "label" }] }), []);
  assert.deepEqual(problems("phishing.InferRequest", { inputs: [{ ...tensor, data: [[1, 2, 3]] }] }), []);
  for (const wrong of [{ name: "Y" }, { datatype: "FP64" }, { shape: [-1, 3] }, { data: 1 }]) {
    const found = problems("phishing.InferRequest", { inputs: [{ ...tensor, ...wrong }] });
    assert.notDeepEqual(found, [], JSON.stringify(wrong));
  }
  const outputs = [{ name: "label", datatype: "INT64", shape: [1], data: [1] }];
  assert.deepEqual(problems("phishing.InferResponse", { model_name: "phishing", outputs }), []);
  assert.notDeepEqual(problems("phishing.InferResponse", { model_name: "other", outputs }), []);
});

Deno.test("errors are what the service answers", () => {
  assert.deepEqual(problems("Error", { error: "Cannot", code: "a.b", remedy: "Do" }), []);
  assert.deepEqual(problems("RowError", { error: { code: "event.missing_field", message: "Cannot" } }), []);
  assert.notDeepEqual(problems("RowError", { error: "Cannot" }), []);
});
