import { deepStrictEqual } from "node:assert/strict";
import { fieldTypesOf, plannedFieldTypes } from "../../lib/backend/field_types.ts";
import { InferenceBackend } from "../../lib/backend/inference_backend.ts";
import { OnnxBackend } from "../../lib/backend/onnx_backend.ts";
import type { InputPlan } from "../../lib/backend/onnx_plan.ts";
import type { JsonObject, Records } from "../../lib/base/json.ts";
import type { TensorType } from "../../lib/onnx/session.ts";
import { parsePath } from "../../lib/preprocess/field_path.ts";

const PHISHING = "tests/fixtures/models/phishing";

async function phishingConfig(): Promise<JsonObject> {
  const { feature_names } = JSON.parse(await Deno.readTextFile(`${PHISHING}/about.json`));
  return { model: "model.onnx", featureNames: feature_names };
}

Deno.test("each field has the type of the input it feeds", () => {
  const input = (type: TensorType, ...names: string[]): InputPlan => ({
    name: "x",
    type,
    batched: true,
    row: [names.length],
    fields: names.map((name) => parsePath(name, ".")),
    keysFirst: false,
    missingIsNaN: false,
  });
  const inputs = [
    input("float32", "a", "b.c"),
    input("float16", "d"),
    input("int64", "e"),
    input("uint8", "f"),
    input("bool", "g"),
    input("string", "h"),
  ];
  deepStrictEqual(Object.fromEntries(plannedFieldTypes({ inputs, outputs: [], batchSize: null })), {
    "a": "number",
    "b.c": "number",
    "d": "number",
    "e": "integer",
    "f": "integer",
    "g": "boolean",
    "h": "text",
  });
});

Deno.test("a model tells the types of its features", async () => {
  const config = await phishingConfig();
  await using backend = await OnnxBackend.create({ folder: PHISHING, config });
  const types = fieldTypesOf(backend);
  deepStrictEqual([...types.keys()], config.featureNames);
  deepStrictEqual(new Set(types.values()), new Set([...types.values()].slice(0, 1)));
});

Deno.test("code that makes fields of its own says nothing about those of events", async () => {
  class Prepared extends OnnxBackend {
    override transformInputs(records: Records): Records {
      return records;
    }
  }
  await using prepared = await Prepared.create({ folder: PHISHING, config: await phishingConfig() });
  deepStrictEqual(fieldTypesOf(prepared).size, 0);
  class Echo extends InferenceBackend {
    override execute(inputs: Records): Records {
      return inputs;
    }
  }
  await using echo = await Echo.create();
  deepStrictEqual(fieldTypesOf(echo).size, 0);
});
