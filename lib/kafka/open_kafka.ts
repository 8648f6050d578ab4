import { log } from "../base/log.ts";
import { PackflowError } from "../base/errors.ts";
import { compressionsAlgorithmsByBitmask, crc32c } from "../deps/kafka.ts";
import { bufferOf } from "../host/buffer.ts";
import { systemClock } from "../host/clock.ts";
import { BrokerClient } from "./broker_client.ts";
import { ClassicGroup } from "./classic_group.ts";
import { ConsumerGroup } from "./consumer_group.ts";
import type { GroupEvents, GroupMember, GroupOptions } from "./group.ts";
import { type KafkaInput, type KafkaOutput, type KafkaTopic } from "./kafka_address.ts";
import type { KafkaClient, TopicInfo } from "./kafka_client.ts";
import { KafkaFault } from "./kafka_fault.ts";
import { KafkaProducer } from "./kafka_producer.ts";
import type { KafkaSecurity } from "./kafka_security.ts";
import { KafkaSink } from "./kafka_sink.ts";
import { KafkaSource } from "./kafka_source.ts";
import { Outage } from "./outage.ts";
import { PageFetcher } from "./page_fetcher.ts";
import { RecordLedger } from "./record_ledger.ts";

/** How long a cluster may take to be reached for the first time. */
const OPEN_MS = 15_000;
/** How long others wait for a member to give partitions back. */
const REBALANCE_MS = 60_000;
/** How long of that is for what was read: the rest is for saying so. */
const DRAIN_MS = 45_000;
/** How long a run that was asked to stop waits for a cluster that cannot be reached. */
const STOP_MS = 20_000;

/** What is opened for a run. */
export interface OpenOptions {
  readonly security: KafkaSecurity;
  /** Aborted when the run is to stop. */
  readonly signal: AbortSignal;
}

/** A topic to be read, and what knows its records. */
export interface OpenedSource {
  readonly source: KafkaSource;
  readonly ledger: RecordLedger;
}

/** Opens a topic to be read. @throws {PackflowError} `source.not_found`, `source.not_readable`. */
export async function openKafkaSource(
  input: KafkaInput,
  { security, signal }: OpenOptions,
): Promise<OpenedSource> {
  const { topic, group, from, tombstones } = input;
  const client = new BrokerClient({ brokers: input.brokers, security });
  // What waits for records would hold up heartbeats and commits.
  const fetching = new BrokerClient({ brokers: input.brokers, security });
  try {
    const { info, isKnown } = await reached(input, { what: "read", security }, async () => ({
      info: await described(client, topic),
      isKnown: await client.knowsConsumerGroups(),
    }));
    const until = await untilOf(client, input, info);
    const outage = new Outage(`topic "${topic}"`, systemClock);
    const patience = new Patience(signal);
    const ledger = new RecordLedger();
    const fetcher = new PageFetcher(fetching, { topic, from, tombstones, unpack }, outage);
    const members = { group, topic, rebalanceTimeoutMs: REBALANCE_MS, partitions: info.leaders.length };
    const join = joiner(client, members, isClassicGroup(input, isKnown));
    const isOver = () => patience.isOver;
    const closing = [patience, client, fetching];
    const options = { name: input.name, topic, from, until, drainMs: DRAIN_MS, isOver };
    return { source: new KafkaSource(options, { client, fetcher, ledger, outage, join, closing }), ledger };
  } catch (error) {
    await Promise.all([client.close(), fetching.close()]);
    throw error;
  }
}

/** Opens a topic to be written. @throws {PackflowError} `sink.not_writable`. */
export async function openKafkaSink(
  output: KafkaOutput,
  { security, signal }: OpenOptions,
  { input, passes }: { input: { ledger: RecordLedger; topic: string } | undefined; passes: boolean },
): Promise<KafkaSink> {
  const { name, topic, brokers, keyField } = output;
  const client = new BrokerClient({ brokers, security });
  try {
    const { leaders } = await reached(output, { what: "write", security }, () => described(client, topic));
    const patience = new Patience(signal);
    const producer = new KafkaProducer(
      client,
      { topic, leaders, crc32c: (bytes) => crc32c(bufferOf(bytes)), isOver: () => patience.isOver },
      new Outage(`topic "${topic}"`, systemClock),
    );
    const close = async () => {
      await patience.close();
      await client.close();
    };
    return new KafkaSink({ name, producer, input, keyField, passes, now: () => Date.now(), close });
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** Whether anybody still waits for an outage to be over: for a while only after the run was asked to stop. */
class Patience {
  isOver = false;
  #cancel = () => {};

  constructor(signal: AbortSignal) {
    const end = () => {
      this.#cancel = systemClock.after(STOP_MS, () => this.isOver = true);
    };
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  }

  close(): Promise<void> {
    this.#cancel();
    return Promise.resolve();
  }
}

/** How to take part in a group. */
function joiner(client: KafkaClient, options: GroupOptions & { partitions: number }, isClassic: boolean) {
  return (events: GroupEvents): GroupMember => {
    const parts = { events, outage: new Outage(`group "${options.group}"`, systemClock) };
    return isClassic ? new ClassicGroup(client, options, parts) : new ConsumerGroup(client, options, parts);
  };
}

function isClassicGroup({ protocol, topic }: KafkaInput, isKnown: boolean): boolean {
  if (protocol === "classic") return true;
  if (isKnown) return false;
  if (protocol === "consumer") {
    throw new PackflowError(
      "source.not_readable",
      `Cannot read topic "${topic}" as its cluster does not know groups of the protocol "consumer"`,
      { remedy: "Write protocol=classic, or take Kafka 4.0 or later" },
    );
  }
  log("info", `The cluster of topic "${topic}" knows classic groups only: taking part in one`);
  return true;
}

async function untilOf(
  client: KafkaClient,
  { stopsAtEnd, topic }: KafkaInput,
  { leaders }: TopicInfo,
): Promise<ReadonlyMap<number, number> | undefined> {
  if (!stopsAtEnd) return undefined;
  return await new Outage(`topic "${topic}"`, systemClock).patiently(
    () => client.offsets(topic, "latest", [...leaders.keys()]),
  );
}

async function described(client: KafkaClient, topic: string): Promise<TopicInfo> {
  const info = await client.describe(topic);
  if (info === undefined) throw new KafkaFault("UNKNOWN_TOPIC", `there is no topic "${topic}"`);
  if (info.leaders.length === 0) {
    throw new KafkaFault("LEADER_NOT_AVAILABLE", "the topic has no partitions yet");
  }
  return info;
}

/** Asks a cluster for the first time, for a while. */
async function reached<T>(
  { name, topic }: KafkaTopic,
  { what, security }: { what: "read" | "write"; security: KafkaSecurity },
  ask: () => Promise<T>,
): Promise<T> {
  const since = systemClock.now();
  try {
    return await new Outage(name, systemClock).patiently(ask, () => systemClock.now() - since > OPEN_MS);
  } catch (cause) {
    if (!(cause instanceof KafkaFault)) throw cause;
    const code = what === "write"
      ? "sink.not_writable"
      : cause.id === "UNKNOWN_TOPIC"
      ? "source.not_found"
      : "source.not_readable";
    throw new PackflowError(
      code,
      `Cannot ${what} topic "${topic}" as ${
        REASONS[cause.id] ?? "its cluster must answer"
      }: ${cause.message}`,
      {
        cause,
        place: { file: name },
        remedy: REMEDIES[cause.id] ?? (security.tls === undefined ? UNREACHED : UNREACHED_OVER_TLS),
      },
    );
  }
}

const UNREACHED = "See that the cluster runs and that the address is one of its brokers";
/** An older runtime tells of a certificate that it does not trust as of any connection that was closed. */
const UNREACHED_OVER_TLS =
  "See that the cluster runs, that the address is one of its brokers and takes TLS, " +
  'and that "tls.ca" in the file of --kafka-config vouches for its certificate';
const REASONS: Readonly<Record<string, string>> = {
  AUTHENTICATION: "its cluster must let this user in",
  TLS: "its cluster must be trusted",
  UNKNOWN_TOPIC: "it must exist",
  TOPIC_AUTHORIZATION_FAILED: "this user must be allowed to",
};
const REMEDIES: Readonly<Record<string, string>> = {
  AUTHENTICATION: "See to mechanism, username and password in the file of --kafka-config",
  TLS: 'Name the authority of its certificate as "tls.ca" in the file of --kafka-config',
  UNKNOWN_TOPIC: "Make the topic first, or mind its name",
  TOPIC_AUTHORIZATION_FAILED: "Have the cluster allow this user to",
};

function unpack(bytes: Uint8Array, compression: number): Uint8Array {
  const algorithm = compressionsAlgorithmsByBitmask[compression];
  if (algorithm === undefined) {
    throw new RangeError(`Cannot unpack records of the unknown compression ${compression}`);
  }
  return algorithm.decompressSync(bufferOf(bytes));
}
