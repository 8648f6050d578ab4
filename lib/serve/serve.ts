import { PackflowError } from "../base/errors.ts";
import { systemClock } from "../host/clock.ts";
import type { HttpRequest, HttpResponse, HttpServer } from "../host/http_server.ts";
import { Exchange, type ExchangeHost } from "./exchange.ts";
import { Guard } from "./guard.ts";
import { listen, urlOf } from "./listen.ts";
import { ServerMetrics } from "./metrics.ts";
import { originHeaders, preflightHeaders } from "./cross_origin.ts";
import { requestId } from "./request_id.ts";
import { RequestLog } from "./request_log.ts";
import { Routes } from "./routes.ts";
import { ServedProject } from "./served_project.ts";
import type { ServeHooks, ServeOptions, Server } from "./serve_options.ts";
import { startTelemetry, type Telemetry } from "./telemetry.ts";

export type { TensorSpec } from "../oip/describe.ts";
export type { ServedModel, ServeHooks, ServeOptions, Server } from "./serve_options.ts";

/**
 * Serves models over HTTP. Opens the port first, so that health checks are answered while the models are loaded;
 * resolves when all of them are.
 *
 * @throws {PackflowError} What opening and loading projects throws; `serve.*`.
 */
export async function serve(options: ServeOptions, hooks: ServeHooks = {}): Promise<Server> {
  const server = new ModelServer(options, hooks);
  try {
    await server.open();
  } catch (error) {
    await server.close();
    throw error;
  }
  return server;
}

class ModelServer implements Server {
  readonly drained: Promise<void>;
  readonly #options: ServeOptions;
  readonly #hooks: ServeHooks;
  readonly #projects = new Map<string, ServedProject>();
  readonly #metrics = new ServerMetrics();
  readonly #log: RequestLog;
  readonly #guard: Guard;
  readonly #routes: Routes;
  readonly #host: ExchangeHost;
  readonly #hasClosed = Promise.withResolvers<void>();
  #telemetry: Telemetry | undefined;
  #http: HttpServer | undefined;
  #open = 0;
  #state: "loading" | "ready" | "draining" = "loading";
  #whenIdle: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: ServeOptions, hooks: ServeHooks) {
    this.#options = options;
    this.#hooks = hooks;
    this.drained = this.#hasClosed.promise;
    this.#log = new RequestLog(options.log, hooks.logLine);
    this.#guard = new Guard({ host: options.host, token: options.token });
    this.#routes = new Routes({
      options,
      projects: this.#projects,
      metrics: this.#metrics,
      isReady: () => this.#isReady(),
    });
    const headers = originHeaders(options.cors);
    const lastHeaders = { ...headers, connection: "close" };
    this.#host = {
      headers: () => this.#state === "draining" ? lastHeaders : headers,
      now: () => systemClock.now(),
      answered: (exchange) => this.#answered(exchange),
    };
  }

  get url(): string {
    return urlOf({ ...this.#options, port: this.#http?.port ?? 0 });
  }

  get models() {
    return [...this.#projects.values()].flatMap(({ model }) => model ?? []);
  }

  async open(): Promise<void> {
    this.#telemetry = await startTelemetry();
    const tools = { options: this.#options, metrics: (name: string) => this.#metrics.ofModel(name) };
    for (const path of this.#options.projects) {
      const project = await ServedProject.open(path, tools);
      if (this.#projects.has(project.name)) {
        await project[Symbol.asyncDispose]();
        throw new PackflowError(
          "serve.duplicate_model",
          `Cannot serve "${path}" as each model must have a name of its own: "${project.name}" is served already`,
        );
      }
      this.#projects.set(project.name, project);
      this.#metrics.watch(project.name, project);
      this.#telemetry?.watch(project.name, project);
    }
    this.#http = await listen(this.#options, (request, response) => this.#take(request, response));
    this.#hooks.onListen?.(this.url);
    await Promise.all([...this.#projects.values()].map((project) => project.load()));
    if (this.#state === "loading") this.#state = "ready";
  }

  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    this.#state = "draining";
    try {
      const closed = this.#http?.close();
      if (this.#open > 0) await this.#drain();
      this.#http?.cut();
      await closed;
    } finally {
      await Promise.all([...this.#projects.values()].map((project) => project[Symbol.asyncDispose]()));
      this.#routes.close();
      this.#log.flush();
      this.#hasClosed.resolve();
    }
  }

  /** Waits for requests under way, but not for ever. */
  async #drain(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#whenIdle = resolve;
    const cancel = systemClock.after(this.#options.drainMs, resolve);
    await promise;
    cancel();
  }

  #isReady(): boolean {
    return this.#state === "ready" && [...this.#projects.values()].every(({ isReady }) => isReady);
  }

  #take(request: HttpRequest, response: HttpResponse): void {
    const exchange = new Exchange(this.#host, { request, response, id: requestId(request) });
    this.#open++;
    const { method = "GET", url = "/" } = request;
    // A reader that leaves must not end the server.
    response.on("error", () => {});
    try {
      this.#guard.checkHost(request);
      if (method === "OPTIONS" && this.#options.cors !== undefined) {
        return exchange.send(
          204,
          { type: "text/plain", body: "" },
          preflightHeaders(this.#routes.methodsOf(url)),
        );
      }
      const route = this.#routes.find(method, url);
      exchange.route = route.path;
      if (!route.isOpen) this.#guard.checkToken(request);
      if (!route.isOpen && this.#state === "draining") throw stopping();
      route.answer(exchange)?.catch((error) => exchange.fail(error));
    } catch (error) {
      exchange.fail(error, isNotAllowed(error) ? { allow: this.#routes.methodsOf(url).join(", ") } : {});
    }
  }

  #answered(exchange: Exchange): void {
    const ms = systemClock.now() - exchange.since;
    this.#metrics.answered(exchange, ms / 1000);
    this.#log.request(exchange, ms);
    this.#telemetry?.answered(exchange, ms);
    if (--this.#open === 0) this.#whenIdle?.();
  }
}

function stopping(): PackflowError {
  return new PackflowError("request.draining", "Cannot take the request as the server is stopping");
}

function isNotAllowed(error: unknown): boolean {
  return error instanceof PackflowError && error.code === "request.method_not_allowed";
}
