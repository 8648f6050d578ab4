import { PackflowError } from "../base/errors.ts";

/** Events to have seen before a share of failures means anything. */
const LEAST_EVENTS = 100;

/** How many events may fail: a number, or a share of those read, between 0 and 1. */
export type ErrorLimit = { readonly count: number } | { readonly share: number };

/** Reads `N` or `N%`; undefined for any other text. */
export function parseErrorLimit(text: string): ErrorLimit | undefined {
  if (/^\d+$/.test(text)) return { count: Number(text) };
  if (!/^\d+(\.\d+)?%$/.test(text)) return undefined;
  const share = Number(text.slice(0, -1)) / 100;
  return share <= 1 ? { share } : undefined;
}

/**
 * The error that ends a run in which too many events have failed.
 *
 * A share is asked about from 100 events on, and at the end of the input.
 */
export function overErrorLimit(
  limit: ErrorLimit,
  { read, failed, ended }: { read: number; failed: number; ended: boolean },
): PackflowError | undefined {
  const over = "count" in limit
    ? failed > limit.count
    : (ended || read >= LEAST_EVENTS) && failed > limit.share * read;
  if (!over) return undefined;
  const most = "count" in limit ? `${limit.count}` : `${100 * limit.share} %`;
  return new PackflowError(
    "event.too_many_failed",
    `Cannot go on as at most ${most} of the events may fail: ${failed} of ${read} have failed`,
  );
}
