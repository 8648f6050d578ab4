/** Who may sign in at the listeners that ask for a password, by PLAIN and SCRAM. */
export const KAFKA_USER = { username: "alice", password: "wonder land;42" } as const;

/** Listeners by what they ask of a client. */
export const LISTENERS = {
  PLAINTEXT: "PLAINTEXT",
  SASL: "SASL_PLAINTEXT",
  TLS: "SSL",
  /** Asks for a client's certificate. */
  MTLS: "SSL",
  SASLTLS: "SASL_SSL",
} as const;
export type Listener = keyof typeof LISTENERS;
export type Ports = Readonly<Record<Listener | "CONTROLLER", number>>;

/** What a broker's properties depend on. */
export interface KafkaSettings {
  readonly ports: Ports;
  readonly folder: string;
  /** PEM files of the broker and of the authority that signs clients; left out: no listeners with TLS. */
  readonly tls?: { readonly broker: string; readonly ca: string } | undefined;
  /** More properties. */
  readonly extra?: Readonly<Record<string, string>> | undefined;
}

/** The listeners that a broker with these settings has. */
export function listenersOf({ tls }: Pick<KafkaSettings, "tls">): Listener[] {
  return tls === undefined ? ["PLAINTEXT", "SASL"] : ["PLAINTEXT", "SASL", "TLS", "MTLS", "SASLTLS"];
}

/** The text of server.properties: one node that is broker and controller, on the loopback. */
export function serverProperties(settings: KafkaSettings): string {
  const { ports, folder, extra = {} } = settings;
  const listeners = listenersOf(settings);
  const addresses = listeners.map((name) => `${name}://127.0.0.1:${ports[name]}`);
  const properties = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.quorum.voters": `1@127.0.0.1:${ports.CONTROLLER}`,
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    "listeners": [...addresses, `CONTROLLER://127.0.0.1:${ports.CONTROLLER}`].join(","),
    "advertised.listeners": addresses.join(","),
    "listener.security.protocol.map": [
      ...listeners.map((name) => `${name}:${LISTENERS[name]}`),
      "CONTROLLER:PLAINTEXT",
    ].join(","),
    "log.dirs": `${folder}/data`,
    ...ONE_NODE,
    ...QUICK_GROUPS,
    ...signIn(listeners),
    ...certificates(settings),
    ...extra,
  };
  return Object.entries(properties).map(([name, value]) => `${name}=${value}\n`).join("");
}

const ONE_NODE = {
  "num.partitions": "4",
  "default.replication.factor": "1",
  "offsets.topic.replication.factor": "1",
  "offsets.topic.num.partitions": "4",
  "transaction.state.log.replication.factor": "1",
  "transaction.state.log.min.isr": "1",
  "transaction.state.log.num.partitions": "4",
  "share.coordinator.state.topic.replication.factor": "1",
  "share.coordinator.state.topic.min.isr": "1",
  "auto.create.topics.enable": "false",
  // records of 1 MiB and what comes with them
  "message.max.bytes": "4194304",
  "replica.fetch.max.bytes": "4194304",
  // one that was killed may come back at once
  "broker.session.timeout.ms": "1500",
  "broker.heartbeat.interval.ms": "300",
  "initial.broker.registration.timeout.ms": "30000",
  "num.network.threads": "2",
  "num.io.threads": "4",
  "log.cleaner.dedupe.buffer.size": "8388608",
  "log.cleaner.threads": "1",
};

/** By default a killed member's partitions would lie idle for 45 s. */
const QUICK_GROUPS = {
  "group.initial.rebalance.delay.ms": "0",
  "group.min.session.timeout.ms": "1000",
  "group.consumer.min.session.timeout.ms": "1000",
  "group.consumer.session.timeout.ms": "2000",
  "group.consumer.min.heartbeat.interval.ms": "200",
  "group.consumer.heartbeat.interval.ms": "500",
};

function signIn(listeners: readonly Listener[]): Record<string, string> {
  const { username, password } = KAFKA_USER;
  const modules = "org.apache.kafka.common.security";
  const properties: Record<string, string> = {};
  for (const listener of listeners.filter((name) => name.startsWith("SASL"))) {
    const prefix = `listener.name.${listener.toLowerCase()}`;
    properties[`${prefix}.sasl.enabled.mechanisms`] = "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512";
    properties[`${prefix}.plain.sasl.jaas.config`] =
      `${modules}.plain.PlainLoginModule required user_${username}="${password}";`;
    for (const sha of ["256", "512"]) {
      properties[`${prefix}.scram-sha-${sha}.sasl.jaas.config`] =
        `${modules}.scram.ScramLoginModule required;`;
    }
  }
  return properties;
}

/** For the tool that formats the data folder: SCRAM's passwords are kept there. */
export function scramArguments(): string[] {
  const { username, password } = KAFKA_USER;
  return ["256", "512"].flatMap((sha) => [
    "--add-scram",
    `SCRAM-SHA-${sha}=[name="${username}",password="${password}"]`,
  ]);
}

function certificates({ tls }: KafkaSettings): Record<string, string> {
  if (tls === undefined) return {};
  return {
    "ssl.keystore.type": "PEM",
    "ssl.keystore.location": tls.broker,
    "ssl.truststore.type": "PEM",
    "ssl.truststore.location": tls.ca,
    "listener.name.mtls.ssl.client.auth": "required",
  };
}
