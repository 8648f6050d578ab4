import assert from "node:assert/strict";
import { sourceError } from "../../lib/loader/source_error.ts";

const PROBLEM = { code: "backend.syntax_error", message: "Cannot parse", file: "a.ts" } as const;

Deno.test("sourceError shows the line with a mark under the column, tabs kept", () => {
  const error = sourceError({ ...PROBLEM, line: 2, column: 3 }, "x\n\tab = ;\n");
  assert.equal(error.message, "Cannot parse\n  2 | \tab = ;\n    | \t ^");
  assert.deepEqual(error.place, { file: "a.ts", line: 2, column: 3 });
});

Deno.test("sourceError shows what is known, and no endless line", () => {
  assert.equal(sourceError({ ...PROBLEM, line: 1 }, "abc").message, "Cannot parse\n  1 | abc");
  assert.equal(sourceError(PROBLEM, "abc").message, "Cannot parse");
  assert.deepEqual(sourceError(PROBLEM, undefined).place, { file: "a.ts" });
  assert.equal(sourceError({ ...PROBLEM, line: 1, column: 1 }, "x".repeat(201)).message, "Cannot parse");
});

Deno.test("sourceError keeps cause and remedy", () => {
  const cause = new Error("inner");
  const error = sourceError({ ...PROBLEM, cause, remedy: "Mend it" }, undefined);
  assert.equal(error.cause, cause);
  assert.equal(error.remedy, "Mend it");
});
