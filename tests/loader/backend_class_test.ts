import assert from "node:assert/strict";
import { InferenceBackend } from "../../lib/backend/inference_backend.ts";
import { PackflowError } from "../../lib/base/errors.ts";
import type { Records } from "../../lib/base/json.ts";
import { backendClassOf } from "../../lib/loader/backend_class.ts";

class Good extends InferenceBackend {
  override execute(inputs: Records) {
    return inputs;
  }
}

function refusal(exports: Record<string, unknown>, name = "Backend"): PackflowError {
  try {
    backendClassOf(exports, name, "inference.ts");
  } catch (error) {
    assert.ok(error instanceof PackflowError, String(error));
    assert.equal(error.place.file, "inference.ts");
    return error;
  }
  assert.fail("not refused");
}

Deno.test("a class that extends InferenceBackend is taken, under any name", () => {
  class Better extends Good {}
  assert.equal(backendClassOf({ Backend: Good }, "Backend", "inference.ts"), Good);
  assert.equal(backendClassOf({ default: Better }, "default", "inference.ts"), Better);
});

Deno.test("a missing export is told with the exports there are", () => {
  const error = refusal({ Backnd: Good, helper: 1 });
  assert.equal(error.code, "backend.missing_export");
  assert.equal(
    error.message,
    'Cannot load "Backend" of "inference.ts" as it exports "Backnd", "helper", did you mean "Backnd"',
  );
  const empty = refusal({});
  assert.match(empty.message, /it exports nothing/);
  assert.match(empty.remedy ?? "", /export in front of class Backend/);
  assert.match(refusal({}, "toString").message, /it exports nothing/);
});

Deno.test("anything else is told for what it is", async () => {
  const cases: [unknown, RegExp][] = [
    [() => {}, /it is a function/],
    [class Other {}, /class that extends something else/],
    [InferenceBackend, /InferenceBackend itself/],
    [await Good.create(), /instance of one/],
    [{ execute() {} }, /it is an object/],
    [5, /it is number/],
    [null, /it is null/],
    [undefined, /it is undefined/],
    [[Good], /it is array/],
  ];
  for (const [value, what] of cases) {
    const error = refusal({ Backend: value });
    assert.equal(error.code, "backend.wrong_export");
    assert.match(error.message, /must be a class that extends InferenceBackend: /);
    assert.match(error.message, what);
  }
});
