import assert from "node:assert/strict";
import { parseStrictJson } from "../../lib/sign/strict_json.ts";
import { fc } from "../helpers/fast_check.ts";

function parse(text: string | Uint8Array): unknown {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return parseStrictJson(bytes, (rule, cause) => {
    throw new Error(rule, { cause });
  });
}

Deno.test("any JSON comes out as it went in, however its members are named", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), fc.constantFrom(undefined, 1, "\t"), (text, space) => {
      const value = JSON.parse(text);
      assert.deepEqual(parse(JSON.stringify(value, null, space)), value);
    }),
  );
  assert.deepEqual(Object.keys(Object(parse('{"__proto__": {"a": 1}}'))), ["__proto__"]);
});

Deno.test("a member that stands twice is refused, however it is written and wherever it stands", () => {
  const twice = [
    '{"a":1,"a":1}',
    '{"a":1,"b":{"a":1},"a":2}',
    '{"a" :1,"\\u0061"\n:2}',
    '[[{"x":[{"y":1,"z":2,"y":3}]}]]',
    '{"":1,"":2}',
    '{"a\\"":1,"a\\"":2}',
    '{"\\\\":1,"\\\\":2}',
  ];
  for (const text of twice) assert.throws(() => parse(text), { message: /every member/ }, text);
  const once = [
    '{"a":{"a":1},"b":[{"a":1},{"a":1}]}',
    '["a","a",{"a":"a","b":"a"},"a"]',
    '{"a":"\\"a\\":1","b":"{\\"a\\":1,\\"a\\":2}"}',
    '{"a":"\\\\","b":"\\\\\\"","c":"a"}',
  ];
  for (const text of once) assert.deepEqual(parse(text), JSON.parse(text));
});

Deno.test("what is not UTF-8, or has more than one value, is refused", () => {
  const bad = ["", " ", "{}{}", "{}x", "{},", "\uFEFF{}", "{'a':1}", '{"a":1,}', "// x\n{}", "NaN", "{}\0"];
  for (const text of bad) assert.throws(() => parse(text), { message: /be JSON and nothing else/ }, text);
  assert.throws(() => parse(Uint8Array.of(0x22, 0xff, 0x22)), { message: /be UTF-8/ });
});

Deno.test("long strings and deep nesting are no trouble", () => {
  const long = `{"a":"${"\\\\x".repeat(1_000_000)}","b":1}`;
  assert.deepEqual(parse(long), JSON.parse(long));
  const deep = "[".repeat(5000) + "]".repeat(5000);
  assert.ok(Array.isArray(parse(deep)));
});
