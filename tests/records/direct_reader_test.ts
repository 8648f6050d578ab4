import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { DirectReader } from "../../lib/records/direct_reader.ts";
import { TemplateCache } from "../../lib/records/template_cache.ts";
import { fakeDirectModel } from "../helpers/direct_model.ts";
import { bytesOf } from "../helpers/streams.ts";

const model = fakeDirectModel(["a", "b"]);
const KNOWN = '{"a":1,"s":"x","b":2}';

/** Whether a record matches the shape of KNOWN, and its row. */
function match(text: string): readonly number[] | undefined {
  const cache = new TemplateCache(model);
  cache.learn(KNOWN);
  const reader = new DirectReader(model, cache, bytesOf(text));
  const end = reader.match(0, 0);
  if (end === -1) return undefined;
  strictEqual(end, bytesOf(text).length);
  return [...reader.rows.subarray(0, 2)];
}

Deno.test("a record of a known shape is read without being parsed", () => {
  deepStrictEqual(match(KNOWN), [1, 2]);
  deepStrictEqual(match('{"a":-1.5,"s":"é\\u00e9\\n","b":2e3}'), [-1.5, 2000]);
  deepStrictEqual(match('{"a":true,"s":7,"b":false}'), [1, 0]);
  deepStrictEqual(match('{"a":null,"s":null,"b":3}'), [NaN, 3]);
});

Deno.test("anything that is not certain does not match", () => {
  const others = [
    '{"a":1,"s":"x","b":2',
    '{"a": 1,"s":"x","b":2}',
    '{"b":1,"s":"x","a":2}',
    '{"a":01,"s":"x","b":2}',
  ];
  others.push(
    '{"a":1,"s":[],"b":2}',
    '{"a":"1","s":"x","b":2}',
    '{"a":nul,"s":"x","b":2}',
    '{"a":1,"s":"\t","b":2}',
  );
  others.push(
    '{"a":1,"s":"x","b":}',
    '{"a":1,"s":x,"b":2}',
    '{"A":1,"s":"x","b":2}',
    '{"a":1,"s":"x,"b":2}',
    "{",
    "",
  );
  for (const text of others) strictEqual(match(text), undefined, text);
});

Deno.test("parse says what is wrong with a record, and learns the shape of a good one", () => {
  const bytes = bytesOf(`${KNOWN}{"a":"x"}[1]{x`);
  const cache = new TemplateCache(model);
  const reader = new DirectReader(model, cache, bytes);
  strictEqual(reader.match(0, 0), -1);
  strictEqual(reader.parse(0, KNOWN.length, 0), true);
  strictEqual(reader.match(0, 0), KNOWN.length);
  strictEqual(reader.parse(KNOWN.length, KNOWN.length + 9, 0), false);
  const faults = [[9, 12], [12, 14]].map(([from = 0, to = 0]) =>
    reader.parse(KNOWN.length + from, KNOWN.length + to, 0)
  );
  deepStrictEqual(faults.map((fault) => typeof fault === "object" && fault.code), [
    "event.not_object",
    "event.invalid_json",
  ]);
  const reading = new DirectReader(model, cache, Uint8Array.of(0x7b, 0xff, 0x7d)).parse(0, 3, 0);
  strictEqual(typeof reading === "object" && reading.code, "event.invalid_utf8");
});

Deno.test("rows grow as they are filled, and keep what they hold", () => {
  const cache = new TemplateCache(model);
  const reader = new DirectReader(model, cache, bytesOf(KNOWN));
  strictEqual(reader.parse(0, KNOWN.length, 0), true);
  for (let row = 1; row < 1000; row++) strictEqual(reader.match(0, row), KNOWN.length);
  deepStrictEqual(new Set(reader.rows.subarray(0, 2000)), new Set([1, 2]));
});
