import assert from "node:assert/strict";
import { Manifest, manifestJsonSchema, ProjectName } from "../../lib/config/manifest.ts";
import { isObject } from "../../lib/base/json.ts";

Deno.test("project names follow the rules", () => {
  for (const name of ["A", "demo", "demo-model", "demo_model", "Model2", "a-", "console", "x".repeat(64)]) {
    assert.ok(ProjectName.safeParse(name).success, name);
  }
  const bad = [
    "",
    " ",
    "1abc",
    "my model",
    "my.model",
    "a/b",
    "../up",
    "modèle",
    "abc\n",
    "abc ",
    "a@b",
    "-a",
    "_a",
    "x".repeat(65),
    "CON",
    "nul",
    "Com1",
    "lpt9",
    1,
    null,
    undefined,
    ["a"],
  ];
  for (const name of bad) assert.ok(!ProjectName.safeParse(name).success, String(name));
});

Deno.test("versions are semantic versions", () => {
  const version = (text: unknown) => Manifest.safeParse({ name: "demo", version: text }).success;
  for (
    const text of [
      "0.0.0",
      "1.2.3",
      "10.20.30",
      "1.0.0-rc.1",
      "1.0.0-0A.is.legal",
      "1.0.0+build.1-b",
      "1.0.0-a+b",
    ]
  ) {
    assert.ok(version(text), text);
  }
  const bad = [
    "",
    " ",
    "1",
    "1.0",
    "v1.0.0",
    "01.0.0",
    "1.0.0-",
    "1.0.0-01",
    "1.0.0+",
    "1.0.0 ",
    "latest",
    "../../x",
    "/tmp/x",
    "1.0.0-β",
    "1.0.0\n",
    `1.0.0-${"a".repeat(64)}`,
    1,
    null,
    true,
  ];
  for (const text of bad) assert.ok(!version(text), String(text));
});

Deno.test("backends are references that stay inside the project", () => {
  const problems = (backend: unknown) =>
    Manifest.safeParse({ name: "demo", backend }).error?.issues.map(({ message }) => message) ?? [];
  assert.deepEqual(problems("src/x.ts:Scorer"), []);
  assert.deepEqual(problems("../x.ts:Scorer"), ["the file must stay inside the project"]);
  assert.deepEqual(problems("inference.py:Backend"), ['the file must end in ".ts", ".mts", ".js" or ".mjs"']);
  assert.deepEqual(problems(5), ["must be a string"]);
});

Deno.test("defaults are fresh for every manifest", () => {
  const [one, other] = [Manifest.parse({ name: "a" }), Manifest.parse({ name: "b" })];
  assert.notEqual(one.config, other.config);
  assert.notEqual(one.env, other.env);
});

Deno.test("the JSON Schema describes every key, requires the name only and completes backend options", () => {
  const schema = manifestJsonSchema();
  const { properties, required, additionalProperties } = schema;
  assert.ok(isObject(properties));
  assert.deepEqual(Object.keys(properties), Object.keys(Manifest.shape));
  for (const [key, property] of Object.entries(properties)) {
    assert.ok(isObject(property) && typeof property.description === "string", key);
  }
  assert.deepEqual(required, ["name"]);
  assert.equal(additionalProperties, false);
  const { config } = properties;
  assert.ok(isObject(config) && isObject(config.properties));
  assert.equal(config.type, "object");
  assert.ok("featureNames" in config.properties);
  assert.ok(!("additionalProperties" in config), "a backend may have options of its own");
  assert.ok(
    isObject(schema.then) && isObject(schema.then.properties) && isObject(schema.then.properties.config),
  );
  const model = schema.then.properties.config;
  assert.ok(isObject(model.properties) && "device" in model.properties, "OnnxBackend has options of its own");
  assert.deepEqual([model.required, model.additionalProperties], [["model"], false]);
  assert.deepEqual(JSON.parse(JSON.stringify(schema)), schema);
});
