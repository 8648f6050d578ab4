import { Counter, Gauge, Histogram, Registry } from "../deps/prom_client.ts";
import type { DispatchObserver } from "./dispatcher.ts";
import type { Exchange } from "./exchange.ts";
import type { BatchDone } from "./worker_place.ts";

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** What is told of a model at the moment. */
export interface ModelGauges {
  readonly readyWorkers: number;
  readonly pendingRows: number;
}

/** The server's figures, in the form of Prometheus. */
export class ServerMetrics {
  readonly #registry = new Registry();
  readonly #watched = new Map<string, ModelGauges>();
  readonly #requests = this.#counter("requests_total", "Requests answered", ["route", "status"]);
  readonly #seconds = this.#histogram("request_seconds", "Time from a request to its answer", {
    labels: ["route"],
    buckets: SECONDS,
  });
  readonly #in = this.#counter("records_in_total", "Events taken in", ["model"]);
  readonly #out = this.#counter("records_out_total", "Events answered, errors in their place included", [
    "model",
  ]);
  readonly #failed = this.#counter("records_failed_total", "Events that failed", ["model"]);
  readonly #dead = this.#counter(
    "records_dead_total",
    "Events given up as the deadline passed or the queue was full",
    [
      "model",
    ],
  );
  readonly #batch = this.#histogram("batch_size", "Events inferred at once", {
    labels: ["model"],
    buckets: SIZES,
  });
  readonly #batchSeconds = this.#histogram("batch_seconds", "Time a worker took for a batch", {
    labels: ["model"],
    buckets: SECONDS,
  });
  readonly #queue = this.#histogram("queue_seconds", "Time from a request to the start of its batch", {
    labels: ["model"],
    buckets: SECONDS,
  });
  readonly #restarts = this.#counter("worker_restarts_total", "Workers that ended and were replaced", [
    "model",
  ]);
  readonly #series = new Map<string, { inc(): void; observe(seconds: number): void }>();

  constructor() {
    const watched = this.#watched;
    const gauge = (name: string, help: string, value: (gauges: ModelGauges) => number) =>
      new Gauge({
        name: `packflow_${name}`,
        help,
        labelNames: ["model"],
        registers: [this.#registry],
        collect() {
          for (const [model, gauges] of watched) this.set({ model }, value(gauges));
        },
      });
    gauge("workers", "Workers that are ready", ({ readyWorkers }) => readyWorkers);
    gauge("pending_records", "Events that wait or are worked on", ({ pendingRows }) => pendingRows);
  }

  /** The figures of a model, from now on. */
  ofModel(model: string): DispatchObserver {
    const batchSize = this.#batch.labels({ model });
    const batchSeconds = this.#batchSeconds.labels({ model });
    const queue = this.#queue.labels({ model });
    const restarts = this.#restarts.labels({ model });
    for (const counter of [this.#in, this.#out, this.#failed, this.#dead]) counter.labels({ model }).inc(0);
    return {
      batch: ({ rows, ms }: BatchDone) => {
        batchSize.observe(rows);
        batchSeconds.observe(ms / 1000);
      },
      queued: (ms) => queue.observe(ms / 1000),
      restarted: () => restarts.inc(),
    };
  }

  /** Has what is so of a model at the moment asked for when somebody reads the metrics. */
  watch(model: string, gauges: ModelGauges): void {
    this.#watched.set(model, gauges);
  }

  /** Counts a request that was answered. */
  answered({ route, model, rows, failed, response, code }: Exchange, seconds: number): void {
    const { inc, observe } = this.#seriesOf(route, response.statusCode);
    inc();
    observe(seconds);
    if (rows === 0) return;
    this.#in.inc({ model }, rows);
    if (code === "request.deadline" || code === "request.queue_full") this.#dead.inc({ model }, rows);
    else this.#out.inc({ model }, rows);
    if (failed > 0) this.#failed.inc({ model }, failed);
  }

  /** All figures as text. */
  async text(): Promise<{ readonly type: string; readonly text: string }> {
    return { type: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  /** Labels are looked up once: a request waits for this. */
  #seriesOf(route: string, status: number) {
    const key = `${status} ${route}`;
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const counter = this.#requests.labels({ route, status: String(status) });
    const histogram = this.#seconds.labels({ route });
    const series = { inc: () => counter.inc(), observe: (seconds: number) => histogram.observe(seconds) };
    this.#series.set(key, series);
    return series;
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[]) {
    return new Counter({ name: `packflow_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #histogram<Label extends string>(
    name: string,
    help: string,
    { labels, buckets }: { labels: Label[]; buckets: number[] },
  ) {
    return new Histogram({
      name: `packflow_${name}`,
      help,
      labelNames: labels,
      buckets,
      registers: [this.#registry],
    });
  }
}
