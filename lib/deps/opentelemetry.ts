/** Traces and metrics, exported by the runtime: https://github.com/open-telemetry/opentelemetry-js (Apache-2.0). */
export {
  context,
  metrics,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
} from "npm:@opentelemetry/api@1.10.0";
