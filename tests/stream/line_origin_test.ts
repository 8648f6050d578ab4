import assert from "node:assert/strict";
import type { BlockResult, RecordFailure } from "../../lib/records/block.ts";
import { answerOrigin, letterOrigin } from "../../lib/stream/line_origin.ts";

const piece = { block: { bytes: new Uint8Array(0) }, offset: 10, end: 90 };
const failure = (index: number): RecordFailure => (
  { index, stage: "infer", code: "backend.hook_failed", message: "no", start: 0, end: 0, line: 0 }
);
const result = (records: number, written: number, failed: readonly number[]): BlockResult => (
  { output: new Uint8Array(0), records, written, batches: 1, lines: 0, failures: failed.map(failure) }
);

Deno.test("answers are of all records, or of those that did not fail", () => {
  assert.deepEqual(answerOrigin(piece, result(3, 3, [])), { offset: 10, end: 90 });
  // Errors stand in the place of answers.
  assert.deepEqual(answerOrigin(piece, result(3, 3, [1])), { offset: 10, end: 90 });
  assert.deepEqual(answerOrigin(piece, result(4, 2, [0, 2])), { offset: 10, end: 90, indexes: [1, 3] });
  // Under "fail" nothing is told of what comes after the failure.
  assert.deepEqual(answerOrigin(piece, result(3, 2, [2])), { offset: 10, end: 90, indexes: [0, 1] });
});

Deno.test("dead letters are of the records that failed", () => {
  assert.deepEqual(letterOrigin(piece, [failure(1), failure(4)]), { offset: 10, end: 90, indexes: [1, 4] });
});

Deno.test("records from here and there have their own offsets", () => {
  const origins = [10, 30, 50].map((offset) => ({ offset, line: 1 }));
  const scattered = { ...piece, origins };
  assert.deepEqual(answerOrigin(scattered, result(3, 3, [])).offsets, [10, 30, 50]);
  assert.deepEqual(answerOrigin(scattered, result(3, 2, [1])).offsets, [10, 50]);
  assert.deepEqual(letterOrigin(scattered, [failure(2)]).offsets, [50]);
});
