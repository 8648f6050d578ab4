import {
  Base,
  type Connection,
  findCoordinatorV4,
  kGetBootstrapConnection,
  kGetConnection,
} from "../deps/kafka.ts";
import { answered, call, settled } from "./broker_calls.ts";
import { faultOf } from "./client_fault.ts";
import type { TopicInfo } from "./kafka_client.ts";
import { KafkaFault } from "./kafka_fault.ts";
import type { KafkaSecurity } from "./kafka_security.ts";

/** How to reach a cluster. */
export interface BrokerOptions {
  readonly brokers: readonly string[];
  readonly security: KafkaSecurity;
}

const GROUP_KEY = 0;
/** Requests to a broker that may be on their way: answers to what waits for records must not hold others up. */
const MOST_IN_FLIGHT = 4;

/** Connections to the brokers of a cluster, made when they are needed. */
export class BrokerConnections {
  readonly #base: Base;
  readonly #coordinators = new Map<string, { host: string; port: number }>();
  #made = 0;

  constructor({ brokers, security }: BrokerOptions) {
    this.#base = new Base({
      clientId: "packflow",
      bootstrapBrokers: [...brokers],
      retries: 0,
      connectTimeout: 5000,
      requestTimeout: 30_000,
      maxInflights: MOST_IN_FLIGHT,
      ...security,
    });
    this.#base.on("client:broker:connect", () => this.#made++);
  }

  /** Connections that were made so far. */
  get made(): number {
    return this.#made;
  }

  /** What the cluster can be asked. */
  async apis(): Promise<readonly { readonly name: string; readonly maxVersion: number }[]> {
    return await settled(this.#base.listApis());
  }

  /** Asks anew for a topic; undefined where there is none. */
  async describe(topic: string): Promise<TopicInfo | undefined> {
    try {
      const { topics } = await settled(this.#base.metadata({ topics: [topic], forceUpdate: true }));
      const info = topics.get(topic);
      return info && { id: info.id, leaders: info.partitions.map(({ leader }) => leader) };
    } catch (error) {
      if (error instanceof KafkaFault && error.id === "UNKNOWN_TOPIC_OR_PARTITION") return undefined;
      throw error;
    }
  }

  /** A connection to any broker. */
  async bootstrap(): Promise<Connection> {
    return await answered<Connection>((done) => this.#base[kGetBootstrapConnection](done));
  }

  /** A connection to a broker that the cluster was described with. */
  async node(node: number): Promise<Connection> {
    const broker = this.#base.currentMetadata?.brokers.get(node);
    if (broker === undefined) throw new KafkaFault("LEADER_NOT_AVAILABLE", "the partition has no leader");
    return await answered<Connection>((done) => this.#base[kGetConnection](broker, done));
  }

  /** Asks the broker that keeps a group; another one the next time, if it does not any more. */
  async ofGroup<T>(group: string, ask: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      let broker = this.#coordinators.get(group);
      if (broker === undefined) {
        const answer = await call(findCoordinatorV4, await this.bootstrap(), GROUP_KEY, [group]);
        const [found] = answer.coordinators;
        if (found === undefined) {
          throw new KafkaFault("COORDINATOR_NOT_AVAILABLE", "no broker keeps the group");
        }
        broker = { host: found.host, port: found.port };
        this.#coordinators.set(group, broker);
      }
      const at = broker;
      return await ask(await answered<Connection>((done) => this.#base[kGetConnection](at, done)));
    } catch (error) {
      const fault = faultOf(error);
      if (fault.isPassing) this.#coordinators.delete(group);
      throw fault;
    }
  }

  async close(): Promise<void> {
    await settled(this.#base.close());
  }
}
