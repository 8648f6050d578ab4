import assert from "node:assert/strict";
import { isObject, type JsonValue } from "../../lib/base/json.ts";
import { openApi } from "../../lib/serve/openapi.ts";
import { openApiProblems } from "../helpers/openapi.ts";
import { BARE, LOGINS, PHISHING } from "../helpers/served_models.ts";

const SEVERAL = [PHISHING, LOGINS, BARE];

for (const models of [[], [PHISHING], SEVERAL]) {
  for (const hasToken of [false, true]) {
    Deno.test(`is OpenAPI 3.1 with ${models.length} models${hasToken ? " and a token" : ""}`, async () => {
      assert.deepEqual(await openApiProblems(openApi({ models, hasToken })), []);
    });
  }
}

Deno.test("is OpenAPI of a model that tells nothing of itself too", async () => {
  const models = [{ ...BARE, inputs: [], outputs: [] }];
  assert.deepEqual(await openApiProblems(openApi({ models, hasToken: false })), []);
});

Deno.test("names every operation once, and refers to nothing that is not there", () => {
  const description = openApi({ models: SEVERAL, hasToken: true });
  const ids = valuesOf(description, "operationId");
  assert.deepEqual(ids, [...new Set(ids)]);
  assert.ok(ids.length > 20);
  const references = valuesOf(description, "$ref");
  assert.ok(references.length > 20);
  for (const reference of references) assert.ok(isObject(resolve(description, reference)), String(reference));
});

Deno.test("has the paths of each model, and the short one where there is one model", () => {
  const paths = (models: typeof SEVERAL) => Object.keys(Object(openApi({ models, hasToken: false }).paths));
  assert.deepEqual(paths([PHISHING]), [
    "/",
    "/openapi.json",
    "/metrics",
    "/v2",
    "/v2/health/live",
    "/v2/health/ready",
    "/v2/models",
    "/invocations",
    "/models/phishing/invocations",
    "/v2/models/phishing",
    "/v2/models/phishing/ready",
    "/v2/models/phishing/infer",
    "/v2/models/phishing/versions/1.2.0",
    "/v2/models/phishing/versions/1.2.0/ready",
    "/v2/models/phishing/versions/1.2.0/infer",
  ]);
  const several = paths(SEVERAL);
  assert.ok(!several.includes("/invocations"));
  assert.ok(several.includes("/v2/models/logins/versions/0.1.0%2Bbuild.7/infer"));
});

Deno.test("asks for the token everywhere but where the page and health checks are", () => {
  const { paths, security } = openApi({ models: [PHISHING], hasToken: true });
  assert.deepEqual(security, [{ bearer: [] }]);
  const open = Object.entries(Object(paths)).filter(([, path]) => {
    return JSON.stringify(path).includes('"security":[]');
  });
  assert.deepEqual(open.map(([path]) => path), ["/", "/v2/health/live", "/v2/health/ready"]);
  assert.equal(openApi({ models: [PHISHING], hasToken: false }).security, undefined);
});

Deno.test("tells the page of models what it shows, and nothing else that a model may carry", () => {
  const models = [{ ...PHISHING, secret: "inside" }];
  const description = openApi({ models, hasToken: false });
  const { platform: _, sample, ...shown } = PHISHING;
  assert.deepEqual(description["x-packflow-models"], [{ ...shown, example: sample }]);
  assert.ok(!JSON.stringify(description).includes("inside"));
});

/** The values that a key has anywhere inside. */
function valuesOf(value: JsonValue | undefined, key: string): JsonValue[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesOf(item, key));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => name === key ? [item] : valuesOf(item, key));
}

function resolve(description: object, reference: JsonValue): unknown {
  const names = String(reference).slice(2).split("/");
  return names.reduce<unknown>((value, name) => isObject(value) ? value[name] : undefined, description);
}
