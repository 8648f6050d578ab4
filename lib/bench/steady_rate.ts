/** Shorter windows tell more of the timer than of the work. */
const WINDOW_MS = 100;
/** Windows whose mean is compared with that of as many before them. */
const GROUP = 3;
/** Two groups whose means differ by less show no trend any more. */
const MOST_TREND = 0.05;

/** How a rate is found. */
export interface SteadyOptions {
  /** Milliseconds that are measured once the rate is steady. */
  readonly measureMs: number;
  /** Milliseconds after which it is measured even though the rate still changes. */
  readonly mostWarmUpMs: number;
}

/** A rate, and how it was found. */
export interface Rate {
  readonly perSecond: number;
  /** Whether the rate had stopped changing before it was measured. */
  readonly isSteady: boolean;
  /** Time before the measured part. */
  readonly warmUpMs: number;
  /** Distance from the slowest to the fastest window of the measured part, as a share of the rate. */
  readonly spread: number;
}

/**
 * Finds the rate of something counted: first it waits until the rate shows no trend any more, as code is compiled
 * and caches fill at the beginning; then it measures.
 */
export class SteadyRate {
  readonly #options: SteadyOptions;
  readonly #start: number;
  #windowStart: number;
  #windowCount = 0;
  #rates: number[] = [];
  #measuredFrom: { readonly at: number; readonly count: number; readonly isSteady: boolean } | undefined;
  #rate: Rate | undefined;

  /** @param now Milliseconds at the beginning, when nothing is counted. */
  constructor(now: number, options: SteadyOptions) {
    this.#options = options;
    this.#start = now;
    this.#windowStart = now;
  }

  /** Takes in the count so far; returns the rate once it is known. */
  add(count: number, now: number): Rate | undefined {
    const passed = now - this.#windowStart;
    if (this.#rate !== undefined || passed < WINDOW_MS) return this.#rate;
    this.#rates.push((count - this.#windowCount) / passed * 1000);
    this.#windowStart = now;
    this.#windowCount = count;
    if (this.#measuredFrom === undefined) this.#endWarmUp(count, now);
    else this.#rate = this.#finish(count, now, this.#measuredFrom);
    return this.#rate;
  }

  #endWarmUp(count: number, now: number): void {
    const isSteady = hasNoTrend(this.#rates);
    if (!isSteady && now - this.#start < this.#options.mostWarmUpMs) return;
    this.#measuredFrom = { at: now, count, isSteady };
    this.#rates = [];
  }

  #finish(
    count: number,
    now: number,
    from: { at: number; count: number; isSteady: boolean },
  ): Rate | undefined {
    if (now - from.at < this.#options.measureMs) return undefined;
    const perSecond = (count - from.count) / (now - from.at) * 1000;
    const spread = perSecond === 0 ? 0 : (Math.max(...this.#rates) - Math.min(...this.#rates)) / perSecond;
    return { perSecond, isSteady: from.isSteady, warmUpMs: from.at - this.#start, spread };
  }
}

function hasNoTrend(rates: readonly number[]): boolean {
  if (rates.length < 2 * GROUP) return false;
  const now = meanOf(rates.slice(-GROUP));
  const before = meanOf(rates.slice(-2 * GROUP, -GROUP));
  return now > 0 && Math.abs(now - before) <= MOST_TREND * now;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
