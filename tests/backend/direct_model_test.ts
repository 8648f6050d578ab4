import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { directModelOf } from "../../lib/backend/direct_model.ts";
import { InferenceBackend } from "../../lib/backend/inference_backend.ts";
import { OnnxBackend } from "../../lib/backend/onnx_backend.ts";
import type { JsonObject, Records } from "../../lib/base/json.ts";
import type { TensorType } from "../../lib/onnx/session.ts";
import { withModelBackend } from "../helpers/model_backend.ts";
import { MODEL_NAMES, modelFixture } from "../helpers/model_fixture.ts";
import { type Dimension, identityModel } from "../helpers/onnx_model.ts";

const ABC = { featureNames: ["a", "b", "c"] };

function columnsOf(
  type: TensorType,
  shape: readonly Dimension[] | undefined,
  config: JsonObject,
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    withModelBackend(identityModel(type, shape), config, (backend) => {
      resolve(directModelOf(backend)?.columns);
      return Promise.resolve();
    }).catch(reject);
  });
}

Deno.test("a model with one input of floats in rows is offered, others are not", async () => {
  strictEqual(await columnsOf("float32", ["N", 3], ABC), 3);
  strictEqual(await columnsOf("float32", ["N", 5], ABC), 5);
  strictEqual(await columnsOf("float32", ["N", null], ABC), 3);
  strictEqual(await columnsOf("float32", ["N"], { featureNames: ["a"] }), 1);
  strictEqual(await columnsOf("float32", ["N", 2, 2], { featureNames: ["a"] }), undefined);
  strictEqual(await columnsOf("float32", [1, 3], ABC), undefined);
  strictEqual(await columnsOf("float64", ["N", 3], ABC), undefined);
  strictEqual(await columnsOf("string", ["N", 3], ABC), undefined);
});

Deno.test("of the model fixtures those with one numeric input are offered", async () => {
  for (const name of MODEL_NAMES) {
    const { folder, config } = await modelFixture(name);
    await using backend = await OnnxBackend.create({ folder, config });
    strictEqual(directModelOf(backend) !== undefined, name !== "solar_flare", name);
  }
});

Deno.test("fill puts an event where execute would, and leaves the rest to the ordinary way", async () => {
  await withModelBackend(identityModel("float32", ["N", 3]), { ...ABC, onMissing: "null" }, (backend) => {
    const model = directModelOf(backend);
    ok(model !== undefined && model.topLevel && model.nullIsNaN);
    const data = new Float32Array(6).fill(9);
    strictEqual(model.fill({ a: 1, b: true, c: null }, data, 1), true);
    deepStrictEqual([...data], [9, 9, 9, 1, 1, NaN]);
    for (const event of [{ a: "1" }, { a: [1, 2], b: 3, c: 4 }]) {
      strictEqual(model.fill(event, data, 0), false, JSON.stringify(event));
    }
    deepStrictEqual([...data], [9, 9, 9, 1, 1, NaN]);
    return Promise.resolve();
  });
});

Deno.test("run takes the rows at the start of the data", async () => {
  await withModelBackend(
    identityModel("float32", ["N", 2]),
    { featureNames: ["a", "b"] },
    async (backend) => {
      const data = Float32Array.of(1, 2, 3, 4, 5, 6);
      const outputs = await directModelOf(backend)?.run(data, 2);
      deepStrictEqual(outputs?.y, { type: "float32", data: Float32Array.of(1, 2, 3, 4), dims: [2, 2] });
    },
  );
});

Deno.test("a backend that answers in its own way is not offered", async () => {
  class Own extends OnnxBackend {
    override async execute(records: Records) {
      return (await super.execute(records)).map((result) => ({ ...result, own: true }));
    }
  }
  class After extends OnnxBackend {
    override transformOutputs = (outputs: readonly JsonObject[]) => outputs;
  }
  class Watching extends OnnxBackend {
    override async initialize() {
      await super.initialize();
    }
  }
  class Lazy extends OnnxBackend {
    override async initialize() {}
  }
  class Plain extends InferenceBackend {
    override execute(records: Records) {
      return records;
    }
  }
  const { folder, config } = await modelFixture("phishing");
  for (const Backend of [Own, After, Lazy, Watching]) {
    await using backend = await Backend.create({ folder, config });
    strictEqual(directModelOf(backend) !== undefined, Backend === Watching, Backend.name);
  }
  await using plain = await Plain.create();
  strictEqual(directModelOf(plain), undefined);
});
