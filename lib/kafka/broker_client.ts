import {
  consumerGroupHeartbeatV0,
  consumerGroupHeartbeatV1,
  fetchV12,
  heartbeatV4,
  initProducerIdV4,
  joinGroupV7,
  leaveGroupV4,
  listOffsetsV6,
  offsetCommitV8,
  offsetCommitV9,
  offsetFetchV8,
  offsetFetchV9,
  syncGroupV5,
  Writer,
} from "../deps/kafka.ts";
import { bufferOf } from "../host/buffer.ts";
import { call, send } from "./broker_calls.ts";
import { BrokerConnections, type BrokerOptions } from "./broker_connections.ts";
import { readFetchAnswer } from "./fetch_answer.ts";
import type { Heartbeat, KafkaClient, Membership, ProducedBatch } from "./kafka_client.ts";
import { readProduceAnswer } from "./produce_answer.ts";

const READ_COMMITTED = 1;
const ALL_ACKS = -1;
/** How long a broker may take to have a batch written by all replicas. */
const PRODUCE_TIMEOUT_MS = 20_000;

/** Talks to the brokers of a cluster. */
export class BrokerClient implements KafkaClient {
  readonly #at: BrokerConnections;
  #consumerGroups: 0 | 1 | undefined;

  constructor(options: BrokerOptions) {
    this.#at = new BrokerConnections(options);
  }

  get connections(): number {
    return this.#at.made;
  }

  async knowsConsumerGroups(): Promise<boolean> {
    const apis = await this.#at.apis();
    const heartbeat = apis.find(({ name }) => name === "ConsumerGroupHeartbeat");
    this.#consumerGroups = heartbeat === undefined ? undefined : heartbeat.maxVersion >= 1 ? 1 : 0;
    return heartbeat !== undefined;
  }

  async describe(topic: string) {
    return await this.#at.describe(topic);
  }

  async offsets(topic: string, at: "earliest" | "latest", partitions: readonly number[]) {
    const { leaders } = await this.describe(topic) ?? { leaders: [] };
    const nodes = new Map<number, number[]>();
    for (const partition of partitions) {
      const node = leaders[partition] ?? -1;
      nodes.set(node, [...nodes.get(node) ?? [], partition]);
    }
    const found = new Map<number, number>();
    for (const [node, own] of nodes) {
      const asked = own.map((partitionIndex) => ({
        partitionIndex,
        currentLeaderEpoch: -1,
        timestamp: at === "earliest" ? -2n : -1n,
      }));
      const connection = await this.#at.node(node);
      const answer = await call(listOffsetsV6, connection, -1, READ_COMMITTED, [{
        name: topic,
        partitions: asked,
      }]);
      for (const { partitionIndex, offset } of answer.topics[0]?.partitions ?? []) {
        found.set(partitionIndex, Number(offset));
      }
    }
    return found;
  }

  async fetch(node: number, { topic, partitions, maxBytes, maxWaitMs }: Parameters<KafkaClient["fetch"]>[1]) {
    const connection = await this.#at.node(node);
    const asked = partitions.map(({ partition, offset }) => ({
      partition,
      currentLeaderEpoch: -1,
      fetchOffset: BigInt(offset),
      lastFetchedEpoch: -1,
      partitionMaxBytes: maxBytes,
    }));
    const payload = () =>
      fetchV12.createRequest(
        maxWaitMs,
        1,
        maxBytes,
        READ_COMMITTED,
        0,
        -1,
        [{ topicId: topic, partitions: asked }],
        [],
        "",
      );
    const answer = await send(connection, { key: 1, version: 12 }, payload);
    return readFetchAnswer(answer, new Map(partitions.map(({ partition, offset }) => [partition, offset])));
  }

  async initProducer() {
    const connection = await this.#at.bootstrap();
    const { producerId, producerEpoch } = await call(initProducerIdV4, connection, null, 60_000, -1n, -1);
    return { id: producerId, epoch: producerEpoch };
  }

  async produce(node: number, topic: string, batches: readonly ProducedBatch[]) {
    const connection = await this.#at.node(node);
    const payload = () =>
      Writer.create()
        .appendString(null)
        .appendInt16(ALL_ACKS)
        .appendInt32(PRODUCE_TIMEOUT_MS)
        .appendArray([topic], (writer, name) => {
          writer.appendString(name).appendArray([...batches], (part, { partition, bytes }) => {
            part.appendInt32(partition).appendUnsignedVarInt(bytes.length + 1).append(bufferOf(bytes));
          });
        })
        .appendTaggedFields();
    return readProduceAnswer(await send(connection, { key: 0, version: 9 }, payload));
  }

  async heartbeat({ group, member, epoch, topics, rebalanceTimeoutMs, owned }: Heartbeat) {
    const own = owned.map(({ topicId, partitions }) => ({ topicId, partitions: [...partitions] }));
    const api = this.#consumerGroups === 0 ? consumerGroupHeartbeatV0 : consumerGroupHeartbeatV1;
    const answer = await this.#at.ofGroup(group, (connection) =>
      call(
        api,
        connection,
        group,
        member,
        epoch,
        null,
        null,
        rebalanceTimeoutMs,
        [...topics],
        null,
        null,
        own,
      ));
    return {
      member: answer.memberId ?? member,
      epoch: answer.memberEpoch,
      intervalMs: answer.heartbeatIntervalMs,
      ...(answer.assignment === null ? {} : { assigned: answer.assignment.topicPartitions }),
    };
  }

  async join(join: Parameters<KafkaClient["join"]>[0]) {
    const { group, member, sessionTimeoutMs, rebalanceTimeoutMs, protocol, metadata } = join;
    const protocols = [{ name: protocol, metadata: bufferOf(metadata) }];
    const answer = await this.#at.ofGroup(
      group,
      (connection) =>
        call(
          joinGroupV7,
          connection,
          group,
          sessionTimeoutMs,
          rebalanceTimeoutMs,
          member,
          null,
          "consumer",
          protocols,
          null,
        ),
    );
    return {
      member: answer.memberId ?? member,
      generation: answer.generationId,
      protocol: answer.protocolName ?? protocol,
      isLeader: answer.leader === answer.memberId,
      members: answer.members.map(({ memberId, metadata }) => ({
        member: memberId,
        metadata: metadata ?? new Uint8Array(0),
      })),
    };
  }

  async sync(
    { group, member, epoch, protocol }: Membership & { readonly protocol: string },
    assignments: readonly { readonly member: string; readonly assignment: Uint8Array }[],
  ) {
    const given = assignments.map(({ member, assignment }) => ({
      memberId: member,
      assignment: bufferOf(assignment),
    }));
    const answer = await this.#at.ofGroup(
      group,
      (connection) => call(syncGroupV5, connection, group, epoch, member, null, "consumer", protocol, given),
    );
    return answer.assignment;
  }

  async classicHeartbeat({ group, member, epoch }: Membership) {
    await this.#at.ofGroup(group, (connection) => call(heartbeatV4, connection, group, epoch, member, null));
  }

  async classicLeave({ group, member }: Membership) {
    const members = [{ memberId: member, groupInstanceId: null }];
    await this.#at.ofGroup(group, (connection) => call(leaveGroupV4, connection, group, members));
  }

  async commit({ group, member, epoch }: Membership, topic: string, offsets: ReadonlyMap<number, number>) {
    const partitions = [...offsets].map(([partitionIndex, offset]) => ({
      partitionIndex,
      committedOffset: BigInt(offset),
      committedLeaderEpoch: -1,
      committedMetadata: null,
    }));
    const api = this.#consumerGroups === undefined ? offsetCommitV8 : offsetCommitV9;
    const topics = [{ name: topic, partitions }];
    await this.#at.ofGroup(group, (connection) => call(api, connection, group, epoch, member, null, topics));
  }

  async committed(
    { group, member, epoch }: Pick<Membership, "group"> & Partial<Membership>,
    topic: string,
    partitions: readonly number[],
  ) {
    const topics = [{ name: topic, partitionIndexes: [...partitions] }];
    const asked = [{ groupId: group, memberId: member ?? null, memberEpoch: epoch ?? -1, topics }];
    const api = this.#consumerGroups === undefined ? offsetFetchV8 : offsetFetchV9;
    const answer = await this.#at.ofGroup(group, (connection) => call(api, connection, asked, true));
    const found = answer.groups.flatMap(({ topics }) => topics.flatMap(({ partitions }) => partitions));
    return new Map(
      found.filter(({ committedOffset }) => committedOffset >= 0n)
        .map(({ partitionIndex, committedOffset }) => [partitionIndex, Number(committedOffset)]),
    );
  }

  async close(): Promise<void> {
    await this.#at.close();
  }
}
