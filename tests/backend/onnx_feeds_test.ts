import assert from "node:assert/strict";
import { onnxFeed } from "../../lib/backend/onnx_feeds.ts";
import type { InputPlan } from "../../lib/backend/onnx_plan.ts";
import type { EventRecord, JsonValue } from "../../lib/base/json.ts";
import { parsePath } from "../../lib/preprocess/field_path.ts";
import { fc } from "../helpers/fast_check.ts";
import { rejects } from "../helpers/rejects.ts";

function plan(names: readonly string[], options: Partial<InputPlan> = {}): InputPlan {
  const fields = names.map((name) => parsePath(name, "."));
  const rest = { batched: true, row: [names.length], keysFirst: false, missingIsNaN: false };
  return { name: "X", type: "float32", ...rest, ...options, fields };
}

const fails = (of: InputPlan, records: readonly EventRecord[], code: string, message: RegExp) =>
  rejects(() => onnxFeed(of, records, 0), code, message);

Deno.test("onnxFeed puts the features of each event in a row, in the plan's order", () => {
  const records = [{ a: 1, b: 2, other: "x" }, { b: 4, a: 3 }];
  assert.deepEqual(onnxFeed(plan(["b", "a"]), records, 0), {
    type: "float32",
    data: Float32Array.of(2, 1, 4, 3),
    dims: [2, 2],
  });
});

Deno.test("onnxFeed splices arrays into the row, between scalars and of any split", () => {
  const of = plan(["a", "list", "b"], { row: [5], type: "int32" });
  const records: EventRecord[] = [{ a: 1, list: [2, 3, 4], b: 5 }, { a: [6, 7], list: [8, 9], b: [10] }];
  assert.deepEqual(onnxFeed(of, records, 0).data, Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
});

Deno.test("onnxFeed takes the width from the first event where the model leaves it open", async () => {
  const of = plan(["a", "list"], { row: [null] });
  assert.deepEqual(onnxFeed(of, [{ a: 1, list: [2, 3] }, { a: 4, list: [5, 6] }], 0).dims, [2, 3]);
  const uneven = [{ a: 1, list: [2, 3] }, { a: 4, list: [5] }];
  const error = await fails(
    of,
    uneven,
    "event.wrong_type",
    /from event 1 .*must make up 3 elements: they make 2/,
  );
  assert.deepEqual(error.place, { eventIndex: 1, field: "list" });
});

Deno.test("onnxFeed reads nested fields by path", async () => {
  const of = plan(["source.port", "n"]);
  assert.deepEqual(onnxFeed(of, [{ source: { port: 443 }, n: 1 }], 0).data, Float32Array.of(443, 1));
  await fails(of, [{ "source.port": 443, n: 1 }], "event.delimiter_collision", /source\.port/);
  const spelt = plan(["source.port", "n"], { keysFirst: true });
  assert.deepEqual(onnxFeed(spelt, [{ "source.port": 443, n: 1 }], 0).data, Float32Array.of(443, 1));
});

Deno.test("onnxFeed has a dimension for events alone for rank 1, and none for rank 0", () => {
  assert.deepEqual(onnxFeed(plan(["a"], { row: [] }), [{ a: 1 }, { a: 2 }], 0).dims, [2]);
  assert.deepEqual(onnxFeed(plan(["a"], { row: [], batched: false }), [{ a: 1 }], 0).dims, []);
});

Deno.test("onnxFeed fills rows of more dimensions from nested arrays, checked against the declared sizes", async () => {
  const of = plan(["image"], { row: [2, null] });
  const records: EventRecord[] = [{ image: [[1, 2, 3], [4, 5, 6]] }, { image: [[7, 8, 9], [10, 11, 12]] }];
  assert.deepEqual(onnxFeed(of, records, 0), {
    type: "float32",
    data: Float32Array.from({ length: 12 }, (_, index) => index + 1),
    dims: [2, 2, 3],
  });
  const message = (field: string, rest: string) => new RegExp(`field "${field}" must be ${rest}$`);
  const bad: readonly [JsonValue, RegExp][] = [
    [[[1, 2, 3]], message("image", "an array of 2 items: current value is an array of 1 items")],
    [[[1, 2], [3]], message("image\\[1\\]", "an array of 2 items: current value is an array of 1 items")],
    [[[1, 2], [3, "4"]], message("image\\[1\\]\\[1\\]", 'a number: current value is "4"')],
    [[[1, 2], [3, [4]]], message("image\\[1\\]\\[1\\]", "a number: current value is an array of 1 items")],
    [5, message("image", "an array of 2 items: current value is 5")],
  ];
  for (const [image, expected] of bad) await fails(of, [{ image }], "event.wrong_type", expected);
  await fails(of, [{}], "event.missing_field", /"image"/);
});

Deno.test("onnxFeed names event, field, what was expected and what was there", async () => {
  const of = plan(["bytes", "ports"], { row: [3], type: "uint8" });
  const good = { bytes: 1, ports: [2, 3] };
  const cases: readonly [EventRecord, string, string][] = [
    [{ ...good, bytes: "12" }, "bytes", '"12"'],
    [{ ...good, bytes: 256 }, "bytes", "256"],
    [{ ...good, bytes: 0.5 }, "bytes", "0.5"],
    [{ ...good, bytes: null }, "bytes", "null"],
    [{ ...good, bytes: { n: 1 } }, "bytes", "of kind object"],
    [{ ...good, ports: [2, null] }, "ports[1]", "null"],
    [{ ...good, ports: [2, [3]] }, "ports[1]", "an array of 1 items"],
  ];
  for (const [event, field, got] of cases) {
    const error = await rejects(() => onnxFeed(of, [good, event], 40), "event.wrong_type", /./);
    assert.equal(
      error.message,
      `Cannot feed input "X" from event 41 as its field "${field}" must be an integer from 0 to 255: ` +
        `current value is ${got}`,
    );
    assert.deepEqual(error.place, { eventIndex: 41, field });
  }
});

Deno.test("onnxFeed reports a missing field with the nearest one there is", async () => {
  const error = await fails(
    plan(["zurich_class", "b"]),
    [{ "zurich-class": 1, b: 2 }],
    "event.missing_field",
    /^Cannot feed input "X" from event 0 as the event must have the field "zurich_class": it has "zurich-class"$/,
  );
  assert.deepEqual(error.place, { eventIndex: 0, field: "zurich_class" });
  assert.equal(error.remedy, undefined);
  const unnamed = await fails(plan(["X"]), [{ b: 2 }], "event.missing_field", /must have the field "X"$/);
  assert.match(unnamed.remedy ?? "", /Set featureNames/);
});

Deno.test("onnxFeed finds nothing in an event's prototype", async () => {
  for (const name of ["toString", "constructor", "__proto__", "hasOwnProperty"]) {
    for (const type of ["float32", "string", "bool", "int64"] as const) {
      await fails(plan([name], { type }), [{}], "event.missing_field", new RegExp(name));
    }
    const own: EventRecord = JSON.parse(`{"${name}": 5}`);
    assert.deepEqual(onnxFeed(plan([name]), [own], 0).data, Float32Array.of(5));
  }
});

Deno.test("onnxFeed puts NaN for missing and null fields where the plan says so", async () => {
  const of = plan(["a", "n.b"], { missingIsNaN: true });
  assert.deepEqual(onnxFeed(of, [{ a: null }, { n: { b: 2 } }], 0).data, Float32Array.of(NaN, NaN, NaN, 2));
  await fails(of, [{ a: "x", n: { b: 1 } }], "event.wrong_type", /"a"/);
});

Deno.test("onnxFeed says that featureNames must be as many as the model's row is wide", async () => {
  const error = await fails(
    plan(["a", "b"], { row: [3] }),
    [{ a: 1, b: 2 }],
    "config.invalid",
    /3 elements .*2 scalar/,
  );
  assert.equal(error.place.eventIndex, 0);
  const arrays = [{ a: [1, 2, 3, 4], b: 2 }];
  await fails(plan(["a", "b"], { row: [3] }), arrays, "event.wrong_type", /3 elements: they make 5, .*"a"/);
});

Deno.test("onnxFeed of a batch is the feeds of its events one after the other", () => {
  const value = fc.oneof(fc.double(), fc.integer(), fc.boolean());
  const event = fc.record({
    a: value,
    b: fc.record({ c: value }),
    list: fc.array(value, { minLength: 2, maxLength: 2 }),
  });
  const of = plan(["list", "b.c", "a"], { row: [4] });
  fc.assert(fc.property(fc.array(event, { minLength: 1, maxLength: 6 }), (events) => {
    const batch = onnxFeed(of, events, 0).data;
    assert.deepEqual([...batch], events.flatMap((each) => [...onnxFeed(of, [each], 0).data]));
  }));
});
