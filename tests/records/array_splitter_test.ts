import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ArraySplitter } from "../../lib/records/array_splitter.ts";
import { fc } from "../helpers/fast_check.ts";
import { bytesOf, cutAll, pieces } from "../helpers/streams.ts";

const split = (input: string, size = 1e9, maxEventBytes = 1e6) =>
  cutAll(new ArraySplitter({ maxEventBytes }), pieces(bytesOf(input), size));
const outline = (input: string, size?: number) => split(input, size).map(({ text, code }) => code ?? text);
const INVALID = "event.invalid_json";

Deno.test("the records of an array are its elements, each with its place", () => {
  deepStrictEqual(split('[\n  {"a":1} ,\n  {"b":\n2}, {"c":3}\n]\n'), [
    { text: '{"a":1}', offset: 4, line: 2, column: 3 },
    { text: '{"b":\n2}', offset: 16, line: 3, column: 3 },
    { text: '{"c":3}', offset: 26, line: 4, column: 5 },
  ]);
});

Deno.test("brackets, commas, quotes and backslashes in strings part nothing", () => {
  const elements = ['{"a":"]},[{"}', String.raw`{"b\"]":"\\","c":"\\\",]"}`, '[[1,[2]],{"d":[{}]}]', '"x,]"'];
  deepStrictEqual(outline(`[${elements.join(",")}]`), elements);
});

Deno.test("an empty array, and no input at all, hold no events", () => {
  for (const input of ["[]", " [ \n ] \n", "", " \n"]) deepStrictEqual(split(input), []);
});

Deno.test("any array, printed in any way and cut in any way, gives its elements", () => {
  const spaces = fc.constantFrom(undefined, 1, "\t");
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), spaces, fc.integer({ min: 1, max: 30 }), (values, space, size) => {
      const records = split(JSON.stringify(values, null, space), size);
      deepStrictEqual(
        records.map(({ text }) => JSON.stringify(JSON.parse(text))),
        values.map((v) => JSON.stringify(v)),
      );
      strictEqual(records.some(({ code }) => code !== undefined), false);
    }),
  );
});

Deno.test("cut anywhere, the elements that are whole come, then exactly one failure", () => {
  const values = [{ a: [1, { b: "],[" }] }, { c: '"\\' }, {}, { d: { e: [[]] } }];
  const input = ` ${JSON.stringify(values)} `;
  for (let cut = 2; cut < input.length - 1; cut++) {
    const records = split(input.slice(0, cut), 5);
    const good = records.filter(({ text, code }) => code === undefined && isJson(text)).map(({ text }) =>
      text
    );
    const whole = values.map((value) => JSON.stringify(value)).filter((text) =>
      input.indexOf(text) + text.length <= cut
    );
    deepStrictEqual(good, whole, `cut at ${cut}`);
    strictEqual(records.length, whole.length + 1, `cut at ${cut}`);
  }
});

Deno.test("empty places and a comma before the end are failures, and the rest goes on", () => {
  deepStrictEqual(outline("[1,,2]"), ["1", INVALID, "2"]);
  deepStrictEqual(outline("[,1]"), [INVALID, "1"]);
  deepStrictEqual(outline("[1,]"), ["1", INVALID]);
});

Deno.test("text after the array is one failure, however long and in whatever chunks", () => {
  for (const size of [1, 4, 1e9]) {
    deepStrictEqual(outline('[1] {"a":1}\n{"b":2}', size), ["1", INVALID]);
    deepStrictEqual(outline("[1]]", size), ["1", INVALID]);
  }
  deepStrictEqual(split("[]\n\n  x")[0], { text: "x", offset: 6, line: 3, column: 3, code: INVALID });
});

Deno.test("an element with brackets that do not match is left to the parser", () => {
  deepStrictEqual(outline('[{"a":1}},{"b":2}]'), ['{"a":1}}', '{"b":2}']);
  deepStrictEqual(outline("[{}{},1]"), ["{}{}", "1"]);
});

Deno.test("input that is no array is one record", () => {
  deepStrictEqual(outline('\n {"a":\n1} \n', 2), ['{"a":\n1}']);
});

Deno.test("an element over the limit is one failure, and the rest goes on", () => {
  for (const size of [1, 5, 1e9]) {
    const records = split(`[{"a":1}, {"b":"${"],".repeat(30)}"}, {"c":3}]`, size, 20);
    deepStrictEqual(records.map(({ text, code }) => code ?? text), ['{"a":1}', "event.too_large", '{"c":3}']);
  }
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
