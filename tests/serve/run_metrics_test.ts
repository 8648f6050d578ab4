import assert from "node:assert/strict";
import type { KafkaFigures } from "../../lib/kafka/kafka_figures.ts";
import { RunMetrics } from "../../lib/serve/run_metrics.ts";

/** The samples of a text of metrics, those that are 0 and buckets left out. */
async function samplesOf(metrics: RunMetrics): Promise<string[]> {
  const { text } = await metrics.text();
  return text.split("\n").filter((line) => /^\w/.test(line) && !/_bucket|.* 0$/.test(line));
}

Deno.test("progress, blocks and batches are counted", async () => {
  const metrics = new RunMetrics("m");
  metrics.open({ batchSize: 4 });
  metrics.progress({ read: 10, written: 7, failed: 3, dead: 2, skipped: 1, bytesRead: 99 });
  metrics.block({ records: 10, batches: 3, ms: 250, stages: { infer: 100, convert: 50 } });
  metrics.block({ records: 0, batches: 0, ms: 250 });
  assert.deepEqual(await samplesOf(metrics), [
    'packflow_records_in_total{model="m"} 10',
    'packflow_records_out_total{model="m"} 7',
    'packflow_records_failed_total{model="m"} 3',
    'packflow_records_dead_total{model="m"} 2',
    'packflow_records_skipped_total{model="m"} 1',
    'packflow_bytes_in_total{model="m"} 99',
    'packflow_batch_size_sum{model="m"} 10',
    'packflow_batch_size_count{model="m"} 3',
    'packflow_block_seconds_sum{model="m"} 0.5',
    'packflow_block_seconds_count{model="m"} 2',
    'packflow_worker_seconds_total{model="m",stage="infer"} 0.1',
    'packflow_worker_seconds_total{model="m",stage="convert"} 0.05',
  ]);
  const { text } = await metrics.text();
  // two of 4 events and one of 2
  assert.match(text, /batch_size_bucket\{le="2",model="m"\} 1\n.*batch_size_bucket\{le="4",model="m"\} 3\n/);
});

Deno.test("figures are there before anything happens, so that their growth can be seen", async () => {
  const { text } = await new RunMetrics("m").text();
  for (const name of ["records_in_total", "records_failed_total", "worker_restarts_total", "workers"]) {
    assert.match(text, new RegExp(`^packflow_${name}\\{model="m"\\} 0$`, "m"));
  }
});

Deno.test("workers are counted while they are ready, and so is the state of the run", async () => {
  const metrics = new RunMetrics("m");
  const [first, second, third] = [new FakeWorker(), new FakeWorker(), new FakeWorker()];
  assert.equal(metrics.worker(first), first);
  assert.equal(metrics.state, "starting");
  await first.begin();
  assert.equal(metrics.state, "running");
  assert.deepEqual(await samplesOf(metrics), ['packflow_workers{model="m"} 1']);
  await first.end();
  assert.deepEqual(await samplesOf(metrics), []);
  metrics.worker(second);
  await second.begin();
  assert.deepEqual(await samplesOf(metrics), [
    'packflow_worker_restarts_total{model="m"} 1',
    'packflow_workers{model="m"} 1',
  ]);
  metrics.worker(third);
  await third.fail();
  assert.deepEqual(await samplesOf(metrics), [
    'packflow_worker_restarts_total{model="m"} 1',
    'packflow_workers{model="m"} 1',
  ]);
  metrics.stop();
  assert.equal(metrics.state, "stopping");
});

Deno.test("a worker that gets ready after the signal does not make the run go on", async () => {
  const metrics = new RunMetrics("m");
  const worker = metrics.worker(new FakeWorker());
  metrics.stop();
  await worker.begin();
  assert.equal(metrics.state, "stopping");
});

Deno.test("partitions are told of as they are at the moment", async () => {
  let figures: KafkaFigures = {
    commits: 3,
    rebalances: 1,
    reconnects: 2,
    partitions: [
      { topic: "t", partition: 0, committed: 12, lag: 5 },
      { topic: "t", partition: 1, lag: 7 },
    ],
  };
  const metrics = new RunMetrics("m");
  metrics.open({ batchSize: 1, kafka: () => figures });
  assert.deepEqual(await samplesOf(metrics), [
    'packflow_kafka_lag{topic="t",partition="0"} 5',
    'packflow_kafka_lag{topic="t",partition="1"} 7',
    'packflow_kafka_committed_offset{topic="t",partition="0"} 12',
    "packflow_kafka_commits_total 3",
    "packflow_kafka_rebalances_total 1",
    "packflow_kafka_reconnects_total 2",
  ]);
  figures = { ...figures, commits: 4, partitions: [{ topic: "t", partition: 1, committed: 8, lag: 1 }] };
  const now = await samplesOf(metrics);
  // what another member has now is its to tell
  assert.deepEqual(now.slice(0, 3), [
    'packflow_kafka_lag{topic="t",partition="1"} 1',
    'packflow_kafka_committed_offset{topic="t",partition="1"} 8',
    "packflow_kafka_commits_total 4",
  ]);
});

/** A worker whose life the test directs. */
class FakeWorker {
  readonly #ready = Promise.withResolvers<void>();
  readonly #exited = Promise.withResolvers<void>();
  readonly ready = this.#ready.promise;
  readonly exited = this.#exited.promise;

  async begin(): Promise<void> {
    this.#ready.resolve();
    await settled();
  }

  async end(): Promise<void> {
    this.#exited.resolve();
    await settled();
  }

  async fail(): Promise<void> {
    this.#ready.reject(new Error("cannot start"));
    this.#exited.resolve();
    await settled();
  }
}

/** Lets whatever waits for a promise that is settled go on. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
}
