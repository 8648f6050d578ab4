import assert from "node:assert/strict";
import { ERROR_CODES, type ErrorCode } from "../../lib/base/error_codes.ts";
import { PackflowError } from "../../lib/base/errors.ts";
import { EXIT, exitCodeOf } from "../../lib/cli/exit_code.ts";

const CODES = Object.keys(ERROR_CODES) as ErrorCode[];

Deno.test("every class of errors has its exit status", () => {
  const expected: Readonly<Record<string, number>> = {
    check: 1,
    create: 1,
    internal: 1,
    usage: 2,
    event: 3,
    backend: 4,
    config: 4,
    loader: 4,
    manifest: 4,
    model: 4,
    project: 4,
    request: 1,
    serve: 6,
    package: 5,
    signature: 5,
    sink: 6,
    source: 6,
    worker: 4,
  };
  for (const code of CODES) {
    const [kind = ""] = code.split(".");
    assert.equal(exitCodeOf(new PackflowError(code, "x")), expected[kind], code);
  }
});

Deno.test("what is no error of Packflow counts as an unexpected failure", () => {
  for (const error of [new TypeError("x"), "x", undefined]) assert.equal(exitCodeOf(error), EXIT.failed);
});
