import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import type { ErrorCode } from "../../lib/base/error_codes.ts";

/** The PackflowError of a given code that a promise must be rejected with. */
export async function packflowError(promise: Promise<unknown>, code: ErrorCode): Promise<PackflowError> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    assert.ok(error instanceof PackflowError, `not a PackflowError: ${Deno.inspect(error)}`);
    assert.equal(error.code, code, error.message);
    return error;
  }
  assert.fail(`nothing was thrown, got ${Deno.inspect(value)}`);
}
