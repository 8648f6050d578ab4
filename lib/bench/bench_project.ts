import type { Clock } from "../host/clock.ts";
import { type BenchEvents } from "./bench_events.ts";
import type { Setting, StartWorkers } from "./bench_worker.ts";
import { compareDevices, type Comparison } from "./compare_devices.ts";
import { type Measurement, measureSetting } from "./measure_setting.ts";
import { recommend, type Recommendations } from "./recommend.ts";

/** What to measure a project under. */
export interface BenchOptions {
  readonly events: BenchEvents;
  /** What may run the model, best first; undefined leaves it to the project. */
  readonly devices: readonly (string | undefined)[];
  /** Whether a device that is not there is an error. */
  readonly mustBeThere: boolean;
  readonly workers: readonly number[];
  readonly batchSizes: readonly number[];
  /** Milliseconds that throughput is measured once it is steady, and latency after that. */
  readonly measureMs: number;
  /** How far answers of devices may be off. */
  readonly tolerance: number;
  readonly startWorkers: StartWorkers;
  readonly clock: Clock;
  /** Called before a setting is measured. */
  readonly onSetting?: (setting: Setting, done: number, of: number) => void;
}

/** What was measured of a project. */
export interface BenchReport {
  readonly events: { readonly name: string; readonly count: number };
  readonly comparison: Comparison;
  readonly tolerance: number;
  readonly measurements: readonly Measurement[];
  /** Undefined where no device gives the reference's answers. */
  readonly recommended: Recommendations | undefined;
}

/**
 * Measures a project under every combination of device, workers and batch size, one after the other. The answers of
 * the devices are compared first.
 *
 * @throws {PackflowError} Why the project does not run, or what an event failed with.
 */
export async function benchProject(options: BenchOptions): Promise<BenchReport> {
  const { events: { name, events }, tolerance, batchSizes, workers: counts } = options;
  const comparison = await compareDevices(options.devices, { ...options, events });
  const settings = comparison.answers.flatMap(({ device }) =>
    counts.flatMap((workers) => batchSizes.map((batchSize): Setting => ({ device, workers, batchSize })))
  );
  const lines = events.map((event) => JSON.stringify(event));
  const measurements: Measurement[] = [];
  for (const [index, setting] of settings.entries()) {
    options.onSetting?.(setting, index, settings.length);
    measurements.push(await measureSetting(setting, { ...options, lines }));
  }
  return {
    events: { name, count: events.length },
    comparison,
    tolerance,
    measurements,
    recommended: recommend(measurements, comparison.answers),
  };
}
