/** A Kafka broker for the tests of a file. */
import { KafkaBroker, type KafkaBrokerOptions } from "../../scripts/kafka/kafka_broker_process.ts";
import { KafkaWitness, witnessPython } from "./kafka_witness.ts";

/** A broker, and a client to ask what is in it. */
export interface Kafka {
  readonly broker: KafkaBroker;
  readonly witness: KafkaWitness;
}

/**
 * Starts a broker for all tests of a file, which are registered by `register`; where there can be none, which with
 * `CI=true` is an error, an ignored test says why. Call it at the top level of a test file.
 */
export async function kafkaTests(
  options: KafkaBrokerOptions,
  register: (kafka: Kafka) => void,
): Promise<void> {
  const python = await witnessPython();
  const broker = "missing" in python ? python : await KafkaBroker.start(options);
  if ("missing" in broker || "missing" in python) {
    const { missing } = "missing" in broker ? broker : { missing: "" };
    if (Deno.env.get("CI") === "true") throw new Error(`Cannot test with Kafka: ${missing}`);
    return Deno.test.ignore(`Kafka: SKIPPED as ${missing}`, () => {});
  }
  const witness = new KafkaWitness(python.python, broker.address());
  Deno.test.afterAll(async () => {
    await witness[Symbol.asyncDispose]();
    await broker[Symbol.asyncDispose]();
  });
  register({ broker, witness });
}

let topics = 0;

/** A name that no other topic or group of this file has. */
export function fresh(name: string): string {
  return `${name}-${++topics}`;
}

/** Asks again and again until the answer is good; an error after the deadline. */
export async function until<Answer>(
  ask: () => Promise<Answer>,
  isGood: (answer: Answer) => boolean,
  { what, seconds = 30 }: { what: string; seconds?: number },
): Promise<Answer> {
  const end = performance.now() + seconds * 1000;
  while (true) {
    const answer = await ask();
    if (isGood(answer)) return answer;
    if (performance.now() > end) {
      throw new Error(`Waited ${seconds} s for ${what}: it is ${JSON.stringify(answer)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
