/** A collector of OpenTelemetry that keeps what it is sent: OTLP over HTTP, as JSON. */

const LIMIT_MS = 20_000;

interface Attribute {
  readonly key: string;
  readonly value: {
    readonly stringValue?: string;
    readonly intValue?: string | number;
    readonly doubleValue?: number;
  };
}

interface SentSpan {
  readonly traceId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status?: { readonly code?: number };
}

interface SentPoint {
  readonly attributes: readonly Attribute[];
  readonly asInt?: string | number;
  readonly asDouble?: number;
  readonly count?: string | number;
  readonly sum?: number;
}

interface SentMetric {
  readonly name: string;
  readonly unit?: string;
  readonly sum?: { readonly dataPoints: readonly SentPoint[] };
  readonly gauge?: { readonly dataPoints: readonly SentPoint[] };
  readonly histogram?: { readonly dataPoints: readonly SentPoint[] };
}

interface Sent {
  readonly resourceSpans?: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string };
      readonly spans: readonly SentSpan[];
    }[];
  }[];
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics: readonly {
      readonly scope: { readonly name: string };
      readonly metrics: readonly SentMetric[];
    }[];
  }[];
}

/** A span, its attributes by name. */
export interface Span extends Omit<SentSpan, "attributes"> {
  readonly service: string | undefined;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** One value of a metric: the sum or gauge, or the count of a histogram. */
export interface Point {
  readonly metric: string;
  readonly unit: string;
  readonly value: number;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** Listens at a port of the loopback until `await using` ends. */
export class OtlpCollector {
  readonly spans: Span[] = [];
  /** The latest value of each series, by metric and attributes. */
  readonly points = new Map<string, Point>();
  /** Paths that something was sent to that is none of OTLP as JSON. */
  readonly strange: string[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #heard: (() => void) | undefined;

  /** @param scope The name of the instrumentation whose spans and metrics are kept. */
  constructor(scope: string) {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      async (request) => {
        const path = new URL(request.url).pathname;
        const text = await request.text();
        if (!/^\/v1\/(traces|metrics|logs)$/.test(path) || !text.startsWith("{")) this.strange.push(path);
        else this.#take(JSON.parse(text), scope);
        this.#heard?.();
        return Response.json({});
      },
    );
  }

  /** What a program needs to know to send here, often. */
  get env(): Record<string, string> {
    return {
      OTEL_DENO: "true",
      OTEL_SERVICE_NAME: "under-test",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${this.#server.addr.port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_METRIC_EXPORT_INTERVAL: "200",
      OTEL_BSP_SCHEDULE_DELAY: "100",
    };
  }

  /** Waits until what was sent so far is enough; throws what was if it is not within twenty seconds. */
  async until(isEnough: () => boolean): Promise<void> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      late.reject(new Error(JSON.stringify([this.spans, [...this.points.values()]])));
    }, LIMIT_MS);
    while (!isEnough()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#heard = resolve;
      await Promise.race([promise, late.promise]);
    }
    clearTimeout(timer);
  }

  /** The latest values of a metric. */
  pointsOf(metric: string): Point[] {
    return [...this.points.values()].filter((point) => point.metric === metric);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server.shutdown();
  }

  #take({ resourceSpans = [], resourceMetrics = [] }: Sent, wanted: string): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = String(valuesOf(resource.attributes)["service.name"]);
      for (const { spans, scope } of scopeSpans) {
        if (scope.name !== wanted) continue;
        for (const span of spans) {
          this.spans.push({ ...span, service, attributes: valuesOf(span.attributes) });
        }
      }
    }
    for (const { scopeMetrics } of resourceMetrics) {
      for (const { metrics, scope } of scopeMetrics) {
        if (scope.name === wanted) { for (const metric of metrics) this.#keep(metric); }
      }
    }
  }

  #keep({ name: metric, unit = "", sum, gauge, histogram }: SentMetric): void {
    for (const point of (sum ?? gauge ?? histogram)?.dataPoints ?? []) {
      const attributes = valuesOf(point.attributes);
      const value = Number(point.asInt ?? point.asDouble ?? point.count);
      this.points.set(`${metric} ${JSON.stringify(attributes)}`, { metric, unit, value, attributes });
    }
  }
}

function valuesOf(attributes: readonly Attribute[]): Record<string, string | number> {
  return Object.fromEntries(attributes.map(({ key, value }) => {
    const { stringValue, intValue, doubleValue } = value;
    return [key, stringValue ?? Number(intValue ?? doubleValue)];
  }));
}
