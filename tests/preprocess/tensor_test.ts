import assert from "node:assert/strict";
import type { EventRecord } from "../../lib/base/json.ts";
import { BackendConfig } from "../../lib/config/backend_config.ts";
import { createTensorize } from "../../lib/preprocess/tensor.ts";
import { fc } from "../helpers/fast_check.ts";

function tensorize(options: Record<string, unknown>, batch: EventRecord[]) {
  const { data, shape } = createTensorize(BackendConfig.parse(options))(batch, { eventIndex: 0 });
  return { data: Array.from(data), shape, type: data.constructor.name };
}

Deno.test("a row per event holds its features in order", () => {
  const featureNames = ["b.c", "a", "a"];
  assert.deepEqual(tensorize({ featureNames }, [{ a: 1, b: { c: 2 }, z: "no" }, { a: 3, b: { c: 4 } }]), {
    data: [2, 1, 1, 4, 3, 3],
    shape: [2, 3],
    type: "Float32Array",
  });
});

Deno.test("an empty batch has as many columns as features", () => {
  assert.deepEqual(tensorize({ featureNames: ["a", "b"] }, []).shape, [0, 2]);
});

Deno.test("float64 keeps what float32 rounds", () => {
  const batch = [{ id: 16_777_217 }];
  assert.deepEqual(tensorize({ featureNames: ["id"] }, batch).data, [16_777_216]);
  const exact = tensorize({ featureNames: ["id"], tensorType: "float64" }, batch);
  assert.deepEqual([exact.data, exact.type], [[16_777_217], "Float64Array"]);
});

Deno.test("booleans are 1 and 0", () => {
  assert.deepEqual(tensorize({ featureNames: ["a", "b", "l"] }, [{ a: true, b: false, l: [true, 5] }]).data, [
    1,
    0,
    1,
    5,
  ]);
});

Deno.test("arrays are spliced into the row, nested ones row by row", () => {
  const batch = [{ v: [1, 2], m: [[3], [4]], s: 5 }, { v: [6, 7], m: [[8], [9]], s: 10 }];
  const { data, shape } = tensorize({ featureNames: ["s", "m", "v"] }, batch);
  assert.deepEqual({ data, shape }, { data: [5, 3, 4, 1, 2, 10, 8, 9, 6, 7], shape: [2, 5] });
  assert.deepEqual(tensorize({ featureNames: ["v"] }, [{ v: [] }, { v: [] }]).shape, [2, 0]);
});

Deno.test("arrays of different lengths do not form a tensor", () => {
  const wrong: [EventRecord[], number, number][] = [
    [[{ v: [1, 2] }, { v: [1, 2, 3] }], 2, 3],
    [[{ v: [1, 2] }, { v: 1 }], 2, 1],
    [[{ v: 1 }, { v: [1, 2] }], 1, 2],
    [[{ v: [] }, { v: [1] }], 0, 1],
  ];
  for (const [batch, expected, got] of wrong) {
    assert.throws(() => tensorize({ featureNames: ["v"] }, batch), {
      code: "event.wrong_length",
      message:
        `Cannot put feature "v" into the tensor as it must hold ${expected} numbers like the events before: ` +
        `current value holds ${got}`,
    });
  }
  // The sum of the columns is the same, the features are not.
  const shifted = [{ a: [1, 2], b: [3] }, { a: [1], b: [2, 3] }];
  assert.throws(() => tensorize({ featureNames: ["a", "b"] }, shifted), { code: "event.wrong_length" });
});

Deno.test("what is no number is refused", () => {
  const wrong: [EventRecord[string], string][] = [
    ["1", '"1"'],
    ["", '""'],
    [{ x: 1 }, "of type object"],
    [["a"], '"a"'],
    [[{}], "of type object"],
  ];
  for (const [value, current] of wrong) {
    assert.throws(() => tensorize({ featureNames: ["f"] }, [{ f: value }]), {
      code: "event.not_numeric",
      message:
        'Cannot put feature "f" into the tensor as it must be a number, a boolean or an array of these: ' +
        `current value is ${current}`,
      place: { field: "f" },
    });
  }
});

Deno.test("a gap is an error, or NaN with onMissing null", () => {
  const featureNames = ["a", "b"];
  for (const onMissing of ["skip", "error"]) {
    for (const event of [{ a: 1 }, { a: 1, b: null }, { a: 1, b: [null] }]) {
      assert.throws(() => tensorize({ featureNames, onMissing }, [event]), {
        code: "event.missing_field",
        place: { field: "b" },
      });
    }
  }
  const filled = (batch: EventRecord[]) => tensorize({ featureNames, onMissing: "null" }, batch);
  assert.deepEqual(filled([{ a: 1 }, { a: null, b: 2 }]).data, [1, NaN, NaN, 2]);
  const wide = filled([{ a: 1 }, { a: 2, b: [3, null] }]);
  assert.deepEqual([wide.data, wide.shape], [[1, NaN, NaN, 2, 3, NaN], [2, 3]]);
});

Deno.test("a key spelt like a path is read first, as CSV headers need it", () => {
  assert.deepEqual(tensorize({ featureNames: ["sepal.length"] }, [{ "sepal.length": 5.5 }]).data, [5.5]);
});

Deno.test("renaming and flattening act as they do on records", () => {
  const options = {
    featureNames: ["x", "l.1"],
    renameFields: { "a.b": "x" },
    flattenNestedInputs: true,
    flattenLists: true,
  };
  assert.deepEqual(tensorize(options, [{ a: { b: 1 }, l: [2, 3] }]).data, [1, 3]);
});

Deno.test("a tensor without columns is refused", () => {
  assert.throws(() => tensorize({}, []), { code: "config.invalid", place: { field: "featureNames" } });
});

Deno.test("a batch of numbers gives the rows that its events give alone", () => {
  const value = fc.oneof(fc.double(), fc.boolean());
  const event = fc.record({
    a: value,
    b: fc.array(value, { minLength: 2, maxLength: 2 }),
    c: fc.record({ d: value }),
  });
  fc.assert(fc.property(fc.array(event, { minLength: 1, maxLength: 5 }), (batch) => {
    const options = { featureNames: ["c.d", "b", "a"], tensorType: "float64" };
    const { data, shape } = tensorize(options, batch);
    assert.deepEqual(data, batch.flatMap((one) => tensorize(options, [one]).data));
    assert.deepEqual(data, batch.flatMap(({ a, b, c }) => [c.d, ...b, a].map(Number)));
    assert.deepEqual(shape, [batch.length, 4]);
  }));
});
