import { Notice } from "../stream/notice.ts";
import type { PartitionState } from "./partition_state.ts";
import type { RecordPage } from "./record_page.ts";

/**
 * Where the stream of records begins. Not at 0, where a byte order mark would be taken for one of the stream rather
 * than of a record.
 */
export const FIRST_OFFSET = 1;

/** A page with its place in the stream, and the partitions of its runs. */
export interface LedgerPage {
  readonly page: RecordPage;
  /** Offset in the stream of the page's first byte. */
  readonly start: number;
  readonly end: number;
  readonly states: readonly PartitionState[];
}

/** A record of the stream. */
export interface LedgerRecord {
  readonly entry: LedgerPage;
  readonly record: number;
}

/**
 * Knows for each byte of the stream which record of which partition it belongs to, and, per partition, up to which
 * offset everything has been given to the sinks.
 */
export class RecordLedger {
  #pages: LedgerPage[] = [];
  #end = FIRST_OFFSET;
  #given = FIRST_OFFSET;
  readonly #changed = new Notice();
  /** Index among the pages of the one that a record was found in last. */
  #found = 0;

  /** Offset in the stream after all that was handed out. */
  get end(): number {
    return this.#end;
  }

  /** Takes in a page that is handed out now. */
  add(page: RecordPage, states: readonly PartitionState[]): LedgerPage {
    const start = this.#end;
    this.#end += page.bytes.length;
    const entry: LedgerPage = { page, start, end: this.#end, states };
    this.#pages.push(entry);
    page.runs.forEach(({ first, last }, index) => {
      const state = states[index];
      if (state !== undefined && last > first) state.handedOut = start + (page.ends[last - 1] ?? 0) + 1;
    });
    // A page with nothing to answer may be all there is for long.
    if (start === this.#given) this.give(start);
    return entry;
  }

  /** Everything before an offset of the stream has been given to the sinks. */
  give(offset: number): void {
    this.#given = Math.max(this.#given, offset);
    while (this.#pages[0] !== undefined && this.#pages[0].end <= this.#given) {
      const entry = this.#pages.shift();
      this.#found = Math.max(0, this.#found - 1);
      if (entry !== undefined) giveRecords(entry, entry.page.count);
    }
    const [first] = this.#pages;
    if (first !== undefined && first.start < this.#given) {
      giveRecords(first, recordsBefore(first.page, this.#given - first.start));
    }
    this.#changed.give();
  }

  /** Resolves when everything of a partition that was handed out has been given, or it was given back. */
  async settled(state: PartitionState): Promise<void> {
    while (this.#given < state.handedOut && !state.isReleased) await this.#changed.wait();
  }

  /** The record that holds a byte of the stream; undefined if it was given already. */
  find(offset: number): LedgerRecord | undefined {
    const pages = this.#pages;
    let at = this.#found < pages.length && (pages[this.#found]?.start ?? Infinity) <= offset
      ? this.#found
      : 0;
    while (at < pages.length && (pages[at]?.end ?? 0) <= offset) at++;
    const entry = pages[at];
    if (entry === undefined || entry.start > offset) return undefined;
    this.#found = at;
    return { entry, record: recordsBefore(entry.page, offset - entry.start) };
  }

  /** The partition and offset of the record that holds a byte of the stream. */
  placeOf(offset: number): { readonly partition: number; readonly offset: number } | undefined {
    const found = this.find(offset);
    const run = found?.entry.page.runOf(found.record);
    if (found === undefined || run === undefined) return undefined;
    return { partition: run.partition, offset: found.entry.page.offsets[found.record] ?? 0 };
  }
}

/** The first `count` records of a page have been given. */
function giveRecords({ page, states }: LedgerPage, count: number): void {
  page.runs.forEach(({ first, last, next }, index) => {
    const state = states[index];
    if (state === undefined || count < first) return;
    if (count >= last) state.given = Math.max(state.given, next);
    else if (count > first) state.given = Math.max(state.given, (page.offsets[count - 1] ?? -1) + 1);
  });
}

/** Number of records of a page that lie before a position, with the newline behind them. */
function recordsBefore({ ends, count }: RecordPage, position: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ends[middle] ?? 0) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}
