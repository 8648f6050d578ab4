import { deepStrictEqual } from "node:assert/strict";
import { LineSplitter } from "../../lib/records/line_splitter.ts";
import { parseBlock } from "../../lib/records/parse_block.ts";
import { fc } from "../helpers/fast_check.ts";
import { bytesOf, concat } from "../helpers/streams.ts";

function blockOf(input: Uint8Array, maxEventBytes = 1000) {
  const splitter = new LineSplitter({ maxEventBytes });
  splitter.push(input);
  splitter.end();
  return splitter.take(splitter.count);
}

Deno.test("with no failure, events stand for records one to one", () => {
  deepStrictEqual(parseBlock(blockOf(bytesOf('{"a":1}\n\n{"b":2}\n')), false), {
    events: [{ a: 1 }, { b: 2 }],
    indexes: undefined,
    failures: [],
  });
});

Deno.test("failures keep their place among the events, those of the splitter too", () => {
  const input = bytesOf(`{"a":1}\nx\n${"y".repeat(50)}\n{"b":2}\n[]\n`);
  const { events, indexes, failures } = parseBlock(blockOf(input, 40), false);
  deepStrictEqual(events, [{ a: 1 }, { b: 2 }]);
  deepStrictEqual(indexes, [0, 3]);
  deepStrictEqual(failures.map(({ index, stage, code }) => [index, stage, code]), [
    [1, "parse", "event.invalid_json"],
    [2, "split", "event.too_large"],
    [4, "parse", "event.not_object"],
  ]);
});

Deno.test("asked to stop, it parses nothing past the first failure", () => {
  const { events, failures } = parseBlock(blockOf(bytesOf('{"a":1}\nx\n{"b":2}\ny\n')), true);
  deepStrictEqual(events, [{ a: 1 }]);
  deepStrictEqual(failures.map(({ index }) => index), [1]);
});

Deno.test("text of any characters is cut at the right ones", () => {
  const unit = fc.constantFrom("a", "é", "€", "😀", "\u{10FFFF}");
  const event = fc.dictionary(fc.string({ unit }), fc.string({ unit }));
  fc.assert(fc.property(fc.array(event), fc.constantFrom("\n", " \r\n", "\n\n"), (events, end) => {
    const input = bytesOf(events.map((value) => JSON.stringify(value) + end).join(""));
    deepStrictEqual(JSON.stringify(parseBlock(blockOf(input, 1e6), false).events), JSON.stringify(events));
  }));
});

Deno.test("one record that is not UTF-8 fails alone", () => {
  const input = concat(bytesOf('{"é":1}\n{"x":"'), Uint8Array.of(0xc3), bytesOf('"}\n{"😀":2}\n'));
  const { events, failures } = parseBlock(blockOf(input), false);
  deepStrictEqual(events, [{ "é": 1 }, { "😀": 2 }]);
  deepStrictEqual(failures.map(({ index, code, position }) => [index, code, position]), [[
    1,
    "event.invalid_utf8",
    6,
  ]]);
});
