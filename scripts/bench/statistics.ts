/** The middle of the values, the mean of the middle two where they are even in number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  const lower = sorted[sorted.length % 2 === 0 ? middle - 1 : middle];
  if (upper === undefined || lower === undefined) throw new RangeError("Cannot take the median of no values");
  return (lower + upper) / 2;
}

/** A value measured again and again. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** The median and the extremes of repeated measurements. */
export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}

/**
 * By how much a series grew: the median of its last sixth less that of its first. Single peaks, such as those
 * between two garbage collections, do not count.
 */
export function growthOf(values: readonly number[]): number {
  const sixth = Math.max(1, Math.floor(values.length / 6));
  return median(values.slice(-sixth)) - median(values.slice(0, sixth));
}
