import assert from "node:assert/strict";
import { type Clock, systemClock } from "../../lib/host/clock.ts";
import { Committer } from "../../lib/kafka/committer.ts";
import { ConsumerGroup } from "../../lib/kafka/consumer_group.ts";
import { KafkaSource } from "../../lib/kafka/kafka_source.ts";
import { Outage } from "../../lib/kafka/outage.ts";
import { PageFetcher } from "../../lib/kafka/page_fetcher.ts";
import { RecordLedger } from "../../lib/kafka/record_ledger.ts";
import { eventually } from "../helpers/eventually.ts";
import { inTime } from "../helpers/in_time.ts";
import { FakeKafka } from "../helpers/kafka_fake.ts";
import { textOf } from "../helpers/streams.ts";

/** Time that passes at once, but lets others have their turn. */
const hasty: Clock = {
  now: () => systemClock.now(),
  after: (_ms, callback) => systemClock.after(0, callback),
};

/** A source with a sink that remembers, as a run has it. */
class Reading implements AsyncDisposable {
  readonly ledger = new RecordLedger();
  readonly source: KafkaSource;
  readonly committer: Committer;
  readonly values: string[] = [];
  /** Commits that were begun. */
  begun = 0;
  hold: Promise<void> = Promise.resolve();

  constructor(
    kafka: FakeKafka,
    { from = "earliest", until, drainMs = 60_000 }: {
      from?: "earliest" | "latest";
      until?: ReadonlyMap<number, number>;
      drainMs?: number;
    } = {},
  ) {
    const outage = new Outage("t", hasty);
    const fetcher = new PageFetcher(
      kafka,
      { topic: "t", from, tombstones: "skip", unpack: (bytes) => bytes },
      outage,
    );
    const options = { name: "kafka://h/t", topic: "t", from, until, drainMs, isOver: () => false };
    this.source = new KafkaSource(options, {
      client: kafka,
      fetcher,
      ledger: this.ledger,
      // Draining is waited for in earnest.
      outage: new Outage(
        "t",
        drainMs === 0
          ? hasty
          : { ...hasty, after: (ms, call) => ms === drainMs ? () => {} : hasty.after(ms, call) },
      ),
      join: (events) =>
        new ConsumerGroup(kafka, { group: "g", topic: "t", rebalanceTimeoutMs: 1000 }, { events, outage }),
      closing: [kafka],
    });
    const sync = async () => {
      this.begun++;
      await this.hold;
    };
    this.committer = new Committer({
      target: this.source,
      sinks: [{ sync }],
      intervalMs: 0,
      clock: hasty,
      failed: (error) => this.source.fail(error),
    });
    this.source.start(() => this.committer.commit());
  }

  /** Reads the next chunk and has it written; false at the end. */
  async read({ write = true } = {}): Promise<boolean> {
    const iterator = this.#iterator ??= this.source.chunks[Symbol.asyncIterator]();
    const { done, value } = await inTime(iterator.next(), "a chunk");
    if (done === true) return false;
    this.values.push(...textOf(value).split("\n").slice(0, -1));
    if (write) await this.write();
    return true;
  }

  /** All that was read is written. */
  async write(): Promise<void> {
    await this.committer.at({ source: 0, offset: this.ledger.end, lines: 0, begun: true });
  }

  #iterator: AsyncIterator<Uint8Array> | undefined;

  async [Symbol.asyncDispose]() {
    await inTime(this.source.close(), "the source to close");
  }
}

function filled(...counts: readonly number[]): FakeKafka {
  const kafka = new FakeKafka(counts.length);
  counts.forEach((count, partition) => {
    for (let at = 0; at < count; at++) kafka.append(partition, { value: `${partition}:${at}` });
  });
  kafka.assigned = counts.map((_, partition) => partition);
  return kafka;
}

const untilEnd = (kafka: FakeKafka) => new Map(kafka.logs.map((log, partition) => [partition, log.length]));

Deno.test("reads every record to the end, commits what the sink has taken, and leaves the group", async () => {
  const kafka = filled(250, 120, 0);
  {
    await using run = new Reading(kafka, { until: untilEnd(kafka) });
    while (await run.read());
    await run.committer.end(true);
    assert.equal(new Set(run.values).size, 370);
    assert.equal(run.values.length, 370);
    assert.deepEqual(
      run.source.figures.partitions,
      [
        { topic: "t", partition: 0, committed: 250, lag: 0 },
        { topic: "t", partition: 1, committed: 120, lag: 0 },
        { topic: "t", partition: 2, committed: 0, lag: undefined },
      ].filter(({ partition }) => kafka.offsetsOfGroup.has(partition) || partition < 2),
    );
  }
  assert.equal(kafka.heartbeats.at(-1)?.epoch, -1);
  assert.equal(kafka.isClosed, true);
});

Deno.test("begins where the group is, or at the end of what it has no offset for", async () => {
  const kafka = filled(10, 10);
  kafka.offsetsOfGroup.set(0, 7);
  const until = new Map([[0, 10], [1, 10]]);
  await using run = new Reading(kafka, { from: "latest", until });
  while (await run.read());
  assert.deepEqual(run.values, ["0:7", "0:8", "0:9"]);
});

Deno.test("nothing is committed that the sink has not taken for good", async () => {
  const kafka = filled(5);
  const { promise, resolve } = Promise.withResolvers<void>();
  await using run = new Reading(kafka, { until: untilEnd(kafka) });
  run.hold = promise;
  await run.read();
  const ended = run.committer.end(true);
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  assert.deepEqual(kafka.commits, []);
  resolve();
  await ended;
  assert.deepEqual(kafka.commits, [new Map([[0, 5]])]);
});

Deno.test("what is written while a commit is under way is committed after it, with nothing else to come", async () => {
  const kafka = filled(5);
  const { promise, resolve } = Promise.withResolvers<void>();
  await using run = new Reading(kafka);
  run.hold = promise;
  await run.read();
  await eventually("a commit to be under way", () => run.begun === 1);
  kafka.append(0, { value: "last" });
  await run.read();
  resolve();
  await eventually("both to be committed", () => kafka.offsetsOfGroup.get(0) === 6);
});

Deno.test("after a sink has failed nothing is committed, and the run is told", async () => {
  const kafka = filled(5);
  await using run = new Reading(kafka, { until: untilEnd(kafka) });
  run.hold = Promise.reject(new Error("the disk is full"));
  await run.read();
  await assert.rejects(run.committer.end(true), /disk is full/);
  await assert.rejects(run.write(), /disk is full/);
  await assert.rejects(run.read(), /disk is full/);
  assert.deepEqual(kafka.commits, []);
});

Deno.test("partitions that others are to have are written and committed before they are given back", async () => {
  const kafka = filled(50, 50);
  await using run = new Reading(kafka);
  await run.read({ write: false });
  kafka.assigned = [1];
  await eventually("the group to be told of both", () => kafka.heartbeats.length > 5);
  assert.deepEqual([...kafka.heartbeats.at(-1)?.owned[0]?.partitions ?? []].sort(), [0, 1]);
  await run.write();
  await eventually("one to be given back", () => kafka.heartbeats.at(-1)?.owned[0]?.partitions.length === 1);
  assert.equal(kafka.offsetsOfGroup.get(0), 50);
  kafka.append(0, { value: "another's" });
  kafka.append(1, { value: "mine" });
  while (!run.values.includes("mine")) await run.read();
  assert.equal(run.values.includes("another's"), false);
});

Deno.test("partitions that cannot be drained in time are given back without a commit", async () => {
  const kafka = filled(50);
  await using run = new Reading(kafka, { drainMs: 0 });
  await run.read({ write: false });
  kafka.assigned = [];
  await eventually("it to be given back", () => {
    const owned = kafka.heartbeats.map((heartbeat) => heartbeat.owned.length);
    return owned.includes(1) && owned.at(-1) === 0;
  });
  await run.write();
  await run.committer.end(true);
  assert.deepEqual(kafka.commits, []);
});

Deno.test("thrown out and let in again, it goes on where it was, unless another has read further", async () => {
  for (const progress of [undefined, 80]) {
    const kafka = filled(100);
    kafka.most = 40;
    await using run = new Reading(kafka, { until: untilEnd(kafka) });
    await run.read();
    await eventually("a commit", () => (kafka.offsetsOfGroup.get(0) ?? 0) > 0);
    await run.read({ write: false });
    if (progress !== undefined) kafka.offsetsOfGroup.set(0, progress);
    kafka.fail("heartbeat", "UNKNOWN_MEMBER_ID");
    await eventually(
      "it to join again",
      () => kafka.heartbeats.filter(({ epoch }) => epoch === 0).length > 1,
    );
    await eventually("it to have the partition", () => run.source.figures.partitions.length === 1);
    while (await run.read());
    await run.committer.end(true);
    assert.equal(kafka.offsetsOfGroup.get(0), 100);
    assert.equal(new Set(run.values).size, run.values.length);
    assert.equal(run.values.length, 100);
  }
});

Deno.test("outages of every kind are waited for", async () => {
  const kafka = filled(30);
  kafka.fail("heartbeat", "NETWORK", "COORDINATOR_NOT_AVAILABLE");
  kafka.fail("committed", "STALE_MEMBER_EPOCH", "NOT_COORDINATOR");
  kafka.fail("offsets", "LEADER_NOT_AVAILABLE");
  kafka.fail("fetch", "NETWORK", "NOT_LEADER_OR_FOLLOWER");
  kafka.fail("describe", "NETWORK");
  kafka.fail("commit", "NETWORK", "STALE_MEMBER_EPOCH", "COORDINATOR_LOAD_IN_PROGRESS");
  await using run = new Reading(kafka, { until: untilEnd(kafka) });
  while (await run.read());
  await run.committer.end(true);
  assert.equal(run.values.length, 30);
  assert.equal(kafka.offsetsOfGroup.get(0), 30);
});

Deno.test("what will not pass ends the run with the reason", async () => {
  for (const name of ["heartbeat", "fetch", "committed"] as const) {
    const kafka = filled(3);
    kafka.fail(name, "GROUP_AUTHORIZATION_FAILED");
    await using run = new Reading(kafka);
    await assert.rejects(run.read(), { code: "source.read_failed" });
  }
});

Deno.test("with other members it ends when they have read theirs too", async () => {
  const kafka = filled(4, 4);
  kafka.assigned = [0];
  await using run = new Reading(kafka, { until: untilEnd(kafka) });
  await run.read();
  const last = run.read();
  await eventually("the group to be asked", () => kafka.offsetsOfGroup.get(0) === 4);
  kafka.offsetsOfGroup.set(1, 4);
  assert.equal(await last, false);
});
