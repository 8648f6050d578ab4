/**
 * Runs an Apache Kafka of one node until it is stopped, for trying things out:
 *
 *     deno run -A scripts/kafka_broker.ts [--tls]
 *
 * It prints the addresses of its listeners and the password for those that ask for one. Its data are gone at the end.
 * Java 17 and, for the first start, mvn must be there; for --tls openssl too.
 */
import { parseArgs } from "node:util";
import { KafkaBroker } from "./kafka/kafka_broker_process.ts";
import { KAFKA_USER, type Listener } from "./kafka/kafka_settings.ts";

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: [...Deno.args],
    options: { tls: { type: "boolean", default: false } },
  });
  const found = await KafkaBroker.start({ tls: values.tls, fast: true, heap: "512m" });
  if ("missing" in found) {
    console.error(`Cannot start a Kafka broker: ${found.missing}`);
    Deno.exitCode = 1;
    return;
  }
  await using broker = found;
  const names: Listener[] = values.tls
    ? ["PLAINTEXT", "SASL", "TLS", "MTLS", "SASLTLS"]
    : ["PLAINTEXT", "SASL"];
  for (const name of names) console.log(`${name.padEnd(10)}${broker.address(name)}`);
  console.log(`User "${KAFKA_USER.username}", password "${KAFKA_USER.password}", PLAIN and SCRAM`);
  if (broker.certificates !== undefined) console.log(`Certificates beside ${broker.certificates.ca}`);
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, resolve);
  await promise;
}

await main();
