import assert from "node:assert/strict";
import { parseNpmSpecifier } from "../../lib/loader/npm_specifier.ts";

Deno.test("a specifier has a name, a range where npm: says one, and a subpath", () => {
  const cases: [string, string, string | undefined, string][] = [
    ["lodash", "lodash", undefined, "."],
    ["lodash/fp/get.js", "lodash", undefined, "./fp/get.js"],
    ["@scope/name", "@scope/name", undefined, "."],
    ["@scope/name/sub", "@scope/name", undefined, "./sub"],
    ["npm:lodash", "lodash", undefined, "."],
    ["npm:lodash@4", "lodash", "4", "."],
    ["npm:lodash@^4.17.0/fp", "lodash", "^4.17.0", "./fp"],
    ["npm:/lodash@4/fp", "lodash", "4", "./fp"],
    ["npm:@scope/name@1.2.3/sub/x.js", "@scope/name", "1.2.3", "./sub/x.js"],
    ["npm:@scope/name/sub", "@scope/name", undefined, "./sub"],
    ["npm:lodash@%3E%3D4", "lodash", ">=4", "."],
    ["npm:lodash@100%/x", "lodash", "100%", "./x"],
    ["lodash/", "lodash", undefined, "."],
  ];
  for (const [specifier, name, range, subpath] of cases) {
    assert.deepEqual(parseNpmSpecifier(specifier), { name, range, subpath }, specifier);
  }
});

Deno.test("what cannot be a package's name is none", () => {
  for (const specifier of ["", "./a", "../a", "/a", ".hidden", "@scope", "npm:", "jsr:@a/b", "a b", "a\\b"]) {
    assert.equal(parseNpmSpecifier(specifier), undefined, specifier);
  }
});
