import { deepStrictEqual } from "node:assert/strict";
import { DirectReader } from "../../lib/records/direct_reader.ts";
import { lineRanges } from "../../lib/records/line_ranges.ts";
import { RecordWalk } from "../../lib/records/record_walk.ts";
import { TemplateCache } from "../../lib/records/template_cache.ts";
import { fakeDirectModel } from "../helpers/direct_model.ts";
import { fc } from "../helpers/fast_check.ts";
import { bytesOf } from "../helpers/streams.ts";

const model = fakeDirectModel(["a"]);

/** The records found, and how many newlines were passed. */
function walkAll(bytes: Uint8Array, known: readonly string[], ranges?: Uint32Array) {
  const cache = new TemplateCache(model);
  for (const text of known) cache.learn(text);
  const records = new RecordWalk(
    ranges === undefined ? { bytes } : { bytes, ranges },
    new DirectReader(model, cache, bytes),
  );
  const found: (readonly [start: number, end: number, matched: boolean])[] = [];
  for (let record = records.next(0); record !== undefined; record = records.next(0)) {
    found.push([record.start, record.end, record.matched]);
  }
  return { found, newlines: records.newlines };
}

const walk = (...[bytes, known, ranges]: Parameters<typeof walkAll>) => walkAll(bytes, known, ranges).found;

Deno.test("lines of a known shape and others are found alike", () => {
  deepStrictEqual(walk(bytesOf('{"a":1}\nx\r\n\n  \n{"a":23}\r\n{"a":4} \n{"a":5}'), ['{"a":0}']), [
    [0, 7, true],
    [8, 9, false],
    [15, 23, true],
    [25, 33, false],
    [34, 41, true],
  ]);
});

Deno.test("elements of an array match only as a whole", () => {
  const bytes = bytesOf('[{"a":1},{"a":2} ]');
  deepStrictEqual(walk(bytes, ['{"a":0}'], Uint32Array.of(1, 8, 9, 17)), [[1, 8, true], [9, 17, false]]);
});

Deno.test("whatever shapes are known, the lines are those of lineRanges", () => {
  const line = fc.constantFrom(
    '{"a":1}',
    '{"a":1}\r',
    '{"a":1} ',
    "",
    "\r",
    "\r\r",
    " \t",
    "x",
    '{"a":1}{"a":1}',
    '{"a":',
  );
  const known = fc.subarray(['{"a":0}', '{"a":0}\r', '{"a":0} ']);
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), known, (lines, shapes) => {
      const bytes = bytesOf(lines.join("\n"));
      const { found, newlines } = walkAll(bytes, shapes);
      deepStrictEqual({ ranges: found.flatMap(([start, end]) => [start, end]), newlines }, lineRanges(bytes));
    }),
    { numRuns: 3000 },
  );
});
