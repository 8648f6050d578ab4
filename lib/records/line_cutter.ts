import { countNewlines } from "./block.ts";
import { tooLargeFault } from "./too_large.ts";
import type { BlockCutter, CutterOptions, Piece, PieceLimits } from "./block_cutter.ts";

const NEWLINE = 0x0a;
const SMALLEST_BUFFER = 512 * 1024;

/**
 * Cuts NDJSON at ends of lines. It looks for the last newline of a chunk only: lines are the workers' business,
 * blank ones and those over the size limit too, except for a line so long that it must not be kept.
 */
export class LineCutter implements BlockCutter {
  readonly #maxEventBytes: number;
  #bytes: Uint8Array = new Uint8Array(0);
  /** Positions in `#bytes`: what is not taken starts, complete lines end, filled bytes end. */
  #start = 0;
  #complete = 0;
  #used = 0;
  /** Offset in the source of position 0. */
  #base: number;
  /** Bytes of the unfinished line that were thrown away as it is too large. */
  #dropped = 0;
  #ended = false;
  /** Bytes that are still to be passed over. */
  #skip: number;
  /** Pieces before what the buffer holds: faulty lines and what came before them. */
  readonly #queue: Piece[] = [];

  constructor({ maxEventBytes, offset = 0, from = 0 }: CutterOptions) {
    this.#maxEventBytes = maxEventBytes;
    this.#skip = Math.max(0, from - offset);
    this.#base = offset + this.#skip;
  }

  get ready(): number {
    return this.#complete - this.#start +
      this.#queue.reduce((sum, { block }) => sum + Math.max(1, block.bytes.length), 0);
  }

  count(most: number): number {
    let lines = 0;
    for (const { block } of this.#queue) lines += Math.max(1, countNewlines(block.bytes));
    for (let at = this.#start; lines < most && at < this.#complete; lines++) {
      const newline = this.#bytes.indexOf(NEWLINE, at);
      at = newline === -1 ? this.#complete : newline + 1;
    }
    return lines;
  }

  push(chunk: Uint8Array): void {
    const skipped = Math.min(this.#skip, chunk.length);
    this.#skip -= skipped;
    const wanted = chunk.subarray(skipped);
    const rest = this.#dropped > 0 ? this.#afterDropped(wanted) : wanted;
    if (rest.length === 0) return;
    this.#makeRoom(rest.length);
    this.#bytes.set(rest, this.#used);
    const newline = rest.lastIndexOf(NEWLINE);
    if (newline !== -1) this.#complete = this.#used + newline + 1;
    this.#used += rest.length;
    // One more, as the last byte may be the CR of a line end.
    if (this.#used - this.#complete > this.#maxEventBytes + 1) this.#drop(this.#used - this.#complete);
  }

  end(): void {
    this.#ended = true;
    if (this.#dropped > 0) this.#addFaulty();
    this.#complete = this.#used;
  }

  take({ bytes, records }: PieceLimits): Piece | undefined {
    const queued = this.#queue.shift();
    if (queued !== undefined || this.#complete === this.#start) return queued;
    return this.#takeLines(this.#cut(bytes, records));
  }

  /** Where to cut: after the last line that ends within the limits, but at least one. */
  #cut(bytes: number, records: number): number {
    const start = this.#start;
    const last = this.#complete;
    const lines = this.#bytes;
    let end = last;
    if (end - start > bytes) {
      const newline = lines.lastIndexOf(NEWLINE, start + bytes - 1);
      end = newline >= start ? newline + 1 : lines.indexOf(NEWLINE, start + bytes) + 1;
      if (end === 0 || end > last) end = last;
    }
    if (records === Infinity) return end;
    let at = start;
    for (let line = 0; line < records && at < end; line++) {
      const newline = lines.indexOf(NEWLINE, at);
      at = newline === -1 ? end : newline + 1;
    }
    return Math.min(at, end);
  }

  #takeLines(end: number): Piece {
    const start = this.#start;
    this.#start = end;
    return {
      block: { bytes: this.#bytes.subarray(start, end) },
      offset: this.#base + start,
      end: this.#base + end,
    };
  }

  #drop(bytes: number): void {
    if (this.#complete > this.#start) this.#queue.push(this.#takeLines(this.#complete));
    this.#dropped += bytes;
    this.#base += bytes;
    this.#used -= bytes;
  }

  /** Goes to the end of the line that is being dropped; returns what follows it. */
  #afterDropped(chunk: Uint8Array): Uint8Array {
    const newline = chunk.indexOf(NEWLINE);
    const dropped = newline === -1 ? chunk.length : newline;
    this.#dropped += dropped;
    this.#base += dropped;
    if (newline === -1) return chunk.subarray(chunk.length);
    this.#addFaulty();
    return chunk.subarray(newline + 1);
  }

  #addFaulty(): void {
    const size = this.#dropped;
    const offset = this.#base + this.#used - size;
    // The newline itself is part of the piece, so that the lines after it are counted right.
    const newline = this.#ended ? 0 : 1;
    this.#base += newline;
    this.#dropped = 0;
    this.#queue.push({
      block: { bytes: Uint8Array.of(NEWLINE).subarray(0, newline) },
      offset,
      end: offset + size + newline,
      fault: { stage: "split", ...tooLargeFault(size, this.#maxEventBytes) },
    });
  }

  #makeRoom(length: number): void {
    if (this.#used + length <= this.#bytes.length) return;
    const start = this.#start;
    const kept = this.#used - start;
    const next = new Uint8Array(Math.max(SMALLEST_BUFFER, kept + length + Math.max(kept, length)));
    next.set(this.#bytes.subarray(start, this.#used));
    this.#bytes = next;
    this.#base += start;
    this.#start = 0;
    this.#used = kept;
    this.#complete -= start;
  }
}
