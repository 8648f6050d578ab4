import { deepStrictEqual } from "node:assert/strict";
import { rowsHint } from "../../lib/serve/rows_hint.ts";

Deno.test("the first number of the first shape is found, whatever stands before it", () => {
  const hints = [
    '{"inputs":[{"name":"x","shape":[12,9]}]}',
    '{"id":"a\\"b","inputs":[{"shape" : [ 3 ]}, {"shape":[4]}]}',
    '{"inputs":[]}',
    '{"inputs":[{"shape":[]}]}',
    '{"inputs":[{"shape":[0,2]}]}',
    '{"inputs":[{"shape":[99999999999999]}]}',
    "",
    '"shape"',
  ].map((text) => rowsHint(new TextEncoder().encode(text)));
  deepStrictEqual(hints, [12, 3, 1, 1, 1, 999999999, 1, 1]);
});
