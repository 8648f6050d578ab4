import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import {
  parseBackendReference,
  REFERENCE_PATTERN,
  referenceProblem,
} from "../../lib/config/backend_reference.ts";

Deno.test("parseBackendReference reads modules and the backend that Packflow has", () => {
  const cases: [string, string, string][] = [
    ["inference.ts:Backend", "inference.ts", "Backend"],
    ["./inference.ts:Backend", "inference.ts", "Backend"],
    ["src//deep/../model.mts:Scorer_2", "src/model.mts", "Scorer_2"],
    ["a b.js:$é", "a b.js", "$é"],
    ["x.mjs:default", "x.mjs", "default"],
  ];
  for (const [text, module, name] of cases) {
    assert.deepEqual(parseBackendReference(text), { kind: "module", module, name }, text);
    assert.match(text, REFERENCE_PATTERN);
  }
  assert.deepEqual(parseBackendReference("packflow:OnnxBackend"), { kind: "builtin", name: "OnnxBackend" });
});

Deno.test("parseBackendReference says what is wrong", () => {
  const cases: [string, RegExp][] = [
    ["", /must name a file and an export/],
    ["inference.ts", /must name a file and an export/],
    ["inference.ts:", /must name a file and an export/],
    [":Backend", /must name a file and an export/],
    ["packflow:Onnx", /"packflow:OnnxBackend"/],
    ["/etc/x.ts:Backend", /inside the project, with forward slashes/],
    ["C:/x.ts:Backend", /inside the project, with forward slashes/],
    ["src\\x.ts:Backend", /inside the project, with forward slashes/],
    ["../x.ts:Backend", /must stay inside the project/],
    ["a/../../x.ts:Backend", /must stay inside the project/],
    ["inference.py:Backend", /must end in ".ts"/],
    ["inference:Backend", /must end in ".ts"/],
    ["inference.ts:Outer.Inner", /name of an export/],
    ["inference.ts:2x", /name of an export/],
    ["ab:c.ts:Backend", /name of an export/],
  ];
  for (const [text, message] of cases) {
    assert.throws(
      () => parseBackendReference(text),
      (error) =>
        error instanceof PackflowError && error.code === "backend.invalid_reference" &&
        message.test(error.message),
      text,
    );
  }
});

Deno.test("referenceProblem finds every text that the schema's pattern refuses", () => {
  for (const text of ["x", "a:b", "a.ts:b c", "packflow:X", "a.ts:b:c", " : "]) {
    assert.doesNotMatch(text, REFERENCE_PATTERN);
    assert.equal(typeof referenceProblem(text), "string", text);
  }
});
