import type { DeviceAnswers } from "./compare_devices.ts";
import type { Measurement } from "./measure_setting.ts";

/** Settings within this share of the best count as equally fast: another run might rank them the other way. */
const AS_FAST = 0.95;

/** What to run a project with. */
export interface Recommendation {
  readonly setting: Measurement;
  /** What speaks for it, a sentence. */
  readonly reason: string;
}

/** Recommended settings by what matters most. */
export interface Recommendations {
  /** Most events a second. */
  readonly throughput: Recommendation;
  /** An answer to a single event soonest; undefined where no batch of one was measured. */
  readonly latency: Recommendation | undefined;
}

/**
 * Recommends settings. Among those as fast as the best the one with fewest workers is taken, then the one with the
 * smallest batch, as both leave memory and time to others. Devices whose answers differ are never recommended.
 *
 * @param measurements At least one, of devices in the order of preference.
 */
export function recommend(
  measurements: readonly Measurement[],
  answers: readonly DeviceAnswers[],
): Recommendations | undefined {
  const differing = new Set(answers.filter((each) => each.differing > 0).map(({ device }) => device));
  const right = measurements.filter(({ device }) => !differing.has(device));
  const most = Math.max(...right.map(({ throughput }) => throughput.perSecond));
  const fast = right.filter(({ throughput }) => throughput.perSecond >= AS_FAST * most);
  const [throughput] = fast.sort((a, b) =>
    a.workers - b.workers || a.batchSize - b.batchSize || faster(a, b)
  );
  if (throughput === undefined) return undefined;
  const single = right.filter(({ batchSize }) => batchSize === 1);
  const [latency] = single.sort((a, b) => a.latency.p99 - b.latency.p99);
  return {
    throughput: { setting: throughput, reason: throughputReason(throughput, most) },
    latency: latency && { setting: latency, reason: "the lowest p99 of a single event" },
  };
}

function faster(a: Measurement, b: Measurement): number {
  return b.throughput.perSecond - a.throughput.perSecond;
}

function throughputReason({ throughput: { perSecond, isSteady } }: Measurement, most: number): string {
  const doubt = isSteady ? "" : ", though the rate was still changing";
  if (perSecond === most) return `the most events a second${doubt}`;
  const share = Math.round(100 * (1 - perSecond / most));
  return `within ${share} % of the most events a second, with fewer workers or a smaller batch${doubt}`;
}
