import type { Clock } from "../host/clock.ts";
import { BatchPolicy } from "./batch_policy.ts";
import { createSplitter, type InputFormat } from "../records/formats.ts";
import type { RecordBlock } from "../records/record_block.ts";
import type { RecordSplitter } from "../records/record_splitter.ts";
import type { Source } from "./source.ts";
import { StreamHead } from "./stream_head.ts";

/** Bytes of collected events that are enough for a block. */
const MAX_BLOCK_BYTES = 8 * 1024 * 1024;

/** How a {@linkcode Batcher} collects. */
export interface BatcherOptions {
  readonly inputFormat: InputFormat | undefined;
  readonly batchSize: number;
  readonly maxWaitMs: number;
  readonly maxEventBytes: number;
  readonly clock: Clock;
  /** Stops the reading: records complete by then still come, an unfinished one stays unread. */
  readonly signal: AbortSignal | undefined;
}

type Arrival = "read" | "due" | "aborted";

/**
 * Reads a source and hands out blocks of records. One read is always under way, so that input arrives while a
 * block is worked on; nothing more is read before what came has been split, so memory is bounded.
 */
export class Batcher {
  readonly #options: BatcherOptions;
  readonly #mayPause: boolean;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #policy: BatchPolicy;
  readonly #head: StreamHead;
  #splitter: RecordSplitter | undefined;
  #reading: Promise<IteratorResult<Uint8Array>> | undefined;
  #ended = false;
  #bytesRead = 0;
  #fault: unknown;

  constructor(source: Source, options: BatcherOptions) {
    this.#options = options;
    this.#mayPause = source.mayPause;
    this.#chunks = source.chunks[Symbol.asyncIterator]();
    this.#policy = new BatchPolicy({ ...options, maxBytes: MAX_BLOCK_BYTES });
    this.#head = new StreamHead(options.inputFormat);
  }

  /** Bytes that were read from the source so far. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /**
   * The next block: as many whole batches as there are, at most `mostBatches`; less than a batch only if the input
   * is idle or over. Undefined at the end.
   *
   * @throws What the source threw, after everything that was read before has been handed out.
   */
  async next(mostBatches: number): Promise<RecordBlock | undefined> {
    while (!this.#policy.full && !this.#ended) {
      const arrival = await this.#arrival();
      if (arrival === "due") break;
      if (arrival === "aborted") this.#ended = true;
      else await this.#takeChunk();
    }
    if (this.#policy.count > 0) return this.#takeBlock(mostBatches);
    if (this.#fault !== undefined) throw this.#fault;
    return undefined;
  }

  /** Lets the source go. A read that waits for input is not waited for. */
  close(): void {
    this.#ended = true;
    this.#chunks.return?.().catch(() => {});
  }

  /** Waits for the read under way, but not past the time at which collected events are due. */
  #arrival(): Promise<Arrival> {
    const { clock, signal } = this.#options;
    if (signal?.aborted) return Promise.resolve("aborted");
    const reading = this.#reading ??= this.#read();
    const waitMs = this.#mayPause ? this.#policy.dueIn(clock.now()) : Infinity;
    return new Promise((resolve) => {
      const settle = (arrival: Arrival) => {
        signal?.removeEventListener("abort", onAbort);
        cancel?.();
        resolve(arrival);
      };
      const onAbort = () => settle("aborted");
      const cancel = waitMs === Infinity ? undefined : clock.after(waitMs, () => settle("due"));
      signal?.addEventListener("abort", onAbort);
      reading.then(() => settle("read"), () => settle("read"));
    });
  }

  async #takeChunk(): Promise<void> {
    const reading = this.#reading;
    this.#reading = undefined;
    try {
      const result = await reading;
      if (result === undefined || result.done) this.#finish();
      else this.#split(result.value);
    } catch (error) {
      this.#ended = true;
      this.#fault = error;
    }
    if (!this.#ended) this.#reading = this.#read();
  }

  #read(): Promise<IteratorResult<Uint8Array>> {
    const reading = this.#chunks.next();
    // It may fail while a block is worked on, long before it is awaited.
    reading.catch(() => {});
    return reading;
  }

  #split(chunk: Uint8Array): void {
    this.#bytesRead += chunk.length;
    if (this.#splitter !== undefined) return this.#feed(this.#splitter, chunk);
    const head = this.#head.add(chunk);
    if (head === undefined) return;
    this.#splitter = createSplitter(head.format, { ...this.#options, offset: head.offset });
    this.#feed(this.#splitter, head.bytes);
  }

  #finish(): void {
    this.#ended = true;
    if (this.#splitter === undefined) {
      const head = this.#head.end();
      this.#splitter = createSplitter(head.format, this.#options);
      this.#feed(this.#splitter, head.bytes);
    }
    const splitter = this.#splitter;
    this.#count(splitter, () => splitter.end());
  }

  #feed(splitter: RecordSplitter, chunk: Uint8Array): void {
    this.#count(splitter, () => splitter.push(chunk));
  }

  #count(splitter: RecordSplitter, step: () => void): void {
    const { count, pendingBytes } = splitter;
    step();
    const now = this.#options.clock.now();
    this.#policy.add(splitter.count - count, splitter.pendingBytes - pendingBytes, now);
  }

  #takeBlock(mostBatches: number): RecordBlock | undefined {
    const splitter = this.#splitter;
    if (splitter === undefined) return undefined;
    const { count, pendingBytes } = splitter;
    const block = splitter.take(this.#policy.takeable(mostBatches), MAX_BLOCK_BYTES);
    this.#policy.take(count - splitter.count, pendingBytes - splitter.pendingBytes);
    return block;
  }
}
