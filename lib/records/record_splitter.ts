import type { ErrorCode } from "../base/error_codes.ts";
import type { RecordBlock, RecordFailure } from "./record_block.ts";

const SMALLEST_BUFFER = 256 * 1024;

/** What a record starts with. */
export interface SplitterOptions {
  /** A record of more bytes is a failure, and its bytes are not kept. */
  readonly maxEventBytes: number;
  /** Offset in the source of the first byte pushed; 3 after a byte order mark. */
  readonly offset?: number;
}

/** A defect the splitter itself finds in a record. */
export interface Defect {
  readonly code: ErrorCode;
  readonly message: string;
}

/**
 * Cuts a stream of bytes into records, whatever the sizes of its chunks. Subclasses find the boundaries.
 *
 * Chunks are copied, so their owner may reuse them. The bytes of blocks already taken are never written again:
 * the buffer only grows at its end, and a new one takes over when it is full. Memory stays under the records
 * not yet taken plus about twice `maxEventBytes`.
 */
export abstract class RecordSplitter {
  /** Positions below are indexes into these bytes. */
  protected bytes: Uint8Array = new Uint8Array(0);
  /** End of the bytes that are filled. */
  protected used = 0;
  /** How far the subclass has looked. */
  protected scanned = 0;
  /** Where the unfinished record starts; -1 between records. */
  protected open = -1;
  /** Line at `scanned`, counted from 1. */
  protected line = 1;
  /** Offset in the source at which that line starts. */
  protected lineStart: number;

  readonly #maxEventBytes: number;
  /** Offset in the source of position 0. */
  #base: number;
  /** Bytes of the unfinished record that were thrown away as it is too large. */
  #dropped = 0;
  #first = 0;
  #starts: number[] = [];
  #ends: number[] = [];
  #offsets: number[] = [];
  #lines: number[] = [];
  #columns: number[] = [];
  #failures: RecordFailure[] = [];

  constructor(options: SplitterOptions) {
    this.#maxEventBytes = options.maxEventBytes;
    this.#base = options.offset ?? 0;
    this.lineStart = this.#base;
  }

  /** Number of complete records not yet taken. */
  get count(): number {
    return this.#starts.length - this.#first;
  }

  /** Bytes from the first record not yet taken to the end of the last. */
  get pendingBytes(): number {
    return this.count === 0 ? 0 : (this.#ends.at(-1) ?? 0) - (this.#starts[this.#first] ?? 0);
  }

  /** Takes in the next bytes of the stream. */
  push(chunk: Uint8Array): void {
    this.#makeRoom(chunk.length);
    this.bytes.set(chunk, this.used);
    this.used += chunk.length;
    this.scan();
    if (this.open >= 0 && this.used - this.open > this.#maxEventBytes) this.#dropOpenRecord();
  }

  /** The stream has ended: what is unfinished becomes the last record. */
  end(): void {
    this.finish();
  }

  /** Takes up to `limit` records, fewer if they exceed `maxBytes` together, but at least one. */
  take(limit: number, maxBytes = Infinity): RecordBlock {
    const first = this.#first;
    const origin = this.#starts[first] ?? 0;
    let last = Math.min(first + limit, this.#starts.length);
    while (last > first + 1 && (this.#ends[last - 1] ?? 0) - origin > maxBytes) last--;
    const block: RecordBlock = {
      bytes: this.bytes.subarray(origin, this.#ends[last - 1] ?? origin),
      starts: shifted(this.#starts, { first, last, by: origin }),
      ends: shifted(this.#ends, { first, last, by: origin }),
      offsets: this.#offsets.slice(first, last),
      lines: this.#lines.slice(first, last),
      columns: this.#columns.slice(first, last),
      failures: this.#takeFailures(first, last),
    };
    this.#first = last;
    if (last === this.#starts.length) this.#forgetTaken();
    return block;
  }

  /** Looks at the bytes from `scanned` to `used`, adds the records that end there, sets `open`. */
  protected abstract scan(): void;

  /** Adds what is unfinished at the end of the stream. */
  protected abstract finish(): void;

  /** Whether the unfinished record is too large already, so that its first bytes are gone. */
  protected get truncated(): boolean {
    return this.#dropped > 0;
  }

  /** The offset in the source of a position. */
  protected offsetOf(position: number): number {
    return this.#base + position;
  }

  /** Adds the record between two positions that starts at a line and, in bytes, column; it is finished then. */
  protected add(start: number, end: number, place: { line: number; column: number; defect?: Defect }): void {
    const size = end - start + this.#dropped;
    const tooLarge = size > this.#maxEventBytes;
    const index = this.#starts.length;
    if (tooLarge) this.#failures.push(this.#tooLarge(index, size));
    else if (place.defect !== undefined) this.#failures.push({ index, stage: "split", ...place.defect });
    this.#starts.push(start);
    this.#ends.push(tooLarge ? start : end);
    this.#offsets.push(this.#base + start - this.#dropped);
    this.#lines.push(place.line);
    this.#columns.push(place.column);
    this.#dropped = 0;
  }

  #tooLarge(index: number, bytes: number): RecordFailure {
    return {
      index,
      stage: "split",
      code: "event.too_large",
      message:
        `Cannot read event as it must have at most ${this.#maxEventBytes} bytes: current size is ${bytes} bytes`,
      bytes,
    };
  }

  #dropOpenRecord(): void {
    const dropped = this.used - this.open;
    this.#dropped += dropped;
    this.#base += dropped;
    this.used = this.open;
    this.scanned = this.open;
  }

  #makeRoom(length: number): void {
    if (this.used + length <= this.bytes.length) return;
    const keep = this.count > 0 ? this.#starts[this.#first] ?? 0 : this.open >= 0 ? this.open : this.used;
    const kept = this.used - keep;
    const next = new Uint8Array(Math.max(SMALLEST_BUFFER, kept + length + Math.max(kept, length)));
    next.set(this.bytes.subarray(keep, this.used));
    for (let i = this.#first; i < this.#starts.length; i++) {
      this.#starts[i] = (this.#starts[i] ?? 0) - keep;
      this.#ends[i] = (this.#ends[i] ?? 0) - keep;
    }
    this.bytes = next;
    this.#base += keep;
    this.used = kept;
    this.scanned -= keep;
    if (this.open >= 0) this.open -= keep;
  }

  #takeFailures(first: number, last: number): RecordFailure[] {
    if (this.#failures.length === 0) return [];
    const taken = this.#failures.filter(({ index }) => index < last);
    this.#failures = this.#failures.slice(taken.length);
    return taken.map((failure) => ({ ...failure, index: failure.index - first }));
  }

  #forgetTaken(): void {
    this.#first = 0;
    this.#starts = [];
    this.#ends = [];
    this.#offsets = [];
    this.#lines = [];
    this.#columns = [];
  }
}

function shifted(
  positions: readonly number[],
  { first, last, by }: { first: number; last: number; by: number },
) {
  const moved: number[] = [];
  for (let i = first; i < last; i++) moved.push((positions[i] ?? 0) - by);
  return moved;
}
