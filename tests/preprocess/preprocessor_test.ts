import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import type { EventRecord, Records } from "../../lib/base/json.ts";
import { BackendConfig } from "../../lib/config/backend_config.ts";
import { createPreprocessor } from "../../lib/preprocess/preprocessor.ts";
import type { TensorBatch } from "../../lib/preprocess/tensor.ts";
import { fc } from "../helpers/fast_check.ts";
import { events, preprocessConfigs } from "../helpers/preprocess_arbitraries.ts";

/** What a preprocessor makes of a batch, or the code of its error. */
function attempt(config: BackendConfig, batch: EventRecord[]): Records | TensorBatch | string {
  try {
    return createPreprocessor(config).process(batch);
  } catch (error) {
    if (error instanceof PackflowError) return error.code;
    throw error;
  }
}

const configs = fc.tuple(
  preprocessConfigs,
  fc.constantFrom<BackendConfig["inputFormat"]>("records", "tensor"),
)
  .map(([config, inputFormat]) => ({ ...config, inputFormat }));

Deno.test("preprocessing never changes the events", () => {
  fc.assert(
    fc.property(configs, fc.array(events, { maxLength: 4 }), (config, batch) => {
      const before = JSON.stringify(batch);
      attempt(config, batch);
      assert.equal(JSON.stringify(batch), before);
    }),
    { numRuns: 500 },
  );
});

Deno.test("a batch of records is prepared as each of its events alone", () => {
  fc.assert(
    fc.property(preprocessConfigs, fc.array(events, { maxLength: 4 }), (config, batch) => {
      const together = attempt(config, batch);
      const alone = batch.map((event) => attempt(config, [event]));
      const failed = alone.find((result) => typeof result === "string");
      if (typeof together === "string") {
        assert.ok(together === failed || (batch.length === 0 && together === "config.invalid"));
      } else {
        assert.equal(failed, undefined);
        assert.equal(JSON.stringify(together), JSON.stringify(alone.flat()));
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("a prepared batch shares no state with the next", () => {
  fc.assert(fc.property(preprocessConfigs, events, events, (config, one, other) => {
    let preprocessor;
    try {
      preprocessor = createPreprocessor(config);
      const first = preprocessor.process([one]);
      const before = JSON.stringify(first);
      preprocessor.process([other]);
      assert.equal(JSON.stringify(first), before);
    } catch (error) {
      assert.ok(error instanceof PackflowError);
    }
  }));
});

Deno.test("passthrough, and records without anything to do, hand on the very batch", () => {
  const batch = [{ a: 1, "a.b": null }, {}];
  for (const inputFormat of ["passthrough", "records"]) {
    const same = BackendConfig.parse({ inputFormat, renameFields: { a: "a" }, flattenLists: true });
    assert.equal(createPreprocessor(same).process(batch), batch);
  }
  const ignored = BackendConfig.parse({ inputFormat: "passthrough", featureNames: ["a"] });
  assert.equal(createPreprocessor(ignored).process(batch), batch);
});

Deno.test("an event that is no object is refused with its index", () => {
  for (const inputFormat of ["records", "tensor"]) {
    const preprocessor = createPreprocessor(BackendConfig.parse({ inputFormat, featureNames: ["a"] }));
    for (const [event, kind] of [[null, "null"], [[1], "array"], ["a", "string"], [undefined, "undefined"]]) {
      assert.throws(() => preprocessor.process([{ a: 1 }, event as unknown as EventRecord]), {
        code: "event.not_object",
        message: `Cannot prepare event 1 as it must be an object: current value is ${kind}`,
        place: { eventIndex: 1 },
      });
    }
    for (const batch of [null, { a: 1 }, "ab"]) {
      assert.throws(() => preprocessor.process(batch as unknown as Records), { code: "event.not_object" });
    }
  }
});

Deno.test("an error says which event and which field", () => {
  const strict = createPreprocessor(BackendConfig.parse({ featureNames: ["a.b"], onMissing: "error" }));
  assert.throws(() => strict.process([{ a: { b: 1 } }, { a: {} }]), {
    code: "event.missing_field",
    message: 'Cannot prepare the event as it must hold the feature "a.b": current value is missing',
    place: { eventIndex: 1, field: "a.b" },
  });
  assert.throws(() => strict.process([{ a: { b: 1 } }, { a: { b: 1 } }, { a: { b: 1 }, "a.b": 2 }]), {
    code: "event.delimiter_collision",
    place: { eventIndex: 2, field: "a.b" },
  });
});
