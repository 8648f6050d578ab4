import type { FieldType } from "../backend/field_types.ts";
import type { EventRecord } from "../base/json.ts";
import { setOwn } from "../base/own_keys.ts";
import type { Block, RecordFault } from "./block.ts";
import { type RowParser, rowParser } from "./csv_format.ts";
import { findCsvFault } from "./csv_scanner.ts";
import { type CsvValueReader, csvValueReader } from "./csv_values.ts";
import type { ParsedBlock, ParseOptions } from "./parse_block.ts";
import { decodeStrictly, type ParseFault, ParseFaultBox, utf8Fault } from "./parse_event.ts";
import { tooLargeFault } from "./too_large.ts";

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;

/** How the rows of CSV become events. Plain data: it travels to the worker. */
export interface CsvInput {
  /** Names of the columns, which become the keys of the events. */
  readonly columns: readonly string[];
  /** The character between fields. */
  readonly delimiter: string;
  /** Columns whose fields are taken as text, whatever they look like. */
  readonly textColumns?: readonly string[];
}

/** Reads the rows of blocks as events. */
export class CsvReader {
  readonly #columns: readonly string[];
  readonly #readers: readonly CsvValueReader[];
  readonly #delimiter: number;
  readonly #parseRows: RowParser;
  readonly #hasProto: boolean;

  /** @param types What the model's inputs say about columns; `textColumns` wins. */
  constructor(input: CsvInput, types: ReadonlyMap<string, FieldType> = new Map()) {
    const { columns, delimiter, textColumns = [] } = input;
    this.#columns = columns;
    this.#readers = columns.map((name) =>
      csvValueReader(textColumns.includes(name) ? "text" : types.get(name))
    );
    this.#delimiter = delimiter.charCodeAt(0);
    this.#parseRows = rowParser(delimiter);
    this.#hasProto = columns.includes("__proto__");
  }

  /** Parses the rows of a block, which has ranges: at once where all is well, and row by row otherwise. */
  parse(block: Block, options: ParseOptions): ParsedBlock {
    const ranges = block.ranges ?? new Uint32Array(0);
    const rows = this.#rowsAtOnce(block.bytes, ranges, options);
    const events: EventRecord[] = [];
    const faults: RecordFault[] = [];
    let indexes: number[] | undefined;
    for (let index = 0; 2 * index < ranges.length; index++) {
      const parsed = rows === undefined
        ? this.#parseRecord(block.bytes.subarray(ranges[2 * index], ranges[2 * index + 1]), options)
        : this.#eventOf(rows[index] ?? []);
      if (!(parsed instanceof ParseFaultBox)) {
        events.push(parsed);
        indexes?.push(index);
        continue;
      }
      const { fault } = parsed;
      faults.push({ index, stage: fault.code === "event.too_large" ? "split" : "parse", ...fault });
      if (options.stopAtFault) break;
      indexes ??= Array.from(events.keys());
    }
    return { events, indexes, faults, ranges, newlines: 0 };
  }

  /** The fields of all records; undefined where they must be looked at one by one. */
  #rowsAtOnce(bytes: Uint8Array, ranges: Uint32Array, options: ParseOptions): string[][] | undefined {
    const first = ranges[0] ?? 0;
    const end = ranges.at(-1) ?? 0;
    if (end === first || bytes[end - 1] === CARRIAGE_RETURN) return undefined;
    const hasQuotes = bytes.includes(QUOTE);
    let last = first;
    for (let i = 0; i < ranges.length; i += 2) {
      const start = ranges[i] ?? 0;
      const stop = ranges[i + 1] ?? 0;
      if (stop - start > options.maxEventBytes || (i > 0 && !isLineEnd(bytes, last, start))) return undefined;
      if (hasQuotes && findCsvFault(bytes.subarray(start, stop), this.#delimiter) !== undefined) {
        return undefined;
      }
      last = stop;
    }
    const text = decodeStrictly(bytes.subarray(first, end));
    if (text === undefined) return undefined;
    const rows = this.#parseRows(text);
    // A carriage return by itself ends a row for the library.
    return rows.length === ranges.length / 2 ? rows : undefined;
  }

  #parseRecord(record: Uint8Array, { maxEventBytes }: ParseOptions): EventRecord | ParseFaultBox {
    if (record.length > maxEventBytes) {
      return new ParseFaultBox(tooLargeFault(record.length, maxEventBytes));
    }
    const text = decodeStrictly(record);
    if (text === undefined) return new ParseFaultBox(utf8Fault(record));
    const fault = findCsvFault(record, this.#delimiter);
    if (fault !== undefined) {
      return invalid(fault.reason, decodeStrictly(record.subarray(0, fault.at))?.length);
    }
    const rows = this.#parseRows(text);
    const [row] = rows;
    if (row !== undefined && rows.length === 1 && !text.endsWith("\r")) return this.#eventOf(row);
    return invalid("a carriage return inside a field must be in quotes");
  }

  #eventOf(row: readonly string[]): EventRecord | ParseFaultBox {
    const columns = this.#columns;
    if (row.length !== columns.length) {
      const names = `${columns.length} ${columns.length === 1 ? "field" : "fields"}`;
      return invalid(`the row must have ${names} like the header: current value has ${row.length}`);
    }
    const event: EventRecord = {};
    for (let i = 0; i < columns.length; i++) {
      const value = this.#readers[i]?.(row[i] ?? "");
      if (value === undefined) continue;
      if (this.#hasProto) setOwn(event, columns[i] ?? "", value);
      else event[columns[i] ?? ""] = value;
    }
    return event;
  }
}

/** Whether nothing but one line end stands between two positions. */
function isLineEnd(bytes: Uint8Array, from: number, to: number): boolean {
  return bytes[to - 1] === NEWLINE &&
    (to - from === 1 || (to - from === 2 && bytes[from] === CARRIAGE_RETURN));
}

function invalid(reason: string, position?: number): ParseFaultBox {
  const fault: ParseFault = {
    code: "event.invalid_csv",
    message: `Cannot parse event as ${reason}`,
    ...(position === undefined ? {} : { position }),
  };
  return new ParseFaultBox(fault);
}
