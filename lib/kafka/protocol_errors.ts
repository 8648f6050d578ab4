import { protocolErrorsCodesById } from "../deps/kafka.ts";

/** The name of an error of Kafka's protocol by its number; undefined for 0, which is none. */
export function errorName(code: number): string | undefined {
  if (code === 0) return undefined;
  const names: Readonly<Record<string, string>> = protocolErrorsCodesById;
  return names[code] ?? `error ${code}`;
}
