import assert from "node:assert/strict";
import { examples, wholeNumber } from "../../lib/cli/options.ts";
import { fc } from "../helpers/fast_check.ts";

Deno.test("wholeNumber takes every whole number from its least on, and no smaller one", () => {
  fc.assert(fc.property(fc.nat(), fc.nat({ max: 1000 }), (number, least) => {
    const parse = wholeNumber(least);
    if (number >= least) assert.equal(parse(String(number)), number);
    else {assert.throws(() => parse(String(number)), {
        message: `It must be a whole number of at least ${least}`,
      });}
  }));
});

Deno.test("wholeNumber refuses what only looks like a whole number", () => {
  for (const text of ["", " 1", "1.0", "1e3", "-1", "+1", "0x10", "1_000", "NaN", "9007199254740993"]) {
    assert.throws(() => wholeNumber(0)(text), { code: "commander.invalidArgument" }, text);
  }
});

Deno.test("examples are set as commands to type", () => {
  assert.equal(examples("packflow a", "packflow b"), "\nExamples:\n  $ packflow a\n  $ packflow b");
});
