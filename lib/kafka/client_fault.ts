import { KafkaFault } from "./kafka_fault.ts";

/** The fault that an error of the client library tells of. */
export function faultOf(error: unknown): KafkaFault {
  if (error instanceof KafkaFault) return error;
  const chain = chainOf(error);
  const refused = chain.find((each) => textOf(each, "code") === "PLT_KFK_AUTHENTICATION");
  const named = chain.map((each) => textOf(each, "apiId")).find((id) => id !== undefined);
  if (refused !== undefined || named?.includes("SASL") === true) {
    return new KafkaFault("AUTHENTICATION", reasonOf(chain), { cause: error });
  }
  if (named !== undefined) {
    const member = chain.map((each) => textOf(each, "memberId")).find((name) =>
      name !== undefined && name !== ""
    );
    return new KafkaFault(named, reasonOf(chain), {
      cause: error,
      ...(member === undefined ? {} : { member }),
    });
  }
  const certificate = chain.find((each) =>
    /certificate|TLS|self.signed/i.test(textOf(each, "message") ?? "")
  );
  if (certificate !== undefined) return new KafkaFault("TLS", reasonOf(chain), { cause: error });
  const unknown = chain.some((each) => /^Unknown topic/.test(textOf(each, "message") ?? ""));
  return new KafkaFault(unknown ? "UNKNOWN_TOPIC_OR_PARTITION" : "NETWORK", reasonOf(chain), {
    cause: error,
  });
}

/** An error, those it is made of, and their causes. */
function chainOf(error: unknown, depth = 0): unknown[] {
  if (error === undefined || error === null || depth > 8) return [];
  const parts = error instanceof AggregateError ? error.errors.slice(0, 4) : [];
  const cause = error instanceof Error ? error.cause : undefined;
  return [error, ...[...parts, cause].flatMap((each) => chainOf(each, depth + 1))];
}

function textOf(error: unknown, key: string): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const value: unknown = Reflect.get(error, key);
  return typeof value === "string" ? value : undefined;
}

/** The innermost reason says most: "connect ECONNREFUSED" rather than "fetch failed 1 times". */
function reasonOf(chain: readonly unknown[]): string {
  const messages = chain.map((each) => textOf(each, "serverErrorMessage") ?? textOf(each, "message") ?? "");
  const reason = messages.filter((message) => message !== "").at(-1) ?? "no reason was given";
  return reason.replace(/\s+/g, " ").replace(/\.$/, "");
}
