import assert from "node:assert/strict";
import { knownName } from "../../lib/oip/known_name.ts";

Deno.test("a name means the tensor of that name, whatever others are called", () => {
  assert.equal(knownName("x", ["X", "x"]), "x");
  assert.equal(knownName("X", ["x", "X"]), "X");
});

Deno.test("a name in capitals means the only tensor whose name differs in nothing else", () => {
  assert.equal(knownName("LABEL_1", ["label_1", "label"]), "label_1");
  assert.equal(knownName("LABEL", ["Label", "label"]), "LABEL");
  assert.equal(knownName("Label", ["label"]), "Label");
  assert.equal(knownName("OTHER", ["label"]), "OTHER");
});
