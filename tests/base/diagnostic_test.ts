import assert from "node:assert/strict";
import { type Diagnostic, DiagnosticsError } from "../../lib/base/diagnostic.ts";
import { PackflowError } from "../../lib/base/errors.ts";

const FINDINGS: Diagnostic[] = [
  { severity: "error", code: "manifest.invalid", message: "Cannot read", file: "packflow.jsonc", line: 2 },
  { severity: "warning", code: "manifest.unknown_key", message: "Cannot know", remedy: "Drop it" },
];

Deno.test("a DiagnosticsError carries every finding and stands at the place of the first", () => {
  const error = new DiagnosticsError("manifest.invalid", "Cannot use it", FINDINGS);
  assert.ok(error instanceof PackflowError);
  assert.deepEqual([error.code, error.message], ["manifest.invalid", "Cannot use it"]);
  assert.deepEqual(error.diagnostics, FINDINGS);
  assert.deepEqual(error.place, { file: "packflow.jsonc", line: 2 });
});

Deno.test("a DiagnosticsError without findings, or with one that has no place, has none", () => {
  assert.deepEqual(new DiagnosticsError("check.failed", "Cannot use it", []).place, {});
  assert.deepEqual(new DiagnosticsError("check.failed", "Cannot use it", FINDINGS.slice(1)).place, {});
});

Deno.test("at keeps every finding and adds to the place", () => {
  const error = new DiagnosticsError("manifest.invalid", "Cannot use it", FINDINGS);
  const more = error.at({ file: "other.ts", hook: "initialize" });
  assert.ok(more instanceof DiagnosticsError);
  assert.deepEqual(more.diagnostics, FINDINGS);
  assert.deepEqual([more.code, more.message], ["manifest.invalid", "Cannot use it"]);
  assert.deepEqual(more.place, { file: "packflow.jsonc", line: 2, hook: "initialize" });
  assert.deepEqual(error.place, { file: "packflow.jsonc", line: 2 });
});
