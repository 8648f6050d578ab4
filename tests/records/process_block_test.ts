import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { InferenceBackend } from "../../lib/backend/inference_backend.ts";
import type { EventRecord, Records } from "../../lib/base/json.ts";
import { PackflowError } from "../../lib/base/errors.ts";
import type { BlockOptions } from "../../lib/records/block.ts";
import type { Infer } from "../../lib/records/infer_events.ts";
import { BlockProcessor, processBlock } from "../../lib/records/process_block.ts";
import { bytesOf, textOf } from "../helpers/streams.ts";

const GOOD = '{"id":0}\n{"id":1}\n{"id":2}\n{"id":3}\n';
const echo = (events: EventRecord[]) => Promise.resolve(events);

function work(input: string, { infer = echo, ...options }: Partial<BlockOptions> & { infer?: Infer } = {}) {
  const all: BlockOptions = {
    batchSize: 2,
    onError: "fail",
    outputFormat: "ndjson",
    maxEventBytes: 1000,
    ...options,
  };
  return processBlock({ bytes: bytesOf(input) }, all, { infer });
}

Deno.test("a good block comes out as it went in", async () => {
  const result = await work(GOOD);
  strictEqual(textOf(result.output), GOOD);
  deepStrictEqual({ ...result, output: 0 }, {
    output: 0,
    written: 4,
    failures: [],
    records: 4,
    batches: 2,
    lines: 4,
  });
});

Deno.test("for a JSON array the results are joined by commas", async () => {
  strictEqual(
    textOf((await work(GOOD, { outputFormat: "json" })).output),
    GOOD.trim().replaceAll("\n", ",\n"),
  );
});

Deno.test("skip leaves out what fails", async () => {
  const result = await work('{"id":0}\nx\n{"id":2}\n[]\n', { onError: "skip" });
  strictEqual(textOf(result.output), '{"id":0}\n{"id":2}\n');
  deepStrictEqual([result.written, result.records, result.failures.length], [2, 4, 2]);
});

Deno.test("emit puts an error in the place of what fails, at every stage", async () => {
  const infer = (events: EventRecord[]) => {
    if (events.some(({ id }) => id === 2)) {
      throw new PackflowError("event.missing_field", "M", { place: { field: "f" } });
    }
    return Promise.resolve(events.map(({ id }) => ({ id: id === 3 ? NaN : id ?? null })));
  };
  const result = await work(`x\n${GOOD}`, { infer, onError: "emit", batchSize: 100 });
  const lines = textOf(result.output).trim().split("\n").map((line) => JSON.parse(line));
  deepStrictEqual(lines.map((line) => line.error?.code ?? line.id), [
    "event.invalid_json",
    0,
    1,
    "event.missing_field",
    "backend.not_json",
  ]);
  deepStrictEqual(lines[3], { error: { code: "event.missing_field", message: "M" } });
  deepStrictEqual(result.failures.map(({ index, stage, field }) => [index, stage, field]), [
    [0, "parse", undefined],
    [3, "infer", "f"],
    [4, "serialise", "id"],
  ]);
  strictEqual(result.written, 5);
});

Deno.test("events that a failing batch has changed come as they were to the next call", async () => {
  const lines = '{"id":0}\n\n{"id":"é"}\r\nno\n{"id":"bad"}\n{"id":4}\n{"id":5}\n';
  const infer = (events: EventRecord[]) => {
    const fails = events.some(({ id }) => id === "bad");
    const answers = events.map(({ id }) => ({ id }));
    for (const event of events) event.id = "changed";
    events.length = 0;
    if (fails) throw new Error("no");
    return Promise.resolve(answers);
  };
  const { output, failures } = await work(lines, { onError: "skip", batchSize: 4, infer });
  strictEqual(textOf(output), '{"id":0}\n{"id":"é"}\n{"id":4}\n{"id":5}\n');
  deepStrictEqual(failures.map(({ index }) => index), [2, 3]);
});

Deno.test("fail ends the block with the first record that fails, at every stage", async () => {
  const badAt = (bad: number, what: (event: EventRecord) => EventRecord) => (events: EventRecord[]) =>
    Promise.resolve(events.map((event) => event.id === bad ? what(event) : event));
  const throws = badAt(1, () => {
    throw new TypeError("boom");
  });
  const infers = [throws, badAt(1, () => ({ id: Infinity }))];
  for (const infer of infers) {
    for (const batchSize of [1, 3, 9]) {
      const result = await work(GOOD + "x\n", { infer, batchSize });
      strictEqual(textOf(result.output), '{"id":0}\n');
      deepStrictEqual([result.records, result.written], [2, 1]);
      deepStrictEqual(result.failures.map(({ index }) => index), [1]);
    }
  }
  const result = await work(`{"id":0}\nx\n${GOOD}`);
  deepStrictEqual([result.records, textOf(result.output)], [2, '{"id":0}\n']);
});

Deno.test("an error of the user's own is told with its place in the project's code", async () => {
  const place = { file: "inference.ts", line: 3, column: 5 };
  const boom = new PackflowError("backend.hook_failed", "boom", { place });
  const { failures } = await processBlock({ bytes: bytesOf('\n{"id":0}\n') }, {
    batchSize: 2,
    onError: "fail",
    outputFormat: "ndjson",
    maxEventBytes: 1000,
  }, { infer: () => Promise.reject(boom) });
  deepStrictEqual(failures, [{
    index: 0,
    stage: "infer",
    code: "backend.hook_failed",
    message: "boom (inference.ts:3:5)",
    start: 1,
    end: 9,
    line: 1,
  }]);
});

Deno.test("a backend's blocks come out as its answers", async () => {
  class Double extends InferenceBackend {
    override execute(inputs: Records) {
      return inputs.map(({ x }) => ({ y: 2 * Number(x) }));
    }
  }
  const processor = new BlockProcessor(await Double.create(), {
    batchSize: 8,
    onError: "skip",
    outputFormat: "ndjson",
    maxEventBytes: 1000,
  });
  const { output, failures } = await processor.process({ bytes: bytesOf('{"x":1}\n[]\n{"x":2}') });
  strictEqual(textOf(output), '{"y":2}\n{"y":4}\n');
  deepStrictEqual(failures.map(({ code }) => code), ["event.not_object"]);
});
