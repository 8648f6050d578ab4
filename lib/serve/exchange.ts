import { messageOf, type PackflowError } from "../base/errors.ts";
import type { HttpRequest, HttpResponse } from "../host/http_server.ts";
import { asPackflowError, errorBody, statusOf } from "./http_error.ts";

const encoder = new TextEncoder();

/** A reader that takes nothing of an answer for that long is cut off. */
const SLOW_READER_MS = 30_000;
const MOST_BUFFERED = 64 * 1024;
/** The type of most answers. */
export const JSON_TYPE = "application/json";

/** Headers of an answer beside its type and length. */
export type Headers = Readonly<Record<string, string | number>>;

/** The body of an answer, and what it is. */
export interface Content {
  readonly type: string;
  readonly body: Uint8Array | string;
}

/** What exchanges of one server share. */
export interface ExchangeHost {
  /** Headers of every answer from now on. */
  headers(): Headers;
  now(): number;
  /** Called when an answer is given. */
  answered(exchange: Exchange): void;
}

/** One request and its answer. */
export class Exchange {
  readonly request: HttpRequest;
  readonly response: HttpResponse;
  readonly id: string;
  /** When it came, by the clock. */
  readonly since: number;
  /** The route, as metrics call it. */
  route = "none";
  /** The model's name. */
  model = "";
  /** Events of the request, and of these those that failed. */
  rows = 0;
  failed = 0;
  /** The code of the error that it was answered with. */
  code: string | undefined;
  /** What that error says, for the log. */
  error: string | undefined;
  readonly #host: ExchangeHost;
  #isAnswered = false;

  constructor(host: ExchangeHost, { request, response, id }: Pick<Exchange, "request" | "response" | "id">) {
    this.#host = host;
    this.request = request;
    this.response = response;
    this.id = id;
    this.since = host.now();
  }

  /** Sends a whole answer. */
  send(status: number, { type, body }: Content, more?: Headers): void {
    const { response } = this;
    if (response.headersSent || response.destroyed) return this.#answered();
    const bytes = typeof body === "string" ? encoder.encode(body) : body;
    response.writeHead(status, {
      ...this.#host.headers(),
      "content-type": type,
      "content-length": bytes.length,
      "x-request-id": this.id,
      ...more,
    });
    response.end(this.request.method === "HEAD" ? undefined : bytes);
    if (bytes.length > MOST_BUFFERED) this.#cutSlowReader();
    this.#answered();
  }

  sendJson(status: number, value: unknown, more?: Headers): void {
    this.send(status, { type: JSON_TYPE, body: JSON.stringify(value) }, more);
  }

  /** Begins an answer whose length is not known. */
  begin(status: number, type: string): void {
    this.response.writeHead(status, {
      ...this.#host.headers(),
      "content-type": type,
      "x-request-id": this.id,
    });
    this.response.flushHeaders();
  }

  /** Ends such an answer. */
  end(): void {
    this.response.end();
    this.#answered();
  }

  /** Answers with an error. */
  fail(thrown: unknown, more?: Headers): void {
    const error: PackflowError = asPackflowError(thrown);
    this.code = error.code;
    this.error = messageOf(error.code === "internal.unexpected" ? error.cause ?? error : error);
    if (this.response.headersSent) {
      // All that is left to tell whoever reads a stream is that it ends too early.
      this.response.destroy();
      return this.#answered();
    }
    const status = statusOf(error.code);
    this.send(status, { type: JSON_TYPE, body: errorBody(error) }, { ...headersOf(error, status), ...more });
  }

  #answered(): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    this.#host.answered(this);
  }

  #cutSlowReader(): void {
    const { response } = this;
    const timer = setTimeout(() => response.destroy(), SLOW_READER_MS);
    response.once("close", () => clearTimeout(timer));
  }
}

function headersOf({ code }: PackflowError, status: number): Headers {
  if (status === 401) return { "www-authenticate": "Bearer" };
  if (status === 503) return { "retry-after": 1 };
  // What is left of the body is not read: the connection cannot be used any more.
  if (status === 413 || status === 415 || code === "request.deadline") return { connection: "close" };
  return {};
}
