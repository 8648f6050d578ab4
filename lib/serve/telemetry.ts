import { VERSION } from "../base/version.ts";
import { getEnv } from "../host/env.ts";
import type { Exchange } from "./exchange.ts";
import type { ModelGauges } from "./metrics.ts";

/** Who is told of requests, beside the metrics for Prometheus. */
export interface Telemetry {
  /** Makes a span of a request that was answered, and counts it. */
  answered(exchange: Exchange, ms: number): void;
  /** Has what is so of a model at the moment exported now and then. */
  watch(model: string, gauges: ModelGauges): void;
}

/** Traces and metrics of OpenTelemetry by the runtime's own exporter; undefined where OTEL_DENO does not ask for them. */
export async function startTelemetry(): Promise<Telemetry | undefined> {
  if (!["1", "true"].includes(getEnv("OTEL_DENO") ?? "")) return undefined;
  const api = await import("../deps/opentelemetry.ts");
  const meter = api.metrics.getMeter("packflow", VERSION);
  const seconds = meter.createHistogram("http.server.request.duration", { unit: "s" });
  const records = meter.createCounter("packflow.records", { description: "Events taken in" });
  const failed = meter.createCounter("packflow.records.failed", { description: "Events that failed" });
  const workers = meter.createObservableGauge("packflow.workers", { description: "Workers that are ready" });
  const pending = meter.createObservableGauge("packflow.records.pending", {
    description: "Events that wait or are worked on",
  });
  return {
    answered(exchange, ms) {
      const { rows, model } = exchange;
      const attributes = attributesOf(exchange);
      writeSpan(api, exchange, { ms, attributes });
      seconds.record(ms / 1000, attributes);
      if (rows > 0) records.add(rows, { "packflow.model": model });
      if (exchange.failed > 0) failed.add(exchange.failed, { "packflow.model": model });
    },
    watch(model, gauges) {
      workers.addCallback((result) => result.observe(gauges.readyWorkers, { "packflow.model": model }));
      pending.addCallback((result) => result.observe(gauges.pendingRows, { "packflow.model": model }));
    },
  };
}

type Attributes = Readonly<Record<string, string | number>>;

function attributesOf(
  { request: { method = "GET" }, response: { statusCode }, route, code }: Exchange,
): Attributes {
  return {
    "http.request.method": method,
    "http.route": route,
    "http.response.status_code": statusCode,
    ...(code === undefined ? {} : { "error.type": code }),
  };
}

/** A span that began when the request came, below the caller's where it names one. */
function writeSpan(
  { context, propagation, SpanKind, SpanStatusCode, trace }: typeof import("../deps/opentelemetry.ts"),
  { id, request: { method = "GET", headers }, response: { statusCode }, route, model, rows }: Exchange,
  { ms, attributes }: { ms: number; attributes: Attributes },
): void {
  const ended = Date.now();
  const span = trace.getTracer("packflow", VERSION).startSpan(`${method} ${route}`, {
    kind: SpanKind.SERVER,
    startTime: ended - ms,
    attributes: {
      ...attributes,
      "packflow.request_id": id,
      ...(model === "" ? {} : { "packflow.model": model, "packflow.records": rows }),
    },
  }, propagation.extract(context.active(), headers));
  if (statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(ended);
}
