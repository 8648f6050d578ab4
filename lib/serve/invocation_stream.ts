import { PackflowError } from "../base/errors.ts";
import type { Piece } from "../records/block_cutter.ts";
import { createCutter } from "../records/formats.ts";
import { lineRanges } from "../records/line_ranges.ts";
import type { Exchange } from "./exchange.ts";
import { errorOf } from "./invocations.ts";
import { errorLine, type Outcome, type RecordsAnswer } from "./job.ts";
import { checkBodyHeaders } from "./read_body.ts";
import type { ServedProject } from "./served_project.ts";

/** Bounds of a stream. */
export interface StreamLimits {
  /** Most bytes of one event. */
  readonly eventBytes: number;
  /** Most events of one piece of work. */
  readonly maxBatch: number;
  /** Milliseconds that nothing may move in either direction. */
  readonly idleMs: number;
}

/** Pieces of one stream that are worked on at once: answers that wait for their turn stay few. */
const MOST_PIECES = 4;
const PIECE_BYTES = 256 * 1024;

/**
 * Answers a body of NDJSON as it comes, one line for each event, in order. While the answers are not read, the events
 * are not read either.
 */
export async function answerStream(
  exchange: Exchange,
  project: ServedProject,
  limits: StreamLimits,
): Promise<void> {
  checkBodyHeaders(exchange.request, Infinity);
  exchange.begin(200, "application/x-ndjson");
  const stream = new InvocationStream(exchange, project, limits);
  await stream.run();
  exchange.end();
}

class InvocationStream {
  readonly #exchange: Exchange;
  readonly #project: ServedProject;
  readonly #limits: StreamLimits;
  /** Answers of the pieces under way, in the order of their events. */
  readonly #pending: Promise<Outcome>[] = [];

  constructor(exchange: Exchange, project: ServedProject, limits: StreamLimits) {
    this.#exchange = exchange;
    this.#project = project;
    this.#limits = limits;
  }

  async run(): Promise<void> {
    const { request } = this.#exchange;
    const cutter = createCutter("ndjson", { maxEventBytes: this.#limits.eventBytes });
    const chunks = request[Symbol.asyncIterator]();
    for (let chunk = this.#inTime(chunks.next());;) {
      // Answers go out while no event comes in.
      const next = await (this.#pending[0] === undefined ? chunk : Promise.race([chunk, this.#pending[0]]));
      if ("kind" in next) {
        await this.#writeFirst();
        continue;
      }
      if (next.done === true) break;
      cutter.push(next.value);
      await this.#work(() => cutter.take({ bytes: PIECE_BYTES, records: this.#limits.maxBatch }));
      chunk = this.#inTime(chunks.next());
    }
    cutter.end();
    await this.#work(() => cutter.take({ bytes: PIECE_BYTES, records: this.#limits.maxBatch }));
    while (this.#pending.length > 0) await this.#writeFirst();
  }

  async #work(take: () => Piece | undefined): Promise<void> {
    for (let piece = take(); piece !== undefined; piece = take()) {
      this.#submit(piece);
      while (this.#pending.length >= MOST_PIECES) await this.#writeFirst();
    }
  }

  #submit({ block, fault }: Piece): void {
    const ranges = Uint32Array.from(lineRanges(block.bytes).ranges);
    const exchange = this.#exchange;
    if (fault !== undefined) {
      exchange.rows++;
      const failure = { ...fault, index: 0, start: 0, end: 0, line: 0 };
      const answer: RecordsAnswer = { kind: "records", lines: errorLine(fault), failures: [failure] };
      this.#pending.push(Promise.resolve(answer));
      return;
    }
    if (ranges.length === 0) return;
    exchange.rows += ranges.length / 2;
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#project.submit(exchange, { kind: "records", bytes: block.bytes, ranges }, resolve);
    this.#pending.push(promise);
  }

  async #writeFirst(): Promise<void> {
    const outcome = await this.#pending[0];
    this.#pending.shift();
    if (outcome === undefined) return;
    if (outcome.kind !== "records") throw errorOf(outcome);
    this.#exchange.failed += outcome.failures.length;
    const { response } = this.#exchange;
    if (response.destroyed) throw new PackflowError("sink.closed", "Cannot answer as the reader is gone");
    if (response.write(outcome.lines)) return;
    await this.#inTime(
      new Promise<void>((resolve) => {
        const done = () => {
          response.off("drain", done).off("close", done);
          resolve();
        };
        response.on("drain", done).on("close", done);
      }),
    );
  }

  /** Waits for the other end, but not for ever. */
  async #inTime<T>(work: Promise<T>): Promise<T> {
    const { idleMs } = this.#limits;
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new PackflowError("request.deadline", `Cannot wait longer than ${idleMs} ms`)),
      idleMs,
    );
    try {
      return await Promise.race([work, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}
