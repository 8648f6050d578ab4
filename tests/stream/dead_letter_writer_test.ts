import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { DeadLetterWriter } from "../../lib/stream/dead_letter_writer.ts";
import type { RecordFailure } from "../../lib/records/block.ts";
import type { Task } from "../../lib/stream/task_order.ts";
import { bytesOf, MemorySink } from "../helpers/streams.ts";

const taskOf = (input: string, offset = 0): Task => ({
  piece: { block: { bytes: bytesOf(input) }, offset, end: offset + input.length },
  source: { name: "in.ndjson", index: 0 },
  rank: 0,
  share: 1,
  committed: false,
});

const failure: RecordFailure = {
  index: 1,
  stage: "infer",
  code: "event.not_object",
  message: "m",
  start: 9,
  end: 16,
  line: 2,
};

Deno.test("a letter says where, why and when, and holds the record", async () => {
  const sink = new MemorySink();
  const writer = new DeadLetterWriter({ sink, package: "sha256:00", now: () => new Date(0) });
  await writer.write(taskOf('{"a":1}\n\n{"b":2}\n', 100), [failure], 11);
  deepStrictEqual(sink.lines, [{
    schema: "packflow.deadletter/1",
    source: { name: "in.ndjson", offset: 109, line: 13 },
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
  await new DeadLetterWriter({ sink }).write(taskOf("\n"), [{ ...failure, bytes: 30 }], 1);
  const [letter] = sink.lines as Record<string, unknown>[];
  strictEqual(letter?.bytes, 30);
  strictEqual("raw" in letter, false);
});

Deno.test("dead letters that nobody takes are a failure, never a quiet end", async () => {
  for (const error of [new PackflowError("sink.closed", "Cannot write"), new Error("other")]) {
    const writer = new DeadLetterWriter({ sink: new MemorySink(1, error) });
    await rejects(writer.write(taskOf("1\n2\n"), [failure], 1), { code: "sink.write_failed", cause: error });
  }
});
