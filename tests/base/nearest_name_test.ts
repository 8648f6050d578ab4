import assert from "node:assert/strict";
import { nearestName } from "../../lib/base/nearest_name.ts";
import { fc } from "../helpers/fast_check.ts";

const OPTIONS = ["verbose", "inputFormat", "renameFields", "featureNames", "flattenLists", "onMissing"];

Deno.test("a misspelt name finds the one that was meant", () => {
  const meant: [string, string][] = [
    ["featureName", "featureNames"],
    ["feature_names", "featureNames"],
    ["feature-names", "featureNames"],
    ["FEATURENAMES", "featureNames"],
    ["fetaureNames", "featureNames"],
    ["rename_field", "renameFields"],
    ["inputformat", "inputFormat"],
    ["verbos", "verbose"],
    ["onMising", "onMissing"],
  ];
  for (const [name, expected] of meant) assert.equal(nearestName(name, OPTIONS), expected, name);
});

Deno.test("a name like no other finds none", () => {
  for (const name of ["nope", "thresholds", "", "__", "x", "v".repeat(10_000)]) {
    assert.equal(nearestName(name, OPTIONS), undefined, name.slice(0, 20));
  }
  assert.equal(nearestName("a", ["b"]), undefined);
  assert.equal(nearestName("verbose", []), undefined);
});

Deno.test("of equally near names the first wins", () => {
  assert.equal(nearestName("colour", ["colours", "colour1"]), "colours");
});

Deno.test("a name finds itself, with any one letter dropped if it has four or more", () => {
  fc.assert(fc.property(fc.constantFrom(...OPTIONS), fc.nat(20), (name, at) => {
    assert.equal(nearestName(name, OPTIONS), name);
    const index = at % name.length;
    assert.equal(nearestName(name.slice(0, index) + name.slice(index + 1), OPTIONS), name);
  }));
});
