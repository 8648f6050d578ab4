import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { DeadLetterWriter } from "../../lib/stream/dead_letter_writer.ts";
import { LineSplitter } from "../../lib/records/line_splitter.ts";
import type { RecordFailure } from "../../lib/records/record_block.ts";
import { bytesOf, MemorySink } from "../helpers/streams.ts";

function blockOf(input: string) {
  const splitter = new LineSplitter({ maxEventBytes: 20 });
  splitter.push(bytesOf(input));
  splitter.end();
  return splitter.take(splitter.count);
}

const failure: RecordFailure = { index: 1, stage: "infer", code: "event.not_object", message: "m" };

Deno.test("a letter says where, why and when, and holds the record", async () => {
  const sink = new MemorySink();
  const writer = new DeadLetterWriter({ sink, package: "sha256:00", now: () => new Date(0) }, "in.ndjson");
  await writer.write(blockOf('{"a":1}\n\n{"b":2}\n'), [failure]);
  deepStrictEqual(sink.lines, [{
    schema: "packflow.deadletter/1",
    source: { name: "in.ndjson", offset: 9, line: 3 },
    stage: "infer",
    code: "event.not_object",
    message: "m",
    at: "1970-01-01T00:00:00.000Z",
    package: "sha256:00",
    record: { b: 2 },
  }]);
});

Deno.test("a record over the limit has its size in place of its bytes", async () => {
  const sink = new MemorySink();
  const block = blockOf(`1\n${"x".repeat(30)}`);
  await new DeadLetterWriter({ sink }, "-").write(block, block.failures);
  const [letter] = sink.lines as Record<string, unknown>[];
  strictEqual(letter?.bytes, 30);
  strictEqual("raw" in letter, false);
});

Deno.test("dead letters that nobody takes are a failure, never a quiet end", async () => {
  for (const error of [new PackflowError("sink.closed", "Cannot write"), new Error("other")]) {
    const writer = new DeadLetterWriter({ sink: new MemorySink(1, error) }, "-");
    await rejects(writer.write(blockOf("1\n2\n"), [failure]), { code: "sink.write_failed", cause: error });
  }
});
