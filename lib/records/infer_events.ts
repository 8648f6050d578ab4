import { PackflowError } from "../base/errors.ts";
import type { EventRecord } from "../base/json.ts";

/** Answers a batch: one result per event, in order. `backend.infer` of an array is one. */
export type Infer = (events: EventRecord[]) => Promise<readonly unknown[]>;

/** What becomes of each event, by its index among those given. */
export interface InferReceiver {
  /** Takes a result. True stops: no later result is wanted. */
  result(index: number, result: unknown): boolean;
  /** Takes what was thrown for an event on its own. True stops likewise. */
  failed(index: number, error: unknown): boolean;
}

/** How events are inferred. */
export interface InferOptions {
  readonly infer: Infer;
  readonly batchSize: number;
  /** Makes events `from` to before `to` anew for another call, as one that threw may have changed them. */
  readonly again: (from: number, to: number) => EventRecord[];
}

/**
 * Infers events in batches. A batch that throws, or answers with another number of results, is halved until the
 * events that fail stand alone, each half again as a batch: a few more calls find one bad event among many. A
 * backend that keeps state sees the events of a failed batch again.
 *
 * @returns Number of batches begun, retries not counted.
 */
export async function inferEvents(
  events: EventRecord[],
  { infer, batchSize, again }: InferOptions,
  receiver: InferReceiver,
): Promise<number> {
  let batches = 0;
  for (let from = 0; from < events.length; from += batchSize) {
    const to = Math.min(from + batchSize, events.length);
    batches++;
    const range = { events: events.slice(from, to), from, to, infer, again };
    if (await inferRange(range, receiver)) break;
  }
  return batches;
}

interface Range extends Omit<InferOptions, "batchSize"> {
  /** Those from `from` to before `to`. */
  readonly events: EventRecord[];
  readonly from: number;
  readonly to: number;
}

/** Resolves to true when the receiver stopped it. */
async function inferRange(range: Range, receiver: InferReceiver): Promise<boolean> {
  const { events, from, to, infer, again } = range;
  let results: readonly unknown[];
  try {
    results = await infer(events);
    checkCount(results, to - from);
  } catch (error) {
    if (to - from === 1) return receiver.failed(from, error);
    const middle = from + ((to - from) >> 1);
    if (await inferRange({ ...range, events: again(from, middle), to: middle }, receiver)) return true;
    return inferRange({ ...range, events: again(middle, to), from: middle }, receiver);
  }
  for (let i = 0; i < results.length; i++) {
    if (receiver.result(from + i, results[i])) return true;
  }
  return false;
}

function checkCount(results: readonly unknown[], expected: number): void {
  if (Array.isArray(results) && results.length === expected) return;
  const current = Array.isArray(results) ? `${results.length} results` : "no array";
  throw new PackflowError(
    "backend.wrong_output",
    `Cannot take the results as there must be one per event: current value is ${current} for ${expected} events`,
  );
}
