import assert from "node:assert/strict";
import { systemClock } from "../../lib/host/clock.ts";
import { encodeHeader } from "../../lib/kafka/batch_builder.ts";
import { KafkaProducer } from "../../lib/kafka/kafka_producer.ts";
import { KafkaSink } from "../../lib/kafka/kafka_sink.ts";
import { ORIGIN_HEADER, OriginHeader } from "../../lib/kafka/origin_header.ts";
import { Outage } from "../../lib/kafka/outage.ts";
import { PageCutter } from "../../lib/kafka/page_cutter.ts";
import { PartitionState } from "../../lib/kafka/partition_state.ts";
import { RecordLedger } from "../../lib/kafka/record_ledger.ts";
import { RecordPage } from "../../lib/kafka/record_page.ts";
import { partitionOfKey } from "../../lib/kafka/murmur2.ts";
import { batchOf, FakeKafka, type FakeRecord } from "../helpers/kafka_fake.ts";
import { bytesOf, concat } from "../helpers/streams.ts";

const unpack = (bytes: Uint8Array) => bytes;

interface Options {
  readonly keyField?: string;
  readonly passes?: boolean;
  readonly partitions?: number;
}

/** A sink for answers to the records of partition 1, from offset 5 on, which were taken as one piece. */
function sinkFor(records: readonly FakeRecord[], { keyField, passes = false, partitions = 4 }: Options = {}) {
  const kafka = new FakeKafka(partitions);
  const outage = new Outage("t", systemClock);
  const leaders = kafka.logs.map(() => 1);
  const producer = new KafkaProducer(
    kafka,
    { topic: "out", leaders, crc32c: () => 0, isOver: () => false },
    outage,
  );
  const ledger = new RecordLedger();
  const state = new PartitionState(1, { position: 5 });
  const fetched = [{ partition: 1, from: 5, bytes: batchOf(records, 5), aborted: [] }];
  const page = new RecordPage(fetched, { unpack, tombstones: passes ? "pass" : "fail" });
  const cutter = new PageCutter([ledger.add(page, [state])]);
  cutter.push(page.bytes);
  const piece = cutter.take({ bytes: Infinity, records: Infinity });
  assert.ok(piece !== undefined);
  const sink = new KafkaSink({
    name: "kafka://h/out",
    producer,
    input: { ledger, topic: "in" },
    keyField,
    passes,
    now: () => 77,
    close: () => kafka.close(),
  });
  return { kafka, sink, piece };
}

const header = (offset: number) => encodeHeader(ORIGIN_HEADER, bytesOf(`in-1-${offset}`));

Deno.test("an answer has key, headers and time of its record, and says what it came of", async () => {
  const own = encodeHeader("trace", bytesOf("x".repeat(100)));
  const { kafka, sink, piece } = sinkFor([
    { value: "1", key: "a", timestamp: 1_700_000_000_000, headers: own },
    { value: "2", timestamp: 5 },
  ]);
  await sink.writeFrom(bytesOf("A\nB\n"), { offset: piece.offset, end: piece.end });
  await sink.sync();
  const ofKey = kafka.logs[partitionOfKey(bytesOf("a"), 4)];
  assert.deepEqual(ofKey?.[0], {
    offset: 0,
    timestamp: 1_700_000_000_000,
    headerCount: 2,
    headers: concat(own, header(5)),
    value: "A",
    key: "a",
  });
  // Without a key it goes where its own partition says, so that those stay in order.
  const plain = kafka.logs[1]?.find(({ value }) => value === "B");
  assert.deepEqual([plain?.key, plain?.timestamp, plain?.headers], [undefined, 5, header(6)]);
  await sink.close();
  assert.equal(kafka.isClosed, true);
});

Deno.test("the lines of some records only are theirs, be they in a row or from here and there", async () => {
  const records = ["a", "b", "c", "d"].map((key) => ({ value: key, key }));
  for (const indexes of [[1, 3], [0], [2], []]) {
    const { kafka, sink, piece } = sinkFor(records);
    const lines = indexes.map((index) => `answer ${index}\n`).join("");
    await sink.writeFrom(bytesOf(lines), { offset: piece.offset, end: piece.end, indexes });
    await sink.sync();
    const found = kafka.logs.flat().map(({ key, value }) => [key, value]).sort();
    assert.deepEqual(found, indexes.map((index) => [records[index]?.key, `answer ${index}`]));
  }
  const { kafka, sink, piece } = sinkFor(records);
  const offsets = [piece.offset + 6, piece.offset];
  await sink.writeFrom(bytesOf("D\nA\n"), { offset: piece.offset, end: piece.end, offsets });
  await sink.sync();
  assert.deepEqual(kafka.logs.flat().map(({ key, value }) => [key, value]).sort(), [["a", "A"], ["d", "D"]]);
});

Deno.test("records without a value are passed on in their place, once", async () => {
  const records = [{ value: null, key: "k" }, { value: "1", key: "k" }, { value: null, key: "k" }];
  const { kafka, sink, piece } = sinkFor(records, { passes: true, partitions: 1 });
  assert.equal(piece.block.ranges?.length, 2);
  for (let times = 0; times < 2; times++) {
    await sink.writeFrom(times === 0 ? bytesOf("A\n") : new Uint8Array(0), {
      offset: piece.offset,
      end: piece.end,
    });
  }
  await sink.sync();
  assert.deepEqual(kafka.logs[0]?.map(({ key, value }) => [key, value]), [["k", null], ["k", "A"], [
    "k",
    null,
  ]]);
});

Deno.test("a field of the answer may be its key", async () => {
  const { kafka, sink, piece } = sinkFor(
    [{ value: "1", key: "a" }, { value: "2" }, { value: "3", key: "c" }],
    { keyField: "id" },
  );
  await sink.writeFrom(bytesOf('{"id":"x"}\n{"id":7}\n{"id":null}\n'), {
    offset: piece.offset,
    end: piece.end,
  });
  await sink.sync();
  assert.deepEqual(kafka.logs.flat().map(({ key }) => key).sort(), ["7", "x", undefined]);
});

Deno.test("lines that came of no topic go to one partition after another, with the time of now", async () => {
  const { kafka, sink } = sinkFor([{ value: "1" }]);
  for (let times = 0; times < 4; times++) await sink.write(bytesOf(`${times}\nlast`));
  await sink.sync();
  assert.deepEqual(kafka.logs.map((log) => log.length), [2, 2, 2, 2]);
  assert.deepEqual(new Set(kafka.logs.flat().map(({ timestamp }) => timestamp)), new Set([77]));
});

Deno.test("the header that names an origin has every digit of every offset", () => {
  const header = new OriginHeader("a-topic", 12);
  for (const offset of [0, 9, 10, 11, 99, 100, 7, 123_456_789, 2 ** 40, Number.MAX_SAFE_INTEGER]) {
    const { bytes, start, end } = header.of(offset);
    assert.deepEqual(bytes.slice(start, end), encodeHeader(ORIGIN_HEADER, bytesOf(`a-topic-12-${offset}`)));
  }
});
