import assert from "node:assert/strict";
import { exampleEvent, exampleTensors, isCode } from "../../lib/serve/example_event.ts";
import { BARE, LOGINS, PHISHING } from "../helpers/served_models.ts";

Deno.test("takes the model's sample", () => {
  assert.deepEqual(exampleEvent(PHISHING), PHISHING.sample);
});

Deno.test("without a sample makes an event of what the inputs take, paths as nested objects", () => {
  assert.deepEqual(exampleEvent(BARE), { pixels: [[0, 0], [0, 0]], name: "", seen: false });
  const { sample: _, ...rest } = PHISHING;
  assert.deepEqual(exampleEvent(rest), { popup_window: 0, https: 0, site: { age: 0 } });
});

Deno.test("a single field may hold the whole row", () => {
  const inputs = [{ name: "X", datatype: "INT32", shape: [-1, 3], fields: ["row"] }] as const;
  assert.deepEqual(exampleEvent({ ...BARE, inputs }), { row: [0, 0, 0] });
});

Deno.test("says nothing of what only code knows", () => {
  const { sample: _, ...rest } = LOGINS;
  assert.equal(isCode(rest), true);
  assert.equal(isCode(BARE), false);
  assert.deepEqual(exampleEvent(rest), {});
});

Deno.test("leaves out what is too large to read", () => {
  const sample = { text: "x".repeat(100_000) };
  assert.deepEqual(exampleEvent({ ...PHISHING, sample }), { popup_window: 0, https: 0, site: { age: 0 } });
  const inputs = [{ name: "image", datatype: "FP32", shape: [-1, 3, 224, 224] }] as const;
  assert.deepEqual(exampleEvent({ ...BARE, inputs }), { image: [] });
});

Deno.test("fields with names that JavaScript knows are fields like any other", () => {
  const inputs = [{
    name: "X",
    datatype: "FP32",
    shape: [-1, 3],
    fields: ["__proto__.a", "constructor", "a"],
  }] as const;
  const json = JSON.stringify(exampleEvent({ ...BARE, inputs }));
  assert.equal(json, '{"__proto__":{"a":0},"constructor":0,"a":0}');
  assert.equal(Object.hasOwn(Object.prototype, "a"), false);
});

Deno.test("makes tensors of one row: zeros, or the event's JSON where code takes it", () => {
  assert.deepEqual(exampleTensors(BARE), {
    inputs: [
      { name: "pixels", datatype: "FP32", shape: [1, 2, 2], data: [0, 0, 0, 0] },
      { name: "name", datatype: "BYTES", shape: [1, 1], data: [""] },
      { name: "seen", datatype: "BOOL", shape: [1], data: [false] },
    ],
  });
  const data = [JSON.stringify(LOGINS.sample)];
  assert.deepEqual(exampleTensors(LOGINS), {
    inputs: [{ name: "event", datatype: "BYTES", shape: [1], data }],
  });
  const inputs = [{ name: "image", datatype: "FP32", shape: [-1, 3, 224, 224] }] as const;
  assert.equal(exampleTensors({ ...BARE, inputs }), undefined);
});
