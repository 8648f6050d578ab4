import type { KafkaFigures, PartitionFigures } from "../kafka/kafka_figures.ts";
import type { BlockDone, RunProgress } from "../stream/run_options.ts";
import { MetricSet, SECONDS, SIZES } from "./metric_set.ts";

/** What is known of a run when its input and output are open. */
export interface RunMetricsOptions {
  /** Most events inferred at once. */
  readonly batchSize: number;
  /** What is known of the consumer group at the moment, where the input is one. */
  readonly kafka?: (() => KafkaFigures) | undefined;
}

/** Whether a run works: no worker is ready yet, some were, or it has been asked to stop. */
export type RunState = "starting" | "running" | "stopping";

/** What counts of a worker. */
interface Lifetime {
  readonly ready: Promise<unknown>;
  readonly exited: Promise<unknown>;
}

/** A run's figures, in the form of Prometheus, under the names that a server's have. */
export class RunMetrics {
  readonly #set = new MetricSet();
  readonly #batch: { observe(events: number): void };
  readonly #block: { observe(seconds: number): void };
  readonly #stages: Readonly<Record<"infer" | "convert", { inc(seconds: number): void }>>;
  readonly #restarts: { inc(count?: number): void };
  #progress: RunProgress = { read: 0, written: 0, failed: 0, dead: 0, skipped: 0, bytesRead: 0 };
  #state: RunState = "starting";
  #ready = 0;
  /** Workers that have ended and are not replaced yet. */
  #gone = 0;
  #batchSize = 1;

  /** @param model The project's name. */
  constructor(model: string) {
    const set = this.#set;
    for (const [name, help, key] of TOTALS) {
      set.total(name, help, {
        labels: { model },
        value: () => this.#progress[key],
      });
    }
    const labels = ["model"];
    this.#batch = set.histogram("batch_size", "Events inferred at once", { labels, buckets: SIZES })
      .labels({ model });
    this.#block = set.histogram("block_seconds", "Time a worker took for a block of batches", {
      labels,
      buckets: SECONDS,
    }).labels({ model });
    const seconds = set.counter("worker_seconds_total", "Time that workers were busy, by what with", [
      "model",
      "stage",
    ]);
    this.#stages = {
      infer: seconds.labels({ model, stage: "infer" }),
      convert: seconds.labels({ model, stage: "convert" }),
    };
    for (const stage of Object.values(this.#stages)) stage.inc(0);
    this.#restarts = set.counter("worker_restarts_total", "Workers that ended and were replaced", ["model"])
      .labels({ model });
    this.#restarts.inc(0);
    set.gauge("workers", "Workers that are ready", {
      labels: ["model"],
      collect: (put) => put({ model }, this.#ready),
    });
  }

  /** Takes in what the run works with. */
  open({ batchSize, kafka }: RunMetricsOptions): void {
    this.#batchSize = batchSize;
    if (kafka !== undefined) addKafka(this.#set, kafka);
  }

  get state(): RunState {
    return this.#state;
  }

  /** Takes in how far the run is. */
  progress(progress: RunProgress): void {
    this.#progress = progress;
  }

  /** Takes in that a block was answered. Its batches are full but for the last one. */
  block({ records, batches, ms, stages }: BlockDone): void {
    this.#block.observe(ms / 1000);
    if (stages !== undefined) {
      this.#stages.infer.inc(stages.infer / 1000);
      this.#stages.convert.inc(stages.convert / 1000);
    }
    for (let left = records, batch = 1; batch <= batches; batch++) {
      const events = batch === batches ? left : Math.min(left, this.#batchSize);
      this.#batch.observe(events);
      left -= events;
    }
  }

  /** Counts a worker that is started, until it ends; gives it back. */
  worker<Worker extends Lifetime>(worker: Worker): Worker {
    if (this.#gone > 0) {
      this.#gone--;
      this.#restarts.inc();
    }
    const ready = worker.ready.then(() => {
      this.#ready++;
      if (this.#state === "starting") this.#state = "running";
      return true;
    }, () => false);
    worker.exited.then(async () => {
      if (await ready) this.#ready--;
      this.#gone++;
    }, () => {});
    return worker;
  }

  /** Takes in that the run has been asked to stop. */
  stop(): void {
    this.#state = "stopping";
  }

  /** All figures as text. */
  async text(): Promise<{ readonly type: string; readonly text: string }> {
    return await this.#set.text();
  }
}

const TOTALS: readonly (readonly [name: string, help: string, key: keyof RunProgress])[] = [
  ["records_in_total", "Events taken in", "read"],
  ["records_out_total", "Events answered, errors in their place included", "written"],
  ["records_failed_total", "Events that failed", "failed"],
  ["records_dead_total", "Events that failed and are in the dead letters", "dead"],
  ["records_skipped_total", "Events that failed and were left out", "skipped"],
  ["bytes_in_total", "Bytes of the input", "bytesRead"],
];

const PARTITION = ["topic", "partition"];

function addKafka(set: MetricSet, figures: () => KafkaFigures): void {
  const gauge = (name: string, help: string, valueOf: (partition: PartitionFigures) => number | undefined) =>
    set.gauge(name, help, {
      labels: PARTITION,
      collect: (put) => {
        for (const each of figures().partitions) {
          const value = valueOf(each);
          if (value !== undefined) put({ topic: each.topic, partition: String(each.partition) }, value);
        }
      },
    });
  gauge("kafka_lag", "Records of the partition that the group has not committed", ({ lag }) => lag);
  gauge("kafka_committed_offset", "Offset that the group reads next", ({ committed }) => committed);
  set.total("kafka_commits_total", "Commits that the broker has taken", { value: () => figures().commits });
  set.total("kafka_rebalances_total", "Times that partitions were assigned", {
    value: () => figures().rebalances,
  });
  set.total("kafka_reconnects_total", "Lost connections that were made again", {
    value: () => figures().reconnects,
  });
}
