import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { BlockOptions } from "../../lib/records/block.ts";
import { BlockFormat, blockFormatOf } from "../../lib/records/block_format.ts";
import { InferenceBackend } from "../../lib/backend/inference_backend.ts";
import type { Records } from "../../lib/base/json.ts";
import { bytesOf } from "../helpers/streams.ts";

const OPTIONS: BlockOptions = { batchSize: 9, onError: "skip", outputFormat: "ndjson", maxEventBytes: 100 };
const PARSE = { maxEventBytes: 100, stopAtFault: false };
const KEEP = [{ path: "id", name: "id" }];

Deno.test("records are JSON, or rows where columns are given", () => {
  const lines = { bytes: bytesOf('{"id":1}\n{"id":2}\n') };
  deepStrictEqual(new BlockFormat(OPTIONS).parse(lines, PARSE).events, [{ id: 1 }, { id: 2 }]);
  const rows = { bytes: bytesOf("1\n02\n"), ranges: Uint32Array.of(0, 1, 2, 4) };
  const csv = { columns: ["id"], delimiter: "," };
  deepStrictEqual(new BlockFormat({ ...OPTIONS, csv }).parse(rows, PARSE).events, [{ id: 1 }, { id: "02" }]);
  const typed = new BlockFormat({ ...OPTIONS, csv }, new Map([["id", "number"]]));
  deepStrictEqual(typed.parse(rows, PARSE).events, [{ id: 1 }, { id: 2 }]);
});

Deno.test("what is kept of an event is what its own text says, whatever becomes of it later", () => {
  const block = { bytes: bytesOf('{"id":1}\nbroken\n{"id":12345678901234567890}\n') };
  const format = new BlockFormat({ ...OPTIONS, keep: KEEP });
  const parsed = format.parse(block, PARSE);
  const keptOf = format.keptOf(parsed, block);
  for (const event of parsed.events) event.id = "changed";
  deepStrictEqual([keptOf(0), keptOf(1)], [["1"], ["12345678901234567890"]]);
  strictEqual(format.texts.of({ a: 1 }, keptOf(1)), '{"id":12345678901234567890,"a":1}');
});

Deno.test("nothing is kept unless that is asked for", () => {
  const block = { bytes: bytesOf('{"id":1}\n') };
  const format = new BlockFormat(OPTIONS);
  deepStrictEqual(format.keptOf(format.parse(block, PARSE), block)(0), []);
});

Deno.test("a backend without a model leaves rows to their own text", async () => {
  class Echo extends InferenceBackend {
    override execute(inputs: Records): Records {
      return inputs;
    }
  }
  await using backend = await Echo.create();
  const format = blockFormatOf(backend, { ...OPTIONS, csv: { columns: ["a", "b"], delimiter: ";" } });
  const block = { bytes: bytesOf("007;7"), ranges: Uint32Array.of(0, 5) };
  deepStrictEqual(format.parse(block, PARSE).events, [{ a: "007", b: 7 }]);
});
