import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { findJsonFault } from "../../lib/records/json_fault.ts";
import { fc } from "../helpers/fast_check.ts";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

Deno.test("the fault is the first character that cannot stand there", () => {
  const cases: [string, number, string][] = [
    ['{"a":tru}', 8, '"}"'],
    ['{"a":1,}', 7, '"}"'],
    ["{a:1}", 1, '"a"'],
    ['{"a" 1}', 5, '"1"'],
    ["[1 2]", 3, '"2"'],
    ['{"a":1', 6, "end"],
    ["", 0, "end"],
    ["01", 1, '"1"'],
    ["1.", 1, '"."'],
    ["-", 0, '"-"'],
    ['"a\nb"', 2, '"U+000A"'],
    [String.raw`"\x"`, 2, '"x"'],
    [String.raw`"\u12G4"`, 5, '"G"'],
    ['{"a":1}"', 7, "a quote"],
    ["\u{1F600}", 0, '"U+1F600"'],
    ["NaN", 0, '"N"'],
  ];
  for (const [text, position, found] of cases) {
    deepStrictEqual(findJsonFault(text), { position, found }, text);
  }
});

Deno.test("a text has a fault exactly when JSON.parse refuses it", () => {
  fc.assert(
    fc.property(
      fc.json(),
      fc.nat(),
      fc.constantFrom(...'{}[]",:\\0-+.eEtfnu \n\tx\u0001é'),
      (json, at, put) => {
        strictEqual(findJsonFault(json), undefined);
        const place = at % (json.length + 1);
        for (const text of [json.slice(0, place), json.slice(0, place) + put + json.slice(place + 1)]) {
          strictEqual(findJsonFault(text) === undefined, isJson(text), text);
        }
      },
    ),
    { numRuns: 2000 },
  );
});
