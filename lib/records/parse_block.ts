import type { EventRecord } from "../base/json.ts";
import type { Block, RecordFault } from "./block.ts";
import { lineRanges } from "./line_ranges.ts";
import { decodeStrictly, parseEvent, ParseFaultBox, utf8Fault } from "./parse_event.ts";
import { tooLargeFault } from "./too_large.ts";

/** The events of a block, and the records that are none. */
export interface ParsedBlock {
  readonly events: EventRecord[];
  /** The record each event came from; undefined when every record is an event. */
  readonly indexes: readonly number[] | undefined;
  /** In the order of the records. */
  readonly faults: RecordFault[];
  /** Byte ranges `[start, end)` of all records in the block, as pairs. */
  readonly ranges: ArrayLike<number>;
  /** Newlines in the block. */
  readonly newlines: number;
}

/** How to parse a block. */
export interface ParseOptions {
  /** A record of more bytes is a fault. */
  readonly maxEventBytes: number;
  /** Nothing past the first fault is parsed. */
  readonly stopAtFault: boolean;
}

/**
 * Parses the records of a block.
 *
 * The block is decoded at once where it is UTF-8 as a whole, and record by record otherwise.
 */
export function parseBlock(block: Block, { maxEventBytes, stopAtFault }: ParseOptions): ParsedBlock {
  const { bytes } = block;
  const { ranges, newlines } = block.ranges === undefined
    ? lineRanges(bytes)
    : { ranges: block.ranges, newlines: 0 };
  const textOf = recordTexts(bytes, ranges);
  const events: EventRecord[] = [];
  const faults: RecordFault[] = [];
  let indexes: number[] | undefined;
  for (let index = 0; 2 * index < ranges.length; index++) {
    const parsed = parseRecord(index);
    if (!(parsed instanceof ParseFaultBox)) {
      events.push(parsed);
      indexes?.push(index);
      continue;
    }
    const { fault } = parsed;
    faults.push({ index, stage: fault.code === "event.too_large" ? "split" : "parse", ...fault });
    if (stopAtFault) break;
    indexes ??= Array.from(events.keys());
  }
  return { events, indexes, faults, ranges, newlines };

  function parseRecord(index: number): EventRecord | ParseFaultBox {
    const start = ranges[2 * index] ?? 0;
    const end = ranges[2 * index + 1] ?? 0;
    if (end - start > maxEventBytes) return new ParseFaultBox(tooLargeFault(end - start, maxEventBytes));
    const text = textOf(start, end);
    return text === undefined ? new ParseFaultBox(utf8Fault(bytes.subarray(start, end))) : parseEvent(text);
  }
}

/** Gives the text of each record, asked for in order; undefined where it is not UTF-8. */
function recordTexts(
  bytes: Uint8Array,
  ranges: ArrayLike<number>,
): (start: number, end: number) => string | undefined {
  const text = decodeStrictly(bytes);
  if (text === undefined) return (start, end) => decodeStrictly(bytes.subarray(start, end));
  if (text.length === bytes.length) return (start, end) => text.slice(start, end);
  // Few records of many bytes: the walk below would look at every byte.
  if (ranges.length < 8) return (start, end) => decodeStrictly(bytes.subarray(start, end));
  let at = 0;
  let character = 0;
  const advance = (to: number) => {
    for (; at < to; at++) {
      const byte = bytes[at] ?? 0;
      // UTF-16 has one unit per lead byte, two for a lead of four bytes, none for a byte that continues.
      if ((byte & 0xc0) !== 0x80) character += byte >= 0xf0 ? 2 : 1;
    }
    return character;
  };
  return (from, to) => {
    const start = advance(from);
    return text.slice(start, advance(to));
  };
}
