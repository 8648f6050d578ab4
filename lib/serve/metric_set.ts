import { Counter, Gauge, Histogram, Registry } from "../deps/prom_client.ts";

/** Bounds of histograms of times, in seconds. */
export const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Bounds of histograms of events. */
export const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** Takes a value of a gauge under its labels. */
type SetGauge<Label extends string> = (labels: Record<Label, string>, value: number) => void;

/** Figures in the form of Prometheus; the name of each begins with `packflow_`. */
export class MetricSet {
  readonly #registry = new Registry();

  counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name: `packflow_${name}`, help, labelNames, registers: [this.#registry] });
  }

  histogram<Label extends string>(
    name: string,
    help: string,
    { labels, buckets }: { labels: Label[]; buckets: number[] },
  ): Histogram<Label> {
    return new Histogram({
      name: `packflow_${name}`,
      help,
      labelNames: labels,
      buckets,
      registers: [this.#registry],
    });
  }

  /** A figure that is asked for whenever somebody reads the metrics; what it had before is forgotten. */
  gauge<Label extends string>(
    name: string,
    help: string,
    { labels, collect }: { labels: Label[]; collect: (set: SetGauge<Label>) => void },
  ): void {
    new Gauge({
      name: `packflow_${name}`,
      help,
      labelNames: labels,
      registers: [this.#registry],
      collect() {
        this.reset();
        collect((values, value) => this.set(values, value));
      },
    });
  }

  /** The same of a count that only grows, kept elsewhere. */
  total(
    name: string,
    help: string,
    { labels = {}, value }: { labels?: Readonly<Record<string, string>>; value: () => number },
  ): void {
    new Counter({
      name: `packflow_${name}`,
      help,
      labelNames: Object.keys(labels),
      registers: [this.#registry],
      collect() {
        this.reset();
        this.inc(labels, value());
      },
    });
  }

  /** All figures as text. */
  async text(): Promise<{ readonly type: string; readonly text: string }> {
    return { type: this.#registry.contentType, text: await this.#registry.metrics() };
  }
}
