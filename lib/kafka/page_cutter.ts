import type { BlockCutter, Piece, PieceLimits } from "../records/block_cutter.ts";
import type { LedgerPage } from "./record_ledger.ts";

/** Pages that were handed out, for whoever cuts them. */
export interface PageQueue {
  /** The next page; undefined if there is none. */
  shift(): LedgerPage | undefined;
}

/** Cuts pages of records into blocks. The records' ends are known, so values may hold what they like. */
export class PageCutter implements BlockCutter {
  readonly #queue: PageQueue;
  readonly #pages: LedgerPage[] = [];
  /** Records of the first page that were taken. */
  #taken = 0;
  #ready = 0;

  constructor(queue: PageQueue) {
    this.#queue = queue;
  }

  get ready(): number {
    return this.#ready;
  }

  count(most: number): number {
    let records = -this.#taken;
    for (const { page } of this.#pages) records += page.count;
    return Math.min(records, most);
  }

  /** Takes in the page whose bytes these are. */
  push(_chunk: Uint8Array): void {
    const entry = this.#queue.shift();
    if (entry === undefined || entry.page.count === 0) return;
    this.#pages.push(entry);
    this.#ready += entry.page.bytes.length;
  }

  end(): void {}

  take({ bytes, records }: PieceLimits): Piece | undefined {
    const [entry] = this.#pages;
    if (entry === undefined) return undefined;
    const { page, start } = entry;
    const first = this.#taken;
    const from = page.startOf(first);
    let last = Math.min(page.count, records === Infinity ? page.count : first + records);
    // Fits as a whole most of the time.
    while (last > first + 1 && (page.ends[last - 1] ?? 0) - from >= bytes) {
      const share = bytes / ((page.ends[last - 1] ?? 0) + 1 - from);
      last = first + Math.max(1, Math.min(last - first - 1, Math.floor((last - first) * share)));
    }
    const to = (page.ends[last - 1] ?? 0) + 1;
    this.#taken = last;
    this.#ready -= to - from;
    if (last === page.count) {
      this.#pages.shift();
      this.#taken = 0;
    }
    return {
      block: { bytes: page.bytes.subarray(from, to), ranges: rangesOf(entry, { first, last, from }) },
      offset: start + from,
      end: start + to,
      line: 1,
    };
  }
}

/** Byte ranges of the records that are to be answered. */
function rangesOf({ page }: LedgerPage, at: { first: number; last: number; from: number }): Uint32Array {
  const { ends, passed } = page;
  const ranges = new Uint32Array(2 * (at.last - at.first));
  let used = 0;
  let start = 0;
  for (let record = at.first; record < at.last; record++) {
    const end = (ends[record] ?? 0) - at.from;
    if (passed[record] === 0) {
      ranges[used] = start;
      ranges[used + 1] = end;
      used += 2;
    }
    start = end + 1;
  }
  return used === ranges.length ? ranges : ranges.slice(0, used);
}
