import { PackflowError } from "../base/errors.ts";
import { systemClock } from "../host/clock.ts";
import type { HttpRequest } from "../host/http_server.ts";
import { Exchange, type ExchangeHost } from "./exchange.ts";
import { Guard } from "./guard.ts";
import { type Address, listen, urlOf } from "./listen.ts";
import { requestId } from "./request_id.ts";
import type { RunMetrics } from "./run_metrics.ts";

/** A server of a run's figures. */
export interface MetricsServer extends AsyncDisposable {
  /** Such as "http://127.0.0.1:9100". */
  readonly url: string;
}

/**
 * Serves a run's figures at `/metrics`, whether its process answers at `/health`, and whether it works at
 * `/health/ready`.
 *
 * @throws {PackflowError} `serve.listen_failed`.
 */
export async function serveMetrics(
  metrics: RunMetrics,
  { host, port }: Pick<Address, "host" | "port">,
): Promise<MetricsServer> {
  const guard = new Guard({ host, token: undefined });
  const exchanges: ExchangeHost = {
    headers: () => ({}),
    now: () => systemClock.now(),
    answered: () => {},
  };
  const http = await listen({ host, port }, (request, response) => {
    const exchange = new Exchange(exchanges, { request, response, id: requestId(request) });
    // A reader that leaves must not end the run.
    response.on("error", () => {});
    answer(exchange, { metrics, guard }).catch((error) => exchange.fail(error, allowOf(error)));
  });
  return {
    url: urlOf({ host, port: http.port }),
    async [Symbol.asyncDispose]() {
      const closed = http.close();
      http.cut();
      await closed;
    },
  };
}

async function answer(
  exchange: Exchange,
  { metrics, guard }: { metrics: RunMetrics; guard: Guard },
): Promise<void> {
  const { request } = exchange;
  guard.checkHost(request);
  const path = pathOf(request);
  if (path !== "/metrics" && path !== "/health" && path !== "/health/ready") {
    throw new PackflowError("request.not_found", "Cannot answer the request as there is no such route");
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    throw new PackflowError(
      "request.method_not_allowed",
      "Cannot answer the request as its method must be GET or HEAD",
    );
  }
  if (path === "/metrics") {
    const { type, text } = await metrics.text();
    return exchange.send(200, { type, body: text });
  }
  const { state } = metrics;
  exchange.sendJson(path === "/health" || state === "running" ? 200 : 503, { state });
}

function pathOf({ url = "/" }: HttpRequest): string {
  const [path = "/"] = url.split("?", 1);
  return path;
}

function allowOf(error: unknown): Record<string, string> {
  return error instanceof PackflowError && error.code === "request.method_not_allowed"
    ? { allow: "GET, HEAD" }
    : {};
}
