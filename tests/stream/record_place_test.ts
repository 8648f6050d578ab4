import { deepStrictEqual } from "node:assert/strict";
import { ArraySplitter } from "../../lib/records/array_splitter.ts";
import { LineCutter } from "../../lib/records/line_cutter.ts";
import { processBlock } from "../../lib/records/process_block.ts";
import { faultPlace, recordPlace } from "../../lib/stream/record_place.ts";
import { blockOptions } from "../helpers/local_worker.ts";
import { bytesOf } from "../helpers/streams.ts";

async function placesOf(input: string, Cutter: typeof ArraySplitter | typeof LineCutter = ArraySplitter) {
  const cutter = new Cutter({ maxEventBytes: 1000 });
  cutter.push(bytesOf(input));
  cutter.end();
  const piece = cutter.take({ bytes: 1e9, records: 1e9 });
  if (piece === undefined) return [];
  const options = blockOptions({ onError: "skip" });
  const { failures } = await processBlock(piece.block, options, {
    infer: (events) => Promise.resolve(events),
  });
  return failures.map((failure) => {
    const { line, offset } = recordPlace(piece, failure, piece.line ?? 1);
    return { ...faultPlace(piece, failure, line), offset };
  });
}

Deno.test("the place is that of the fault in the source", async () => {
  deepStrictEqual(await placesOf('[{"a":1}, {"b":x}]'), [{ line: 1, column: 16, offset: 10 }]);
  deepStrictEqual(await placesOf('[\n  {"a":1},\n  {"b":x}\n]'), [{ line: 3, column: 8, offset: 15 }]);
  deepStrictEqual(await placesOf('[{\n"a":1,\n "é": x}]'), [{ line: 3, column: 7, offset: 1 }]);
  deepStrictEqual(await placesOf('{}\n\n{"é":x}', LineCutter), [{ line: 3, column: 6, offset: 4 }]);
});

Deno.test("without a fault inside, the place is where the record starts", async () => {
  deepStrictEqual(await placesOf("[{},\n 7]"), [{ line: 2, column: 2, offset: 6 }]);
  deepStrictEqual(await placesOf("7\n8\n", LineCutter), [
    { line: 1, column: 1, offset: 0 },
    { line: 2, column: 1, offset: 2 },
  ]);
});
