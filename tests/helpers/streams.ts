/** Sources, sinks and a clock in memory, for tests of streams. */
import type { PackflowError } from "../../lib/base/errors.ts";
import type { Clock } from "../../lib/host/clock.ts";
import { countNewlines } from "../../lib/records/block.ts";
import type { BlockCutter, Piece } from "../../lib/records/block_cutter.ts";
import { lineRanges } from "../../lib/records/line_ranges.ts";
import type { Sink } from "../../lib/stream/sink.ts";
import type { Source } from "../../lib/stream/source.ts";

/** The UTF-8 bytes of a text. */
export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The text of UTF-8 bytes, a byte order mark kept. */
export const textOf = (bytes: Uint8Array): string =>
  new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);

/** The bytes of several arrays in a row. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Cuts bytes into pieces of one size. */
export function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  const cut: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) cut.push(bytes.slice(at, at + size));
  return cut;
}

/** A source of chunks that never waits. Each chunk is wiped when the next is asked for, as a reused buffer is. */
export function memorySource(input: string | Uint8Array | readonly Uint8Array[], name = "memory"): Source {
  const chunks = typeof input === "string" ? [bytesOf(input)] : input instanceof Uint8Array ? [input] : input;
  async function* read() {
    for (const chunk of chunks) {
      const copy = chunk.slice();
      yield await Promise.resolve(copy);
      copy.fill(0x21);
    }
  }
  return { name, mayPause: false, chunks: { [Symbol.asyncIterator]: read } };
}

/** A source that is fed by hand and may pause. */
export class ManualSource implements Source, AsyncIterator<Uint8Array> {
  readonly name = "manual";
  readonly mayPause: boolean = true;
  readonly chunks = { [Symbol.asyncIterator]: () => this };
  /** Times that `next` was called. */
  asked = 0;
  returned = false;
  readonly #ready: IteratorResult<Uint8Array>[] = [];
  #waiting: ((result: IteratorResult<Uint8Array>) => void) | undefined;

  send(text: string): void {
    this.#give({ done: false, value: bytesOf(text) });
  }

  end(): void {
    this.#give({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    this.asked++;
    const ready = this.#ready.shift();
    if (ready !== undefined) return Promise.resolve(ready);
    return new Promise((resolve) => this.#waiting = resolve);
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    this.returned = true;
    return Promise.resolve({ done: true, value: undefined });
  }

  #give(result: IteratorResult<Uint8Array>): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) this.#ready.push(result);
    else waiting(result);
  }
}

/** A sink that keeps what it is given; from the n-th write on it throws `error`. */
export class MemorySink implements Sink {
  readonly name = "memory";
  readonly writes: Uint8Array[] = [];
  readonly #failAt: number;
  readonly #error: PackflowError | Error | undefined;

  constructor(failAt?: number, error?: PackflowError | Error) {
    this.#failAt = failAt ?? Infinity;
    this.#error = error;
  }

  get text(): string {
    return textOf(concat(...this.writes));
  }

  /** The output as NDJSON, parsed. */
  get lines(): unknown[] {
    return this.text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.writes.length + 1 >= this.#failAt && this.#error !== undefined) {
      return Promise.reject(this.#error);
    }
    this.writes.push(bytes.slice());
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  #now = 0;
  #timers: { at: number; callback: () => void }[] = [];

  /** Times at which calls are due. */
  get timers(): readonly number[] {
    return this.#timers.map(({ at }) => at);
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, callback };
    this.#timers.push(timer);
    return () => this.#timers = this.#timers.filter((other) => other !== timer);
  }

  advance(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter(({ at }) => at <= this.#now);
    this.#timers = this.#timers.filter(({ at }) => at > this.#now);
    for (const { callback } of due) callback();
  }
}

/** Lets everything that is ready run, without any time passing. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}

/** What a cutter makes of chunks, record by record. */
export function cutAll(cutter: BlockCutter, chunks: readonly Uint8Array[]): CutRecord[] {
  const counted = new CountedLines();
  const records: CutRecord[] = [];
  const take = (most: number) => {
    const piece = cutter.take({ bytes: 1e9, records: most });
    if (piece !== undefined) records.push(...counted.recordsOf(piece));
    return piece !== undefined;
  };
  for (const chunk of chunks) {
    cutter.push(chunk);
    // Taking some at once and some later crosses buffers in every way.
    if (cutter.count(3) > 2) take(2);
  }
  cutter.end();
  while (take(1e9));
  return records;
}

/** A record with its place. */
export interface CutRecord {
  text: string;
  offset: number;
  line: number;
  column: number;
  code?: string;
}

/** Lays out the records of pieces; counts lines where the cutter does not. */
class CountedLines {
  #line = 1;

  recordsOf(piece: Piece): CutRecord[] {
    const { block, offset, fault } = piece;
    const { bytes } = block;
    const line = piece.line ?? this.#line;
    this.#line += countNewlines(bytes);
    if (fault !== undefined) {
      return [{
        text: piece.line === undefined ? "" : text(bytes),
        offset,
        line,
        column: piece.column ?? 1,
        code: fault.code,
      }];
    }
    const ranges = block.ranges ?? lineRanges(bytes).ranges;
    return Array.from({ length: ranges.length / 2 }, (_, i) => {
      const start = ranges[2 * i] ?? NaN;
      const newline = bytes.subarray(0, start).lastIndexOf(0x0a);
      return {
        text: text(bytes.subarray(start, ranges[2 * i + 1])),
        offset: offset + start,
        line: line + countNewlines(bytes, 0, start),
        column: newline === -1 ? start + (piece.column ?? 1) : start - newline,
      };
    });
  }
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
