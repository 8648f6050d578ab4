import { PackflowError } from "../base/errors.ts";
import { nearestName } from "../base/nearest_name.ts";
import { TOMBSTONES, type Tombstones } from "./record_page.ts";

/** A topic of a cluster. */
export interface KafkaTopic {
  /** What messages and dead letters call it: the address without its options. */
  readonly name: string;
  readonly brokers: readonly string[];
  readonly topic: string;
}

/** A topic to be read. */
export interface KafkaInput extends KafkaTopic {
  readonly group: string;
  readonly from: "earliest" | "latest";
  readonly stopsAtEnd: boolean;
  readonly tombstones: Tombstones;
  /** How the group shares partitions out; what the brokers know where left out. */
  readonly protocol?: "consumer" | "classic";
}

/** A topic to be written. */
export interface KafkaOutput extends KafkaTopic {
  readonly keyField?: string;
}

const ADDRESS = /^kafka:\/\/([^/?#]*)(?:\/([^/?#]*))?(?:\?(.*))?$/s;
const DEFAULT_PORT = 9092;
const MOST_PORT = 65_535;

/** Reads the address of an input. @throws {PackflowError} `usage.invalid`. */
export function parseKafkaInput(address: string): KafkaInput {
  const { topic, options } = parseAddress(address, ["group", "from", "until", "tombstones", "protocol"]);
  const { group, from, until, tombstones, protocol } = options;
  if (group === undefined || group === "") {
    throw invalid(topic.name, "its group must be named", `Write ${topic.name}?group=NAME`);
  }
  const chosen = choice(topic, { name: "protocol", value: protocol, known: ["consumer", "classic"] });
  return {
    ...topic,
    group,
    from: choice(topic, { name: "from", value: from, known: ["earliest", "latest"] }) ?? "earliest",
    stopsAtEnd: choice(topic, { name: "until", value: until, known: ["end"] }) !== undefined,
    tombstones: choice(topic, { name: "tombstones", value: tombstones, known: TOMBSTONES }) ?? "skip",
    ...(chosen === undefined ? {} : { protocol: chosen }),
  };
}

/** Reads the address of an output. @throws {PackflowError} `usage.invalid`. */
export function parseKafkaOutput(address: string): KafkaOutput {
  const { topic, options: { key } } = parseAddress(address, ["key"]);
  if (key === "") throw invalid(topic.name, '"key" must name a field');
  return { ...topic, ...(key === undefined ? {} : { keyField: key }) };
}

/** Reads the address of a topic for dead letters. @throws {PackflowError} `usage.invalid`. */
export function parseKafkaDeadLetters(address: string): KafkaOutput {
  return parseAddress(address, []).topic;
}

function parseAddress<Name extends string>(
  address: string,
  known: readonly Name[],
): { topic: KafkaTopic; options: { readonly [Key in Name]?: string } } {
  const [, hosts, topic, query = ""] = ADDRESS.exec(address) ?? [];
  const plain = address.replace(/\?.*/s, "").replace(/\/\/[^/]*@/, "//");
  if (hosts?.includes("@") === true) {
    const remedy =
      "Put them into a file named by --kafka-config, or into PACKFLOW_KAFKA_USERNAME and _PASSWORD";
    throw invalid(plain, "user and password must not stand in it", remedy);
  }
  if (hosts === undefined || hosts === "" || topic === undefined) {
    throw invalid(plain, "it must be kafka://HOST:PORT/TOPIC");
  }
  if (!/^[a-zA-Z0-9._-]{1,249}$/.test(topic) || topic === "." || topic === "..") {
    throw invalid(plain, `"${topic}" must be the name of a topic: letters, digits, ".", "_" and "-"`);
  }
  const brokers = hosts.split(",").map((host) => brokerOf(host, plain));
  return { topic: { name: plain, brokers, topic }, options: optionsOf(query, { name: plain, known }) };
}

function brokerOf(text: string, name: string): string {
  const [, host, digits] = /^(\[[0-9a-fA-F:.]+\]|[^\s:[\]]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const port = digits === undefined ? DEFAULT_PORT : Number(digits);
  if (host === undefined || port > MOST_PORT || port === 0) {
    throw invalid(name, `"${text}" must be HOST:PORT`);
  }
  return `${host}:${port}`;
}

function optionsOf<Name extends string>(
  query: string,
  { name, known }: { name: string; known: readonly Name[] },
): { [Key in Name]?: string } {
  const options: { [Key in Name]?: string } = {};
  for (const [key, value] of new URLSearchParams(query)) {
    const option = known.find((each) => each === key);
    if (option === undefined) {
      const near = nearestName(key, known);
      const hint = near === undefined ? "" : `: did you mean "${near}"?`;
      const reason = known.length === 0 ? "it takes no options" : `"${key}" is no option of it${hint}`;
      throw invalid(name, reason, known.length === 0 ? undefined : `Options are ${known.join(", ")}`);
    }
    if (options[option] !== undefined) throw invalid(name, `"${key}" must stand there once`);
    options[option] = value;
  }
  return options;
}

function choice<Value extends string>(
  topic: KafkaTopic,
  { name, value, known }: { name: string; value: string | undefined; known: readonly Value[] },
): Value | undefined {
  if (value === undefined) return undefined;
  const found = known.find((each) => each === value);
  if (found !== undefined) return found;
  throw invalid(topic.name, `"${name}" must be ${known.join(" or ")}: current value is "${value}"`);
}

function invalid(name: string, reason: string, remedy?: string): PackflowError {
  return new PackflowError(
    "usage.invalid",
    `Cannot use address "${name}" as ${reason}`,
    remedy === undefined ? {} : { remedy },
  );
}
