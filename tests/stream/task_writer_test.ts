import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { BlockOptions } from "../../lib/records/block.ts";
import { processBlock } from "../../lib/records/process_block.ts";
import { TaskOrder } from "../../lib/stream/task_order.ts";
import { TaskWriter, type TaskWriterOptions } from "../../lib/stream/task_writer.ts";
import { blockOptions } from "../helpers/local_worker.ts";
import { bytesOf, MemorySink } from "../helpers/streams.ts";

async function written(text: string, more: Partial<BlockOptions & TaskWriterOptions> = {}) {
  const { onError = "skip", ...rest } = more;
  const block = blockOptions({ onError });
  const bytes = bytesOf(text);
  const task = new TaskOrder().add({
    piece: { block: { bytes }, offset: 0, end: bytes.length },
    source: { name: "in", index: 0 },
  });
  task.result = await processBlock(task.piece.block, block, { infer: (events) => Promise.resolve(events) });
  const sink = new MemorySink();
  const writer = new TaskWriter({ sink, block, ...rest });
  let asked = 0;
  await writer.write(task, () => {
    asked++;
    return 5;
  });
  return { writer, sink, asked };
}

Deno.test("a good task is written and counted; nobody asks for its line", async () => {
  const { writer, sink, asked } = await written("{}\n{}\n");
  strictEqual(sink.text, "{}\n{}\n");
  deepStrictEqual([writer.totals.read, writer.totals.written, asked], [2, 2, 0]);
  strictEqual(writer.begun, true);
});

Deno.test("failures go where the policy says", async () => {
  const counts = async (more: Parameters<typeof written>[1]) => {
    const { written: out, skipped, dead, unanswered } = (await written("{}\nx\n", more)).writer.totals;
    return { out, skipped, dead, unanswered };
  };
  const deadLetter = { sink: new MemorySink() };
  deepStrictEqual(await counts({}), { out: 1, skipped: 1, dead: 0, unanswered: 0 });
  deepStrictEqual(await counts({ deadLetter }), { out: 1, skipped: 0, dead: 1, unanswered: 0 });
  deepStrictEqual(await counts({ onError: "emit" }), { out: 2, skipped: 0, dead: 0, unanswered: 0 });
  deepStrictEqual(await counts({ onError: "fail" }), { out: 1, skipped: 0, dead: 0, unanswered: 1 });
  deepStrictEqual(await counts({ onError: "fail", deadLetter }), {
    out: 1,
    skipped: 0,
    dead: 1,
    unanswered: 0,
  });
});

Deno.test("under fail the failure has the place in the source", async () => {
  const { writer } = await written("{}\nx\n", { onError: "fail" });
  deepStrictEqual(writer.failure?.place, { file: "in", line: 6, column: 1, eventIndex: 1 });
});

Deno.test("the limit of errors is looked at after each task and at the end", async () => {
  strictEqual(
    (await written("x\n", { maxErrors: { count: 0 } })).writer.failure?.code,
    "event.too_many_failed",
  );
  const { writer } = await written("x\n", { maxErrors: { share: 0.5 } });
  const codes = [writer.failure?.code];
  await writer.end();
  deepStrictEqual([...codes, writer.failure?.code], [undefined, "event.too_many_failed"]);
});
