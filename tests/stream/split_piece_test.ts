import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Piece } from "../../lib/records/block_cutter.ts";
import { createCutter, type InputFormat } from "../../lib/records/formats.ts";
import { failedResult, rangesOf, splitPiece } from "../../lib/stream/split_piece.ts";
import { fc } from "../helpers/fast_check.ts";
import { blockOptions } from "../helpers/local_worker.ts";
import { bytesOf, textOf } from "../helpers/streams.ts";

function pieceOf(text: string, format: InputFormat = "ndjson"): Piece {
  const cutter = createCutter(format, { maxEventBytes: 1000, offset: 7 });
  cutter.push(bytesOf(text));
  cutter.end();
  return cutter.take({ bytes: 1e9, records: 1e9 }) ?? { block: { bytes: bytesOf("") }, offset: 7, end: 7 };
}

function recordsOf(piece: Piece) {
  const ranges = rangesOf(piece);
  return Array.from({ length: ranges.length / 2 }, (_, i) => ({
    offset: piece.offset + (ranges[2 * i] ?? NaN),
    text: textOf(piece.block.bytes.subarray(ranges[2 * i], ranges[2 * i + 1])),
  }));
}

Deno.test("the parts hold the same records at the same places, in about equal numbers", () => {
  const lines = fc.array(fc.constantFrom("{}", "[1]", "", " ", '"é"', "x"), { maxLength: 40 });
  fc.assert(fc.property(lines, fc.integer({ min: 1, max: 20 }), fc.boolean(), (lines, count, isArray) => {
    const records = lines.filter((line) => line.trim() !== "");
    const piece = isArray ? pieceOf(`[${records.join(",\n ")}]`, "json") : pieceOf(lines.join("\n"));
    const parts = splitPiece(piece, count);
    deepStrictEqual(parts.flatMap(recordsOf), recordsOf(piece));
    const sizes = parts.map((part) => recordsOf(part).length);
    strictEqual(Math.max(0, ...sizes) - Math.min(...sizes, Infinity) <= 1 || sizes.length === 0, true);
    if (parts.length > 0) strictEqual(parts.at(-1)?.end, piece.end);
  }));
});

Deno.test("parts of an array know their line and column", () => {
  const parts = splitPiece(pieceOf("[{},{},\n  {}]", "json"), 3);
  deepStrictEqual(parts.map(({ line, column }) => [line, column]), [[1, 2], [1, 5], [2, 3]]);
});

Deno.test("parts of records from here and there keep their origins and their worker", () => {
  const piece = {
    ...pieceOf("[1,2]", "json"),
    worker: 1,
    origins: [{ offset: 40, line: 4 }, { offset: 90, line: 9 }],
  };
  const [first, second] = splitPiece(piece, 2);
  deepStrictEqual([first?.origins, first?.worker, first?.end], [[{ offset: 40, line: 4 }], 1, piece.offset]);
  deepStrictEqual([second?.origins, second?.end], [[{ offset: 90, line: 9 }], piece.end]);
});

Deno.test("a record that failed without a worker is a result like any other", () => {
  const fault = { stage: "worker", code: "worker.exited", message: "M" } as const;
  const piece = pieceOf('\n{"a":1}\n');
  const skipped = failedResult(piece, fault, blockOptions({ onError: "skip" }));
  deepStrictEqual([skipped.records, skipped.written, skipped.lines], [1, 0, 2]);
  deepStrictEqual(skipped.failures, [{ ...fault, index: 0, start: 1, end: 8, line: 1 }]);
  const emitted = failedResult(piece, fault, blockOptions({ onError: "emit" }));
  strictEqual(textOf(emitted.output), '{"error":{"code":"worker.exited","message":"M"}}\n');
});
