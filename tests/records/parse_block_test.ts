import { deepStrictEqual } from "node:assert/strict";
import { parseBlock } from "../../lib/records/parse_block.ts";
import { fc } from "../helpers/fast_check.ts";
import { bytesOf, concat } from "../helpers/streams.ts";

const parse = (input: Uint8Array, options: { maxEventBytes?: number; stopAtFault?: boolean } = {}) =>
  parseBlock({ bytes: input }, { maxEventBytes: 1e6, stopAtFault: false, ...options });

Deno.test("with no fault, events stand for records one to one", () => {
  deepStrictEqual(parse(bytesOf('{"a":1}\n\n{"b":2}\n')), {
    events: [{ a: 1 }, { b: 2 }],
    indexes: undefined,
    faults: [],
    ranges: [0, 7, 9, 16],
    newlines: 3,
  });
});

Deno.test("records may lie anywhere in the bytes", () => {
  const bytes = bytesOf('{"a":\n1},\n {"é":2}');
  const { events } = parseBlock({ bytes, ranges: Uint32Array.of(0, 8, 11, 19) }, {
    maxEventBytes: 100,
    stopAtFault: false,
  });
  deepStrictEqual(events, [{ a: 1 }, { "é": 2 }]);
});

Deno.test("faults keep their place among the events, those over the size limit too", () => {
  const input = bytesOf(`{"a":1}\nx\n${"y".repeat(50)}\n{"b":2}\n[]\n`);
  const { events, indexes, faults } = parse(input, { maxEventBytes: 40 });
  deepStrictEqual(events, [{ a: 1 }, { b: 2 }]);
  deepStrictEqual(indexes, [0, 3]);
  deepStrictEqual(faults.map(({ index, stage, code }) => [index, stage, code]), [
    [1, "parse", "event.invalid_json"],
    [2, "split", "event.too_large"],
    [4, "parse", "event.not_object"],
  ]);
});

Deno.test("asked to stop, it parses nothing past the first fault", () => {
  const { events, faults } = parse(bytesOf('{"a":1}\nx\n{"b":2}\ny\n'), { stopAtFault: true });
  deepStrictEqual(events, [{ a: 1 }]);
  deepStrictEqual(faults.map(({ index }) => index), [1]);
});

Deno.test("text of any characters is cut at the right ones", () => {
  const unit = fc.constantFrom("a", "é", "€", "😀", "\u{10FFFF}");
  const event = fc.dictionary(fc.string({ unit }), fc.string({ unit }));
  fc.assert(fc.property(fc.array(event), fc.constantFrom("\n", " \r\n", "\n\n"), (events, end) => {
    const input = bytesOf(events.map((value) => JSON.stringify(value) + end).join(""));
    deepStrictEqual(JSON.stringify(parse(input).events), JSON.stringify(events));
  }));
});

Deno.test("one record that is not UTF-8 fails alone", () => {
  const input = concat(bytesOf('{"é":1}\n{"x":"'), Uint8Array.of(0xc3), bytesOf('"}\n{"😀":2}\n'));
  const { events, faults } = parse(input);
  deepStrictEqual(events, [{ "é": 1 }, { "😀": 2 }]);
  deepStrictEqual(faults.map(({ index, code, position }) => [index, code, position]), [[
    1,
    "event.invalid_utf8",
    6,
  ]]);
});
