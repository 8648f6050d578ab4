import assert from "node:assert/strict";
import { parseJsonWithComments } from "../../lib/config/json_with_comments.ts";
import { fc } from "../helpers/fast_check.ts";

function problemsOf(text: string): [string, number][] {
  return parseJsonWithComments(text).problems.map(({ code, offset }) => [code, offset]);
}

Deno.test("JSON with comments and trailing commas is read", () => {
  const text = '// top\n{ "a": [1, 2,], /* in */ "b": { "c": null, }, }\n// end';
  const { value, problems } = parseJsonWithComments(text);
  assert.deepEqual(value, { a: [1, 2], b: { c: null } });
  assert.deepEqual(problems, []);
});

Deno.test("any JSON gives what JSON.parse gives", () => {
  fc.assert(fc.property(fc.json({ maxDepth: 4 }), (text) => {
    const { value, problems } = parseJsonWithComments(text);
    assert.deepEqual(problems.filter(({ code }) => code !== "manifest.duplicate_key"), []);
    assert.deepEqual(value, JSON.parse(text));
  }));
});

Deno.test("prototype keys stay plain data", () => {
  const { value } = parseJsonWithComments('{ "__proto__": { "x": 1 }, "constructor": 2 }');
  assert.equal(JSON.stringify(value), '{"__proto__":{"x":1},"constructor":2}');
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
});

Deno.test("every syntax error is told, each once, at its place", () => {
  assert.deepEqual(problemsOf('{ "a": 1,, "b" 2 }'), [["manifest.syntax", 9], ["manifest.syntax", 15]]);
  assert.deepEqual(problemsOf("{ a: 1 }").at(0), ["manifest.syntax", 2]);
  assert.deepEqual(problemsOf('{ "a": 1'), [["manifest.syntax", 8]]);
  assert.deepEqual(problemsOf("{} x"), [["manifest.syntax", 3]]);
});

Deno.test("a text without a value is said to be empty or lacking one", () => {
  assert.deepEqual(parseJsonWithComments(" \n").problems, [{
    code: "manifest.syntax",
    reason: "it is empty",
    offset: 0,
  }]);
  const [problem] = parseJsonWithComments("// only this\n").problems;
  assert.equal(problem?.reason, "a value must stand here");
});

Deno.test("a key that stands twice is told, at any depth", () => {
  assert.deepEqual(problemsOf('{ "a": 1, "b": [{ "c": 1, "c": 2 }], "a": 3 }'), [
    ["manifest.duplicate_key", 26],
    ["manifest.duplicate_key", 37],
  ]);
});

Deno.test("values may nest 512 deep, not deeper, brackets in strings and comments not counted", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  assert.deepEqual(parseJsonWithComments(nested(512)).problems, []);
  assert.match(parseJsonWithComments(nested(513)).problems[0]?.reason ?? "", /at most 512 deep/);
  assert.match(parseJsonWithComments("[".repeat(1_000_000)).problems[0]?.reason ?? "", /at most 512 deep/);
  const quoted = JSON.stringify({ a: "[".repeat(600) }) + `// ${"{".repeat(600)}`;
  assert.deepEqual(parseJsonWithComments(quoted).problems, []);
});
