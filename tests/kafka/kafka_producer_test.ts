import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { KafkaProducer } from "../../lib/kafka/kafka_producer.ts";
import { Outage } from "../../lib/kafka/outage.ts";
import type { Clock } from "../../lib/host/clock.ts";
import { fc } from "../helpers/fast_check.ts";
import { inTime } from "../helpers/in_time.ts";
import { FakeKafka } from "../helpers/kafka_fake.ts";
import { bytesOf } from "../helpers/streams.ts";

/** Time that passes at once. */
const hasty: Clock = {
  now: () => 0,
  after(_ms, callback) {
    queueMicrotask(callback);
    return () => {};
  },
};

function producerFor(kafka: FakeKafka, isOver = () => false): KafkaProducer {
  const leaders = kafka.logs.map(() => 1);
  return new KafkaProducer(kafka, { topic: "t", leaders, crc32c: () => 0, isOver }, new Outage("t", hasty));
}

function add(producer: KafkaProducer, partition: number, text: string): void {
  const bytes = bytesOf(text);
  producer.add(partition, {
    timestamp: 1,
    key: undefined,
    value: { bytes, start: 0, end: bytes.length },
    headers: [],
    headerCount: 0,
  });
}

const valuesOf = (kafka: FakeKafka) => kafka.logs.map((log) => log.map(({ value }) => value));

/** What brokers answer now and then. */
const PASSING = ["NETWORK", "NOT_LEADER_OR_FOLLOWER", "NOT_ENOUGH_REPLICAS", "REQUEST_TIMED_OUT"];

Deno.test("every record arrives once and in order, whatever fails on the way there and back", async () => {
  const steps = fc.array(fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 4 })), { minLength: 1, maxLength: 60 });
  const faults = fc.array(fc.option(fc.constantFrom(...PASSING)), { maxLength: 20 });
  await fc.assert(fc.asyncProperty(steps, faults, faults, async (records, before, after) => {
    const kafka = new FakeKafka(3);
    kafka.fail("produce", ...before.map((id) => id ?? undefined));
    // Batches that were taken, but whose answers were lost.
    kafka.fail("close", ...after.map((id) => id ?? undefined));
    kafka.fail("describe", "NETWORK");
    kafka.fail("initProducer", "COORDINATOR_LOAD_IN_PROGRESS");
    const producer = producerFor(kafka);
    const wanted: string[][] = [[], [], []];
    for (const [at, [partition, wait]] of records.entries()) {
      wanted[partition]?.push(String(at));
      add(producer, partition, String(at));
      if (wait === 0) await producer.flush();
      if (wait === 1) await producer.sync();
      if (wait === 1) assert.deepEqual(valuesOf(kafka), wanted);
    }
    await producer.sync();
    assert.deepEqual(valuesOf(kafka), wanted);
  }));
});

Deno.test("a producer that the cluster has forgotten becomes another one and loses nothing", async () => {
  const kafka = new FakeKafka(1);
  const producer = producerFor(kafka);
  add(producer, 0, "a");
  await producer.sync();
  const produce = kafka.produce.bind(kafka);
  let isForgotten = true;
  kafka.produce = async (node, topic, batches) => {
    if (!isForgotten) return await produce(node, topic, batches);
    isForgotten = false;
    return batches.map(({ partition }) => ({ partition, error: "UNKNOWN_PRODUCER_ID" }));
  };
  add(producer, 0, "b");
  await producer.sync();
  assert.deepEqual(valuesOf(kafka), [["a", "b"]]);
  assert.deepEqual(kafka.produced.map(({ id, sequence }) => [id, sequence]), [[1n, 0], [2n, 0]]);
});

Deno.test("what will not pass ends it: nothing is said to be taken any more", async () => {
  for (const id of ["MESSAGE_TOO_LARGE", "TOPIC_AUTHORIZATION_FAILED", "AUTHENTICATION"]) {
    const kafka = new FakeKafka(1);
    kafka.fail("produce", id);
    const producer = producerFor(kafka);
    add(producer, 0, "a");
    const isFailure = (error: unknown) =>
      error instanceof PackflowError && error.code === "sink.write_failed";
    await assert.rejects(producer.sync(), isFailure);
    await assert.rejects(producer.flush(), isFailure);
    assert.deepEqual(valuesOf(kafka), [[]]);
  }
});

Deno.test("what is added after the end is refused too, and nobody waits for it", async () => {
  const kafka = new FakeKafka(1);
  kafka.fail("produce", "MESSAGE_TOO_LARGE");
  const producer = producerFor(kafka);
  add(producer, 0, "a");
  await assert.rejects(producer.sync(), { code: "sink.write_failed" });
  add(producer, 0, "b");
  await assert.rejects(inTime(producer.sync(), "the fault", 5000), { code: "sink.write_failed" });
  await assert.rejects(producer.flush(), { code: "sink.write_failed" });
});

Deno.test("an outage is not waited for when the run is over", async () => {
  const kafka = new FakeKafka(1);
  kafka.fail("produce", "NETWORK", "NETWORK", "NETWORK");
  let asked = 0;
  const producer = producerFor(kafka, () => ++asked === 2);
  add(producer, 0, "a");
  await assert.rejects(producer.sync(), PackflowError);
  assert.equal(asked, 2);
});

Deno.test("only so much waits for the cluster", async () => {
  const kafka = new FakeKafka(1);
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const produce = kafka.produce.bind(kafka);
  kafka.produce = async (node, topic, batches) => {
    await held;
    return await produce(node, topic, batches);
  };
  const producer = producerFor(kafka);
  const text = "x".repeat(1_000_000);
  let hasRoom = false;
  for (let i = 0; i < 9; i++) add(producer, 0, text);
  const room = producer.flush().then(() => hasRoom = true);
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  assert.equal(hasRoom, false);
  release();
  await room;
  await producer.sync();
  assert.equal(kafka.logs[0]?.length, 9);
});

Deno.test("a record that is added while the sending ends is sent too", async () => {
  for (let turns = 0; turns < 40; turns++) {
    const kafka = new FakeKafka(2);
    const producer = producerFor(kafka);
    add(producer, 0, "a");
    const flushed = producer.flush();
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    add(producer, turns % 2, "b");
    await inTime(producer.sync(), `what was added after ${turns} turns`);
    await flushed;
    assert.equal(kafka.logs.flat().length, 2);
  }
});
