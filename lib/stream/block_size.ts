import type { PieceLimits } from "../records/block_cutter.ts";

/** Time that a block should take: long against what sending it costs, short to whoever waits for answers. */
const AIM_MS = 25;
/** More bytes than this in a block make nothing faster, unless one batch needs them. */
const MOST_BYTES = 256 * 1024;
/** Bytes that are enough for a block, however few records they are: bounds the memory. */
const HARD_LIMIT_BYTES = 8 * 1024 * 1024;
/** The same while sizes are not known. As much is read ahead as blocks may hold, so less means a sooner end. */
const FIRST_BYTES = 2 * 1024 * 1024;
/** Growth from one measurement to the next: the first ones, while code is still being compiled, tell little. */
const FASTEST_GROWTH = 8;
/** Batches that take longer are cut to the record; shorter ones by bytes, which costs this process less. */
const SLOW_BATCH_MS = 5;

/**
 * How much goes into a block. Starts with one batch; then aims at blocks that take 25 ms, of whole batches as far
 * as sizes of records seen so far tell.
 */
export class BlockSize {
  readonly #batchSize: number;
  #records: number;
  #bytesPerRecord: number | undefined;
  #msPerRecord = Infinity;

  constructor(batchSize: number) {
    this.#batchSize = batchSize;
    this.#records = batchSize;
  }

  /** How much the next block should hold. */
  get limits(): PieceLimits {
    const size = this.#bytesPerRecord;
    if (size === undefined) return { bytes: FIRST_BYTES, records: this.#records };
    if (this.#batchSize * this.#msPerRecord > SLOW_BATCH_MS) {
      // Twice what records of the usual size need: the limit is there for the memory, not to cut.
      const enough = Math.max(MOST_BYTES, Math.ceil(2 * this.#records * size));
      return { bytes: Math.min(enough, HARD_LIMIT_BYTES), records: this.#records };
    }
    const most = Math.max(MOST_BYTES, this.#batchSize * size);
    return { bytes: Math.ceil(Math.min(this.#records * size, most, HARD_LIMIT_BYTES)), records: Infinity };
  }

  /** Learns what a block of so many bytes and records took. */
  measured({ bytes, records }: { bytes: number; records: number }, ms: number): void {
    if (records === 0) return;
    const known = this.#bytesPerRecord !== undefined;
    const size = bytes / records;
    const pace = Math.max(ms, 0.001) / records;
    this.#bytesPerRecord = known ? mean(this.#bytesPerRecord ?? size, size) : size;
    this.#msPerRecord = known ? mean(this.#msPerRecord, pace) : pace;
    const aim = Math.min(AIM_MS / this.#msPerRecord, FASTEST_GROWTH * this.#records);
    this.#records = Math.max(1, Math.floor(aim / this.#batchSize)) * this.#batchSize;
  }
}

function mean(before: number, now: number): number {
  return 0.75 * before + 0.25 * now;
}
