import { LISTENERS, type Ports } from "./kafka_settings.ts";

/**
 * Below those that systems give to outgoing connections: a client that tries a closed port of those again and again
 * meets itself in the end, and keeps the port.
 */
const FROM = 15_000;
const TO = 32_000;

/** A port for each listener of a broker that nobody uses at the moment. */
export function freePorts(): Ports {
  const taken = new Set<number>();
  const next = () => {
    const port = freePort(taken);
    taken.add(port);
    return port;
  };
  const ports = Object.fromEntries([...Object.keys(LISTENERS), "CONTROLLER"].map((name) => [name, next()]));
  const { PLAINTEXT = 0, SASL = 0, TLS = 0, MTLS = 0, SASLTLS = 0, CONTROLLER = 0 } = ports;
  return { PLAINTEXT, SASL, TLS, MTLS, SASLTLS, CONTROLLER };
}

function freePort(taken: ReadonlySet<number>): number {
  while (true) {
    const port = FROM + Math.floor(Math.random() * (TO - FROM));
    if (taken.has(port)) continue;
    try {
      using _listener = Deno.listen({ hostname: "127.0.0.1", port });
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}
