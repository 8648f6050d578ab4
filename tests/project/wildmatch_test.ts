import assert from "node:assert/strict";
import { literalPrefix, wildmatch } from "../../lib/project/wildmatch.ts";

/** Pattern, then what it matches, then what it does not. */
const CASES: readonly [pattern: string, matched: string[], not: string[]][] = [
  ["", [""], ["a"]],
  ["a?c", ["abc"], ["ac", "a/c", "abcd"]],
  ["*.log", ["a.log", ".log"], ["a/b.log", "a.logs"]],
  ["a/*/b", ["a/x/b"], ["a/b", "a/x/y/b"]],
  ["a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["a/xb", "ab"]],
  ["**/b", ["b", "x/b", "x/y/b"], ["xb"]],
  ["a/**", ["a/x", "a/x/y"], ["a", "ab"]],
  ["a**b", ["ab", "axb"], ["a/b", "axxc"]],
  ["a/**b", ["a/xb"], ["a/x/b"]],
  ["[a-c]", ["a", "c"], ["d", "-", "/"]],
  ["[!a-c]", ["d", "-"], ["a", "/"]],
  ["[^]]", ["a"], ["]"]],
  ["[]-]", ["]", "-"], ["a"]],
  ["[a-]", ["a", "-"], ["b"]],
  ["[\\]]", ["]"], ["\\"]],
  ["[[:digit:][:upper:]]", ["1", "Z"], ["z"]],
  ["[[:digit]", [":", "[", "t"], ["1"]],
  ["[[:nonsense:]]", [], ["n", ":"]],
  ["[[:constructor:]]", [], ["c"]],
  ["[a", [], ["a", "[a"]],
  ["[a-\\", [], ["a"]],
  ["\\*", ["*"], ["a", "\\*"]],
  ["a\\", [], ["a", "a\\"]],
  ["*[", [], ["a["]],
];

Deno.test("matches as git's matcher does", () => {
  for (const [pattern, matched, not] of CASES) {
    for (const text of matched) assert.equal(wildmatch(pattern, text), true, `${pattern} matches ${text}`);
    for (const text of not) {
      assert.equal(wildmatch(pattern, text), false, `${pattern} does not match ${text}`);
    }
  }
});

Deno.test("a pattern of many stars takes no time beyond its size", () => {
  assert.equal(wildmatch(`${"*a".repeat(40)}b`, "a".repeat(400)), false);
  assert.equal(wildmatch(`${"**/a/".repeat(30)}b`, "a/".repeat(200)), false);
});

Deno.test("finds the part before the first special character", () => {
  assert.deepEqual(["abc", "a*", "a\\b", "[x]", "a/b?"].map(literalPrefix), ["abc", "a", "a", "", "a/b"]);
});
