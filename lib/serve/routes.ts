import { PackflowError } from "../base/errors.ts";
import { VERSION } from "../base/version.ts";
import { findMyWay } from "../deps/find_my_way.ts";
import { BodyWatch } from "./body_watch.ts";
import type { Exchange } from "./exchange.ts";
import { answerInfer } from "./infer_route.ts";
import { answerStream } from "./invocation_stream.ts";
import { answerEvents } from "./invocations.ts";
import type { ServerMetrics } from "./metrics.ts";
import { openApi } from "./openapi.ts";
import { type Page, readPage } from "./page/read_page.ts";
import { readBody } from "./read_body.ts";
import type { ServedModel, ServeOptions } from "./serve_options.ts";
import type { ServedProject } from "./served_project.ts";

/** What routes answer from. */
export interface RouteContext {
  readonly options: ServeOptions;
  readonly projects: ReadonlyMap<string, ServedProject>;
  readonly metrics: ServerMetrics;
  /** Whether the server takes requests that need a model. */
  isReady(): boolean;
}

/** Parts of a route's path that its request fills in. */
type Params = Readonly<Record<string, string | undefined>>;

/** A route: what to do with a request, and whether the token must come with it. */
interface Route {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly isOpen?: boolean;
  readonly answer: (exchange: Exchange, params: Params) => void | Promise<void>;
}

/** A request's route. */
export interface FoundRoute {
  readonly path: string;
  readonly isOpen: boolean;
  answer(exchange: Exchange): void | Promise<void>;
}

/** Milliseconds that a body which is read whole may take. */
const BODY_MS = 30_000;
/** Milliseconds that nothing may move in a stream. */
const IDLE_MS = 60_000;
const EXTENSIONS = ["binary_tensor_data"];

/** Finds what answers a request. */
export class Routes {
  readonly #router = findMyWay({ ignoreTrailingSlash: true });
  readonly #routes: readonly Route[];
  readonly #context: RouteContext;
  readonly #watch = new BodyWatch();
  #page: Promise<Page> | undefined;

  constructor(context: RouteContext) {
    this.#context = context;
    this.#routes = [...this.#infoRoutes(), ...this.#modelRoutes(), ...this.#inferRoutes()];
    for (const route of this.#routes) this.#router.on(route.method, route.path, () => {}, route);
  }

  /** @throws {PackflowError} `request.not_found`, `request.method_not_allowed`. */
  find(method: string, url: string): FoundRoute {
    const found = this.#router.find(method === "POST" ? "POST" : "GET", url);
    const isKnown = method === "GET" || method === "POST" || method === "HEAD";
    if (found === null || !isKnown) throw this.#notFound(url);
    const route: Route = found.store;
    return {
      path: route.path,
      isOpen: route.isOpen === true,
      answer: (exchange) => route.answer(exchange, found.params),
    };
  }

  /** Methods that a path has. */
  methodsOf(url: string): string[] {
    const methods = (["GET", "POST"] as const).filter((method) => this.#router.find(method, url) !== null);
    return methods.flatMap((method) => method === "GET" ? ["GET", "HEAD"] : [method]);
  }

  close(): void {
    this.#watch.close();
  }

  #notFound(url: string): PackflowError {
    const methods = this.methodsOf(url);
    return methods.length === 0
      ? new PackflowError("request.not_found", "Cannot answer the request as there is no such route")
      : new PackflowError(
        "request.method_not_allowed",
        `Cannot answer the request as its method must be ${methods.join(" or ")}`,
      );
  }

  #infoRoutes(): Route[] {
    const { options, metrics } = this.#context;
    const hasToken = options.token !== undefined;
    return [
      { method: "GET", path: "/", isOpen: true, answer: (exchange) => this.#sendPage(exchange) },
      {
        method: "GET",
        path: "/openapi.json",
        answer: (exchange) => exchange.sendJson(200, openApi({ models: this.#models(), hasToken })),
      },
      {
        method: "GET",
        path: "/metrics",
        answer: async (exchange) => {
          const { type, text } = await metrics.text();
          exchange.send(200, { type, body: text });
        },
      },
      {
        method: "GET",
        path: "/v2",
        answer: (exchange) =>
          exchange.sendJson(200, { name: "packflow", version: VERSION, extensions: EXTENSIONS }),
      },
      {
        method: "GET",
        path: "/v2/health/live",
        isOpen: true,
        answer: (exchange) => exchange.sendJson(200, { live: true }),
      },
      {
        method: "GET",
        path: "/v2/health/ready",
        isOpen: true,
        answer: (exchange) => this.#sendReady(exchange),
      },
    ];
  }

  #modelRoutes(): Route[] {
    const describe = (exchange: Exchange, params: Params) => {
      const { model } = this.#projectOf(params);
      if (model === undefined) throw notLoaded();
      exchange.sendJson(200, metadataOf(model));
    };
    const ready = (exchange: Exchange, params: Params) => {
      const project = this.#projectOf(params);
      const isReady = this.#context.isReady() && project.isReady;
      exchange.sendJson(isReady ? 200 : 503, { name: project.name, ready: isReady });
    };
    return [
      {
        method: "GET",
        path: "/v2/models",
        answer: (exchange) => exchange.sendJson(200, { models: this.#models() }),
      },
      ...bothPaths("/v2/models/:name", (path): Route[] => [
        { method: "GET", path, answer: describe },
        { method: "GET", path: `${path}/ready`, answer: ready },
      ]),
    ];
  }

  #inferRoutes(): Route[] {
    const { bodyLimit } = this.#context.options;
    const withBody =
      (answer: (exchange: Exchange, project: ServedProject, body: Uint8Array) => void): Route["answer"] =>
      (exchange, params) => {
        const project = this.#workingProject(exchange, params);
        readBody(exchange.request, { bytes: bodyLimit, ms: BODY_MS, watch: this.#watch }, (body) => {
          if (body instanceof PackflowError) return exchange.fail(body);
          try {
            answer(exchange, project, body);
          } catch (error) {
            exchange.fail(error);
          }
        });
      };
    const events = withBody(answerEvents);
    const invoke: Route["answer"] = (exchange, params) =>
      isStream(exchange) ? this.#stream(exchange, params) : events(exchange, params);
    return [
      { method: "POST", path: "/invocations", answer: invoke },
      { method: "POST", path: "/models/:name/invocations", answer: invoke },
      ...bothPaths("/v2/models/:name", (path): Route[] => [
        { method: "POST", path: `${path}/infer`, answer: withBody(answerInfer) },
      ]),
    ];
  }

  async #stream(exchange: Exchange, params: Params): Promise<void> {
    const { maxBatch, bodyLimit } = this.#context.options;
    const project = this.#workingProject(exchange, params);
    await answerStream(exchange, project, { eventBytes: bodyLimit, maxBatch, idleMs: IDLE_MS });
  }

  async #sendPage(exchange: Exchange): Promise<void> {
    this.#page ??= readPage();
    const { html, headers: { "content-type": type = "text/html", ...headers } } = await this.#page;
    exchange.send(200, { type, body: html }, headers);
  }

  #sendReady(exchange: Exchange): void {
    const ready = this.#context.isReady();
    exchange.sendJson(ready ? 200 : 503, { ready }, ready ? {} : { "retry-after": 1 });
  }

  #models(): ServedModel[] {
    return [...this.#context.projects.values()].flatMap(({ model }) => model ?? []);
  }

  /** The project that a request names, or the only one. */
  #projectOf({ name, version }: Params): ServedProject {
    const { projects } = this.#context;
    const [only, ...others] = projects.values();
    const project = name === undefined ? (others.length === 0 ? only : undefined) : projects.get(name);
    if (project !== undefined && (version === undefined || version === project.version)) return project;
    const known = [...projects.values()].map((each) => `"${each.name}" ${each.version}`).join(", ");
    throw new PackflowError(
      "request.not_found",
      name === undefined
        ? `Cannot tell which model is meant as there are several: call /models/NAME/invocations with one of ${known}`
        : `Cannot find the model that the request names: there are ${known}`,
    );
  }

  #workingProject(exchange: Exchange, params: Params): ServedProject {
    const project = this.#projectOf(params);
    exchange.model = project.name;
    if (project.model === undefined) throw notLoaded();
    return project;
  }
}

/** Routes of a model, and the same of a version of it. */
function bothPaths(path: string, routes: (path: string) => Route[]): Route[] {
  return [path, `${path}/versions/:version`].flatMap(routes);
}

function isStream({ request }: Exchange): boolean {
  const type = request.headers["content-type"];
  return type !== undefined && /^application\/(?:x-ndjson|jsonl|x-jsonlines|ndjson)\b/i.test(type);
}

/** A model as the Open Inference Protocol describes it, and what Packflow adds. */
function metadataOf({ name, version, ...model }: ServedModel): Record<string, unknown> {
  return { name, versions: [version], ...model };
}

function notLoaded(): PackflowError {
  return new PackflowError("request.draining", "Cannot answer the request as the model is not loaded yet");
}
