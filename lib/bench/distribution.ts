/** How measured times are distributed, in milliseconds. */
export interface Distribution {
  readonly samples: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
  /** Times by share, for plots: the first is the shortest, the last the longest, the others evenly between. */
  readonly quantiles: readonly number[];
}

const QUANTILES = 100;

/** The distribution of times, of which there is at least one. */
export function distributionOf(times: readonly number[]): Distribution {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => quantile(sorted, share);
  return {
    samples: sorted.length,
    p50: at(0.5),
    p90: at(0.9),
    p99: at(0.99),
    max: at(1),
    quantiles: Array.from({ length: QUANTILES + 1 }, (_, index) => at(index / QUANTILES)),
  };
}

/** The shortest time that at least this share of all do not exceed. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
