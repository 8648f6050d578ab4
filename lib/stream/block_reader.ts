import type { Clock } from "../host/clock.ts";
import type { BlockCutter, CutterOptions, Piece, PieceLimits } from "../records/block_cutter.ts";
import { createCutter, type InputFormat } from "../records/formats.ts";
import { Notice } from "./notice.ts";
import type { Source } from "./source.ts";
import { type OpenedHead, StreamHead } from "./stream_head.ts";

/** Bytes that are read ahead of the workers, unless a block needs more. */
const READ_AHEAD_BYTES = 1024 * 1024;

/** Opens a source when its turn has come. */
export type OpenSource = () => Source | Promise<Source>;

/** A source as failures and checkpoints name it. */
export interface SourceRef {
  readonly name: string;
  /** Its place among the sources of the run, counted from 0. */
  readonly index: number;
  readonly placeOf?: Source["placeOf"];
}

/** Records and where they came from. */
export interface ReadPiece {
  readonly piece: Piece;
  readonly source: SourceRef;
}

/** Where to begin: what lies before has been done. */
export interface StartPoint {
  readonly source: number;
  readonly offset: number;
}

/** How a {@linkcode BlockReader} reads. */
export interface ReaderOptions {
  readonly inputFormat: InputFormat | undefined;
  readonly batchSize: number;
  /** How long the first event may wait for others while the input is idle. */
  readonly maxWaitMs: number;
  readonly maxEventBytes: number;
  readonly clock: Clock;
  /** Stops the reading: records complete by then still come, an unfinished one stays unread. */
  readonly signal: AbortSignal | undefined;
  readonly start?: StartPoint | undefined;
  /** Makes what cuts a format; by default records stay together as they come. */
  readonly cutter?: ((format: InputFormat, options: CutterOptions) => BlockCutter) | undefined;
  /** Called when as much has been read ahead as may be, and nobody takes it. */
  readonly onFull?: (() => void) | undefined;
}

/**
 * Reads sources one after another and hands out blocks of records. It reads ahead of whoever takes them, but only
 * so far, so memory is bounded.
 */
export class BlockReader {
  readonly #sources: readonly OpenSource[];
  readonly #options: ReaderOptions;
  readonly #changed = new Notice();
  readonly #taken = new Notice();
  #cutter: BlockCutter | undefined;
  #source: (SourceRef & { readonly mayPause: boolean }) | undefined;
  #chunks: AsyncIterator<Uint8Array> | undefined;
  /** Everything of the source has been pushed. */
  #sourceEnded = false;
  #ended = false;
  #fault: unknown;
  #bytesRead = 0;
  #wanted = 0;
  /** When the first record that was not taken was complete. */
  #since = 0;
  /** When the latest chunk came. */
  #latest = 0;

  constructor(sources: readonly OpenSource[], options: ReaderOptions) {
    this.#sources = sources;
    this.#options = options;
    options.signal?.addEventListener("abort", this.#stop);
    if (options.signal?.aborted) this.#stop();
    this.#fill();
  }

  /** Bytes that were read from the sources so far. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /**
   * The next records, up to the limits; fewer only if the input is idle or over. Undefined at the end.
   *
   * @throws What the source threw, after everything that was read before has been handed out.
   */
  async next(limits: PieceLimits): Promise<ReadPiece | undefined> {
    this.#wanted = limits.bytes;
    this.#taken.give();
    for (;;) {
      const due = this.#dueIn(limits);
      if (due === "over") {
        if (this.#fault !== undefined) throw this.#fault;
        return undefined;
      }
      if (due === "now" || await this.#change(due) === "due") return this.#take(limits);
    }
  }

  /** Lets the sources go. A read that waits for input is not waited for. */
  close(): void {
    this.#options.signal?.removeEventListener("abort", this.#stop);
    this.#stop();
  }

  readonly #stop = (): void => {
    this.#ended = true;
    this.#chunks?.return?.().catch(() => {});
    this.#changed.give();
    this.#taken.give();
  };

  /** When records are to go on: now, or if nothing more has come in so many ms. "over" if none will come. */
  #dueIn(limits: PieceLimits): "now" | "over" | number {
    const cutter = this.#cutter;
    const ready = cutter?.ready ?? 0;
    if (cutter === undefined || ready === 0) return this.#ended ? "over" : Infinity;
    if (this.#ended || this.#sourceEnded || ready >= Math.min(limits.bytes, this.#mostAhead())) return "now";
    const { maxWaitMs, batchSize, clock } = this.#options;
    const waits = this.#source?.mayPause === true;
    const enough = waits && maxWaitMs > 0 ? Math.min(limits.records, batchSize) : limits.records;
    if (enough < Infinity && cutter.count(enough) >= enough) return "now";
    // Even with 0 there is one turn of the event loop, in which input that lies ready arrives.
    return waits ? Math.max(0, this.#since + maxWaitMs - clock.now()) : Infinity;
  }

  #change(waitMs: number): Promise<"changed" | "due"> {
    return new Promise((resolve) => {
      const cancel = waitMs === Infinity
        ? undefined
        : this.#options.clock.after(waitMs, () => resolve("due"));
      this.#changed.wait().then(() => {
        cancel?.();
        resolve("changed");
      });
    });
  }

  #take(limits: PieceLimits): ReadPiece | undefined {
    const piece = this.#cutter?.take(limits);
    // What is left has come with the latest chunk: it was not enough before.
    this.#since = this.#latest;
    this.#taken.give();
    if (piece === undefined || this.#source === undefined) return undefined;
    return { piece, source: this.#source };
  }

  #mostAhead(): number {
    return Math.max(READ_AHEAD_BYTES, 2 * this.#wanted);
  }

  async #fill(): Promise<void> {
    try {
      for (let index = this.#options.start?.source ?? 0; index < this.#sources.length; index++) {
        if (this.#ended) break;
        const source = await this.#sources[index]?.();
        if (source === undefined) break;
        await this.#fillFrom(source, index);
        this.#sourceEnded = true;
        this.#changed.give();
        while (!this.#ended && (this.#cutter?.ready ?? 0) > 0) await this.#taken.wait();
      }
    } catch (error) {
      this.#fault = error;
    }
    this.#ended = true;
    this.#changed.give();
  }

  async #fillFrom(source: Source, index: number): Promise<void> {
    const { start, inputFormat } = this.#options;
    const from = start?.source === index ? start.offset : 0;
    const head = new StreamHead(inputFormat, source.offset ?? 0);
    this.#source = {
      name: source.name,
      index,
      mayPause: source.mayPause,
      ...(source.placeOf === undefined ? {} : { placeOf: (offset) => source.placeOf?.(offset) }),
    };
    this.#cutter = undefined;
    this.#sourceEnded = false;
    const chunks = this.#chunks = source.chunks[Symbol.asyncIterator]();
    let cutter: BlockCutter | undefined;
    const open = ({ format, bytes, offset }: OpenedHead) => {
      const { maxEventBytes, cutter: make = createCutter } = this.#options;
      const made = make(format, { maxEventBytes, offset, from });
      this.#cutter = made;
      this.#push(made, bytes);
      return made;
    };
    while (!this.#ended) {
      const { done, value } = await chunks.next();
      if (this.#ended) return;
      if (done) break;
      this.#bytesRead += value.length;
      if (cutter !== undefined) this.#push(cutter, value);
      else {
        const opened = head.add(value);
        if (opened !== undefined) cutter = open(opened);
      }
      this.#changed.give();
      await this.#roomAhead();
    }
    // Stopped while there was no room: an unfinished record stays unread.
    if (this.#ended) return;
    cutter ??= open(head.end());
    cutter.end();
  }

  #push(cutter: BlockCutter, chunk: Uint8Array): void {
    this.#latest = this.#options.clock.now();
    if (cutter.ready === 0) this.#since = this.#latest;
    cutter.push(chunk);
  }

  async #roomAhead(): Promise<void> {
    while (!this.#ended && (this.#cutter?.ready ?? 0) >= this.#mostAhead()) {
      this.#options.onFull?.();
      await this.#taken.wait();
    }
  }
}
