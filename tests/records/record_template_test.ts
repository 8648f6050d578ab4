import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { learnTemplate, viewOf } from "../../lib/records/record_template.ts";
import { fakeDirectModel } from "../helpers/direct_model.ts";
import { textOf } from "../helpers/streams.ts";

function learn(text: string, keys: readonly string[], topLevel = true) {
  const template = learnTemplate(text, fakeDirectModel(keys, topLevel));
  if (template === undefined) return undefined;
  const { literal, ends, columns, nullable, missing } = template;
  const parts = [...ends, literal.length].map((end, index) =>
    textOf(literal.slice(ends[index - 1] ?? 0, end))
  );
  return { parts, columns: [...columns], nullable: [...nullable], missing };
}

Deno.test("a template knows what stands around the values, and the column of each", () => {
  deepStrictEqual(learn('{ "b" : 1.5e3,"s":"x\\"1","a":-2, "n": null, "t": true }', ["a", "b", "c"]), {
    parts: ['{ "b" : ', ',"s":', ',"a":', ', "n": ', ', "t": ', " }"],
    columns: [1, -1, 0, -1, -1],
    nullable: [1, 1, 1, 1, 1],
    missing: [2],
  });
});

Deno.test("of two equal keys the last one counts, as for JSON.parse", () => {
  deepStrictEqual(learn('{"a":1,"a":2,"\\u0061":3}', ["a"])?.columns, [-1, -1, 0]);
});

Deno.test("values inside objects and arrays are found, and null is a part of the shape where inner keys count", () => {
  const found = learn('{"o":{"x":1,"é":[2,"]",null]},"z":null}', ["o.x"], false);
  deepStrictEqual(found?.parts, ['{"o":{"x":', ',"é":[', ",", ',null]},"z":null}']);
  deepStrictEqual(found?.columns, [0, -1, -1]);
  deepStrictEqual(found?.nullable, [0, 0, 0]);
});

Deno.test("an event that the model does not take, or with too many values, has no template", () => {
  strictEqual(learn('{"a":"x"}', ["a"]), undefined);
  strictEqual(learn('{"a":1}', ["a", "a"]), undefined);
  strictEqual(learn(`{"a":1,"l":[${"0,".repeat(5000)}0]}`, ["a"]), undefined);
});

Deno.test("viewOf looks at the part of the buffer that the bytes are", () => {
  const view = viewOf(Uint8Array.of(1, 2, 3, 4, 5).subarray(1, 3));
  deepStrictEqual([view.byteLength, view.getUint8(0)], [2, 2]);
});
