import assert from "node:assert/strict";
import { parseJsonWithComments } from "../../lib/config/json_with_comments.ts";
import { setInJson } from "../../lib/config/set_in_json.ts";
import { fc } from "../helpers/fast_check.ts";

Deno.test("a value that is there is replaced, its comment stays", () => {
  const text = '{\n  // how\n  "run": { "batchSize": 1 /* few */, "workers": 2 } // end\n}\n';
  assert.equal(setInJson(text, ["run", "batchSize"], 256), text.replace("1 /*", "256 /*"));
});

Deno.test("a new property follows the last one, whose comment stays with it", () => {
  const text = '{\n  "a": 1, // one\n  "b": 2 // two\n  // the end\n}\n';
  assert.equal(
    setInJson(text, ["c"], 3),
    '{\n  "a": 1, // one\n  "b": 2, // two\n  "c": 3\n  // the end\n}\n',
  );
});

Deno.test("a trailing comma stays where a property is added", () => {
  assert.equal(
    setInJson('{\n\t"a": 1, // one\n}', ["b"], true),
    '{\n\t"a": 1, // one\n\t"b": true,\n}',
  );
});

Deno.test("objects on the way are made", () => {
  assert.equal(
    setInJson('{\r\n  "a": {}\r\n}\r\n', ["run", "workers"], 2),
    '{\r\n  "a": {},\r\n  "run": {\r\n    "workers": 2\r\n  }\r\n}\r\n',
  );
  assert.equal(
    setInJson('{\n  "a": {\n    // nothing\n  }\n}\n', ["a", "b"], "c"),
    '{\n  "a": {\n    // nothing\n    "b": "c"\n  }\n}\n',
  );
  assert.equal(setInJson('{ "a": { "b": 1 } }', ["a", "c"], [1]), '{ "a": { "b": 1, "c": [ 1 ] } }');
});

Deno.test("what cannot hold the value is left alone", () => {
  assert.equal(setInJson('{"a": 1}', ["a", "b"], 2), '{"a": 1}');
  assert.equal(setInJson("", ["a"], 2), "");
});

Deno.test("whatever the layout, the value is there after and all else is as before", () => {
  const space = fc.constantFrom("", " ", "\n", "\r\n  ", " // x\n", " /* y */ ", "/* a\nb */\n");
  const layout = fc.record({
    gaps: fc.array(space, { minLength: 12, maxLength: 12 }),
    trailing: fc.boolean(),
    entries: fc.uniqueArray(fc.constantFrom("a", "b", "run", "config"), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(
      layout,
      fc.constantFrom(["z"], ["run", "x"], ["new", "y"]),
      ({ gaps, trailing, entries }, path) => {
        let at = 0;
        const gap = () => gaps[at++ % gaps.length] ?? "";
        const properties = entries.map((key) =>
          `${gap()}"${key}"${gap()}:${gap()}${key === "run" ? `{${gap()}}` : '"v, // }"'}${gap()}`
        );
        const text = `{${properties.join(",")}${trailing && entries.length > 0 ? "," : ""}${gap()}}`;
        const before = parseJsonWithComments(text);
        assert.deepEqual(before.problems, []);
        const after = parseJsonWithComments(setInJson(text, path, 7));
        assert.deepEqual(after.problems, []);
        const [first = "", second] = path;
        const value = second === undefined ? 7 : { [second]: 7 };
        assert.deepEqual(after.value, { ...Object(before.value), [first]: value });
      },
    ),
    { seed: 6, numRuns: 2000 },
  );
});
