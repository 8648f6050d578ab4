import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { ReplayCutter } from "../../lib/records/replay_cutter.ts";
import { bytesOf, textOf } from "../helpers/streams.ts";

/** Lines are numbers of letters "x" to stand for; others hold nothing. */
function unwrap(line: Uint8Array): Uint8Array {
  const count = Number(textOf(line));
  if (Number.isNaN(count)) throw new PackflowError("source.invalid_dead_letter", "Cannot replay");
  return bytesOf("x\n".repeat(count));
}

function piecesOf(text: string, from = 0) {
  const cutter = new ReplayCutter(unwrap, { maxEventBytes: 100, from });
  cutter.push(bytesOf(text));
  cutter.end();
  const all = [];
  for (let piece = cutter.take({ bytes: 1e9, records: 1e9 }); piece !== undefined;) {
    all.push(piece);
    piece = cutter.take({ bytes: 1e9, records: 1e9 });
  }
  return all;
}

Deno.test("records come out whole, newlines in them too, with the place of their line", () => {
  const [piece, ...more] = piecesOf("1\n\n2\n");
  strictEqual(more.length, 0);
  strictEqual(textOf(piece?.block.bytes ?? bytesOf("")), "x\nx\nx\n");
  deepStrictEqual([...piece?.block.ranges ?? []], [0, 2, 2, 6]);
  deepStrictEqual(piece?.origins, [{ offset: 0, line: 1 }, { offset: 3, line: 3 }]);
  strictEqual(piece?.end, 5);
});

Deno.test("a line that holds no record fails alone", () => {
  const pieces = piecesOf("1\nbad\n2\n");
  deepStrictEqual(pieces.map(({ fault, offset, end, line }) => [fault?.code, offset, end, line]), [
    [undefined, 0, 2, 1],
    ["source.invalid_dead_letter", 2, 6, 2],
    [undefined, 6, 8, 3],
  ]);
});

Deno.test("what lies before the beginning is left out but counted", () => {
  deepStrictEqual(piecesOf("1\nbad\n2\n", 6).map(({ origins }) => origins), [[{ offset: 6, line: 3 }]]);
});
