import assert from "node:assert/strict";
import { lineOf, positionAt } from "../../lib/config/text_position.ts";

Deno.test("positionAt counts lines and columns from 1, whatever ends the lines", () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    const text = ["ab", "", "cde"].join(end);
    assert.deepEqual(positionAt(text, 0), { line: 1, column: 1 });
    assert.deepEqual(positionAt(text, 1), { line: 1, column: 2 });
    assert.deepEqual(positionAt(text, text.indexOf("d")), { line: 3, column: 2 });
  }
});

Deno.test("positionAt stops at the text's end", () => {
  assert.deepEqual(positionAt("a\nb", 3), { line: 2, column: 2 });
  assert.deepEqual(positionAt("", 0), { line: 1, column: 1 });
});

Deno.test("lineOf gives a line without its end, empty where there is none", () => {
  assert.equal(lineOf("a\r\nb\nc", 2), "b");
  assert.equal(lineOf("a", 2), "");
});
