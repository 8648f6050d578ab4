import type { DispatchObserver } from "./dispatcher.ts";
import type { Exchange } from "./exchange.ts";
import { MetricSet, SECONDS, SIZES } from "./metric_set.ts";
import type { BatchDone } from "./worker_place.ts";

/** What is told of a model at the moment. */
export interface ModelGauges {
  readonly readyWorkers: number;
  readonly pendingRows: number;
}

/** The server's figures, in the form of Prometheus. */
export class ServerMetrics {
  readonly #set = new MetricSet();
  readonly #watched = new Map<string, ModelGauges>();
  readonly #requests = this.#set.counter("requests_total", "Requests answered", ["route", "status"]);
  readonly #seconds = this.#set.histogram("request_seconds", "Time from a request to its answer", {
    labels: ["route"],
    buckets: SECONDS,
  });
  readonly #in = this.#set.counter("records_in_total", "Events taken in", ["model"]);
  readonly #out = this.#set.counter("records_out_total", "Events answered, errors in their place included", [
    "model",
  ]);
  readonly #failed = this.#set.counter("records_failed_total", "Events that failed", ["model"]);
  readonly #dead = this.#set.counter(
    "records_dead_total",
    "Events given up as the deadline passed or the queue was full",
    [
      "model",
    ],
  );
  readonly #batch = this.#set.histogram("batch_size", "Events inferred at once", {
    labels: ["model"],
    buckets: SIZES,
  });
  readonly #batchSeconds = this.#set.histogram("batch_seconds", "Time a worker took for a batch", {
    labels: ["model"],
    buckets: SECONDS,
  });
  readonly #queue = this.#set.histogram("queue_seconds", "Time from a request to the start of its batch", {
    labels: ["model"],
    buckets: SECONDS,
  });
  readonly #restarts = this.#set.counter("worker_restarts_total", "Workers that ended and were replaced", [
    "model",
  ]);
  readonly #series = new Map<string, { inc(): void; observe(seconds: number): void }>();

  constructor() {
    const gauge = (name: string, help: string, value: (gauges: ModelGauges) => number) =>
      this.#set.gauge(name, help, {
        labels: ["model"],
        collect: (set) => {
          for (const [model, gauges] of this.#watched) set({ model }, value(gauges));
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
    return await this.#set.text();
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
}
