import { deepStrictEqual } from "node:assert/strict";
import { ArraySplitter } from "../../lib/records/array_splitter.ts";
import { parseBlock } from "../../lib/records/parse_block.ts";
import { recordPlace } from "../../lib/stream/record_place.ts";
import { bytesOf } from "../helpers/streams.ts";

function placeOf(input: string) {
  const splitter = new ArraySplitter({ maxEventBytes: 1000 });
  splitter.push(bytesOf(input));
  splitter.end();
  const block = splitter.take(splitter.count);
  return parseBlock(block, false).failures.map((failure) => recordPlace(block, failure));
}

Deno.test("the place is that of the fault in the source", () => {
  deepStrictEqual(placeOf('[{"a":1}, {"b":x}]'), [{ line: 1, column: 16 }]);
  deepStrictEqual(placeOf('[\n  {"a":1},\n  {"b":x}\n]'), [{ line: 3, column: 8 }]);
  deepStrictEqual(placeOf('[{\n"a":1,\n "é": x}]'), [{ line: 3, column: 7 }]);
});

Deno.test("without a fault inside, the place is where the record starts", () => {
  deepStrictEqual(placeOf("[{},\n 7]"), [{ line: 2, column: 2 }]);
});
