import type { Headers } from "./exchange.ts";

/** Headers of every answer by which browsers let pages of another origin read it; none unless asked for. */
export function originHeaders(origin: string | undefined): Headers {
  if (origin === undefined) return { "x-content-type-options": "nosniff" };
  return {
    "x-content-type-options": "nosniff",
    "access-control-allow-origin": origin,
    "access-control-expose-headers": "x-request-id, inference-header-content-length, retry-after",
    ...(origin === "*" ? {} : { vary: "origin" }),
  };
}

/** The answer to a browser that asks what it may send. */
export function preflightHeaders(methods: readonly string[]): Headers {
  return {
    "access-control-allow-methods": methods.join(", "),
    "access-control-allow-headers":
      "authorization, content-type, x-request-id, inference-header-content-length",
    "access-control-max-age": 600,
  };
}
