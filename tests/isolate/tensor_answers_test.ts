import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { packAnswers, readTensorAnswers } from "../../lib/isolate/tensor_answers.ts";

const bytes = Uint8Array.of(1, 2, 3);

Deno.test("answers come through as they were", () => {
  const packed = packAnswers([
    { bytes: Uint8Array.of(1) },
    { error: new PackflowError("request.invalid", "Cannot take it") },
    { bytes: Uint8Array.of(2, 3), headerLength: 1 },
  ]);
  deepStrictEqual(packed.bytes, bytes);
  const read = readTensorAnswers(JSON.parse(JSON.stringify(packed.answers)), packed.bytes);
  deepStrictEqual(read?.answers.map((answer) => "error" in answer ? "error" : answer), [
    { body: 1 },
    "error",
    { body: 2, header: 1 },
  ]);
});

Deno.test("what is not an answer is none", () => {
  for (
    const head of [null, {}, [1], [{}], [{ body: -1 }], [{ body: 1.5 }], [{ body: 1, header: 2 }], [{
      body: "1",
    }]]
  ) {
    strictEqual(readTensorAnswers(head, bytes), undefined, JSON.stringify(head));
  }
});
