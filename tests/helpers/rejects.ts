import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";

/** Asserts that a call fails with a code, and with a message and stack fit for readers; gives the error. */
export async function rejects(
  run: () => unknown,
  code: string,
  message: RegExp,
): Promise<PackflowError> {
  const error = await Promise.try(run).then(() => undefined, (thrown: unknown) => thrown);
  assert(error instanceof PackflowError, `nothing fit was thrown: ${error}`);
  assert.equal(error.code, code);
  assert.match(error.message, message);
  assertReadable(error);
  return error;
}

/** No build paths, no stack of minified code, in the error or its cause. */
function assertReadable(error: Error): void {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    assert.doesNotMatch(
      at.message,
      /[\\/](mnt|home|build|onnxruntime)[\\/]|\.(cc|h|cpp|mjs):|[\r\n]|ERROR_CODE/,
    );
    assert(at.message.length <= 500, at.message);
    assert.doesNotMatch(at.stack ?? "", /ort[.\w]*\.mjs/);
  }
}
