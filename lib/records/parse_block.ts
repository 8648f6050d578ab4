import type { EventRecord } from "../base/json.ts";
import { decodeStrictly, parseEvent, type ParseFault, ParseFaultBox, utf8Fault } from "./parse_event.ts";
import type { RecordBlock, RecordFailure } from "./record_block.ts";

/** The events of a block, and the records that are none. */
export interface ParsedBlock {
  readonly events: EventRecord[];
  /** The record each event came from; undefined when every record is an event. */
  readonly indexes: readonly number[] | undefined;
  /** In the order of the records. */
  readonly failures: RecordFailure[];
}

/**
 * Parses the records of a block, up to the first failure if `stopAtFailure`.
 *
 * The block is decoded at once where it is UTF-8 as a whole, and record by record otherwise.
 */
export function parseBlock(block: RecordBlock, stopAtFailure: boolean): ParsedBlock {
  const textOf = recordTexts(block);
  const events: EventRecord[] = [];
  const failures: RecordFailure[] = [];
  let indexes: number[] | undefined;
  let refused = 0;
  for (let index = 0; index < block.starts.length; index++) {
    const known = block.failures[refused];
    let failure: RecordFailure | undefined;
    if (known?.index === index) {
      failure = known;
      refused++;
    } else {
      const text = textOf(index);
      const event = text === undefined ? new ParseFaultBox(utf8FaultOf(block, index)) : parseEvent(text);
      if (!(event instanceof ParseFaultBox)) {
        events.push(event);
        indexes?.push(index);
        continue;
      }
      failure = { index, stage: "parse", ...event.fault };
    }
    failures.push(failure);
    if (stopAtFailure) break;
    indexes ??= Array.from(events.keys());
  }
  return { events, indexes, failures };
}

function utf8FaultOf({ bytes, starts, ends }: RecordBlock, index: number): ParseFault {
  return utf8Fault(bytes.subarray(starts[index], ends[index]));
}

/** Gives the text of each record, asked for in order; undefined where it is not UTF-8. */
function recordTexts({ bytes, starts, ends }: RecordBlock): (index: number) => string | undefined {
  const text = decodeStrictly(bytes);
  if (text === undefined) return (index) => decodeStrictly(bytes.subarray(starts[index], ends[index]));
  if (text.length === bytes.length) return (index) => text.slice(starts[index], ends[index]);
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
  return (index) => {
    const start = advance(starts[index] ?? 0);
    return text.slice(start, advance(ends[index] ?? 0));
  };
}
