import { CsvCutter } from "../records/csv_cutter.ts";
import { parseCsvHeader } from "../records/csv_header.ts";
import { ChunkReplay } from "./chunk_replay.ts";
import type { Source } from "./source.ts";
import { StreamHead } from "./stream_head.ts";

/** A source of CSV whose header is known. */
export interface CsvSource {
  /** The names of the columns; undefined where the source holds nothing. */
  readonly columns: readonly string[] | undefined;
  /** The source, from its beginning: the header comes again. */
  readonly source: Source;
}

/**
 * Reads the header of a source of CSV, before anything else can be done with it.
 *
 * @throws {PackflowError} `source.invalid_header`, and what reading throws.
 */
export async function openCsvSource(
  source: Source,
  { delimiter, maxEventBytes }: { readonly delimiter: string; readonly maxEventBytes: number },
): Promise<CsvSource> {
  const chunks = new ChunkReplay(source.chunks);
  const head = new StreamHead("csv");
  const cutter = new CsvCutter({ delimiter, maxEventBytes, hasHeader: false });
  let seen = 0;
  for (let isOpen = false; cutter.ready === 0;) {
    if (!await chunks.peek()) {
      if (!isOpen) cutter.push(head.end().bytes);
      cutter.end();
      break;
    }
    const chunk = chunks.peeked.subarray(seen);
    seen = chunks.peeked.length;
    const bytes: Uint8Array | undefined = isOpen ? chunk : head.add(chunk)?.bytes;
    isOpen ||= bytes !== undefined;
    if (bytes !== undefined) cutter.push(bytes);
  }
  const piece = cutter.take({ bytes: Infinity, records: 1 });
  const { line = 1, block, fault } = piece ?? {};
  const row = fault === undefined ? block?.bytes : chunks.peeked;
  return {
    columns: row && parseCsvHeader(row, delimiter, { file: source.name, line }),
    source: { ...source, chunks: chunks.all },
  };
}
