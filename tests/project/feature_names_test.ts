import assert from "node:assert/strict";
import { namedFeatures } from "../../lib/project/feature_names.ts";
import { fc } from "../helpers/fast_check.ts";

const names = (text: string) => namedFeatures({ feature_names: text })?.names;

Deno.test("reads names as people write them", () => {
  const expected = ["sepal length (cm)", "b's", "c"];
  const texts = [
    '["sepal length (cm)", "b\'s", "c"]',
    "['sepal length (cm)', \"b's\", 'c']",
    "('sepal length (cm)', 'b\\'s', 'c',)",
    "['sepal length (cm)' 'b\\'s'\n 'c']",
    "Index(['sepal length (cm)', 'b\\'s', 'c'], dtype='object')",
    "array(['sepal length (cm)', 'b\\'s', 'c'], dtype=object)",
    "sepal length (cm), b's ,c",
    "sepal length (cm);b's;c",
    "sepal length (cm)\nb's\r\nc",
    '{"sepal length (cm)": 0, "c": 2, "b\'s": 1}',
    '{"1": "b\'s", "0": "sepal length (cm)", "2": "c"}',
    '[{"name": "sepal length (cm)"}, {"name": "b\'s"}, {"name": "c", "type": "float"}]',
  ];
  for (const text of texts) assert.deepEqual(names(text), expected, text);
});

Deno.test("takes nothing for names that is not", () => {
  const texts = [
    "",
    " ",
    "a,,b",
    "a,b,a",
    "[]",
    "[1, 2]",
    '["a", 1]',
    '["a", "b"',
    "['a', 'b",
    '{"a": "float", "b": "int"}',
    '{"a": 0, "b": 0}',
    "{0: 'person', 1: 'dog'}",
  ];
  for (const text of texts) assert.equal(names(text), undefined, text);
});

Deno.test("finds the most telling key, however it is spelt", () => {
  assert.equal(namedFeatures({ author: "a,b" }), undefined);
  assert.deepEqual(namedFeatures({ columns: "a,b", "train.Feature-Names_": "c,d" }), {
    key: "train.Feature-Names_",
    names: ["c", "d"],
  });
  assert.deepEqual(namedFeatures({ feature_names: "[", feature_order: "a,b" })?.names, ["a", "b"]);
});

Deno.test("gives back whatever names JSON or Python lists hold", () => {
  const list = fc.uniqueArray(
    fc.string({ unit: "binary", minLength: 1 }).filter((name) => name.trim() !== ""),
    {
      minLength: 1,
      maxLength: 5,
    },
  );
  fc.assert(fc.property(list, (list) => {
    assert.deepEqual(names(JSON.stringify(list)), list);
    const quoted = list.map((name) => `'${name.replace(/[\\']/g, "\\$&")}'`);
    assert.deepEqual(names(`[${quoted.join(", ")}]`), list);
  }));
  fc.assert(fc.property(fc.string(), (text) => {
    const found = names(text);
    assert.equal(new Set(found).size, found?.length ?? 0);
  }));
});
