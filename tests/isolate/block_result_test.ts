import assert from "node:assert/strict";
import { readBlockResult, resultHead } from "../../lib/isolate/block_result.ts";
import type { BlockResult } from "../../lib/records/block.ts";
import { fc } from "../helpers/fast_check.ts";

const RESULT: BlockResult = {
  output: new Uint8Array([1]),
  written: 1,
  records: 2,
  batches: 1,
  lines: 2,
  stages: { infer: 1.5, convert: 0.25 },
  failures: [{
    index: 1,
    stage: "parse",
    code: "event.invalid_json",
    message: "Cannot",
    start: 3,
    end: 4,
    line: 1,
    position: 0,
    field: "a",
    bytes: 9,
  }],
};

Deno.test("a result survives the way", () => {
  const head = JSON.parse(JSON.stringify(resultHead(RESULT)));
  assert.deepEqual(readBlockResult(head, RESULT.output), RESULT);
});

Deno.test("what is no result is not read as one", () => {
  const head = JSON.parse(JSON.stringify(resultHead(RESULT)));
  const [failure] = head.failures;
  for (
    const wrong of [
      null,
      { ...head, written: -1 },
      { ...head, records: 1.5 },
      { ...head, failures: {} },
      { ...head, failures: [1] },
      { ...head, failures: [{ ...failure, code: "toString" }] },
      { ...head, failures: [{ ...failure, stage: "x" }] },
      { ...head, failures: [{ ...failure, index: "1" }] },
    ]
  ) assert.equal(readBlockResult(wrong, RESULT.output), undefined);
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    assert.equal(readBlockResult(value, RESULT.output), undefined);
  }));
});
