import assert from "node:assert/strict";
import { ERROR_CODES } from "../../lib/base/error_codes.ts";

const CODES = Object.entries(ERROR_CODES);
const CONTRACTION = /n't\b|\w'(re|ve|ll|d|m)\b|\b(it|that|there|what|who|let|here)'s\b/i;

Deno.test("a code is a class and a reason in lower case", () => {
  for (const [code] of CODES) assert.match(code, /^[a-z]+\.[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
});

Deno.test("codes are sorted by class and then by reason", () => {
  const codes = CODES.map(([code]) => code);
  const key = (code: string) => code.split(".").join("\0");
  assert.deepEqual(codes, codes.toSorted((a, b) => key(a) < key(b) ? -1 : 1));
});

Deno.test("causes and remedies are sentences of one line that end with a full stop", () => {
  for (const [code, { cause, remedy }] of CODES) {
    for (const text of [cause, remedy]) {
      assert.match(text, /^[A-Z].{15,}[^.!?]\.$/, code);
      assert.doesNotMatch(text, / {2}|[\t\n]| $/, code);
      assert.doesNotMatch(text, CONTRACTION, code);
      assert.equal(text.split("`").length % 2, 1, `${code} leaves a backtick open`);
      assert.equal(text.split('"').length % 2, 1, `${code} leaves a quotation open`);
    }
    assert.notEqual(cause, remedy, code);
  }
});

Deno.test("no two codes have the same cause", () => {
  assert.equal(new Set(CODES.map(([, { cause }]) => cause)).size, CODES.length);
});
